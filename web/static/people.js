// A field of names becomes chips with suggestions. Underneath stays the plain
// text that the server reads, "@elif, @jonas", so that it is the same form.
import { ask, calmly } from "./swap.js";

export function pickPeople() {
  for (const input of document.querySelectorAll("input[data-people]")) picker(input);
  for (const input of document.querySelectorAll("input[list][data-find]")) if (input.dataset.find) lookUp(input);
}

/**
 * Fills the list of a plain field with whom our server finds for what is typed.
 * @param {HTMLInputElement} input
 */
function lookUp(input) {
  input.addEventListener("input", calmly(250, async () => {
    const want = input.value.trim().replace(/^@/, "");
    if (want.length < 2) return;
    try {
      input.list?.replaceChildren(...(await ask(`${input.dataset.find}?q=${encodeURIComponent(want)}`)).querySelectorAll("option"));
    } catch {
      // The handle can be written in full.
    }
  }));
}

/** @param {HTMLInputElement} input */
function picker(input) {
  const known = document.getElementById(input.dataset.people);
  const people = new Map(); // "@handle" -> "Name, Place"
  const learn = (options) => {
    for (const o of options) people.set(o.value, o.getAttribute("label") ?? o.value);
  };
  learn(known?.options ?? known?.querySelectorAll("option") ?? []);

  const value = document.createElement("input"); // what is sent
  value.type = "hidden";
  value.name = input.name;
  value.value = input.value;
  value.dataset.picked = "";
  input.removeAttribute("name");
  input.removeAttribute("list");

  const box = document.createElement("div");
  box.className = "picker";
  const chips = document.createElement("ul");
  chips.className = "chips";
  const list = document.createElement("ul");
  list.className = "found";
  list.id = `${input.id}-found`;
  list.role = "listbox";
  list.ariaLabel = input.dataset.suggestions ?? "";
  list.hidden = true;
  input.replaceWith(box);
  box.append(value, chips, input, list);
  Object.assign(input, { role: "combobox", ariaExpanded: "false", ariaAutoComplete: "list", autocomplete: "off" });
  input.setAttribute("aria-controls", list.id);

  let chosen = split(value.value);
  let at = -1;

  const changed = () => {
    value.value = chosen.join(", ");
    value.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const draw = () => {
    chips.replaceChildren(...chosen.map((entry) => {
      const chip = document.createElement("li");
      chip.className = "chip";
      const name = (people.get(entry) ?? entry).split(",")[0];
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.ariaLabel = (input.dataset.remove ?? "{name}").replace("{name}", name);
      remove.addEventListener("click", () => {
        chosen = chosen.filter((e) => e !== entry);
        draw();
        changed();
        input.focus();
      });
      chip.append(name, remove);
      return chip;
    }));
  };
  const add = (entry) => {
    entry = entry.trim();
    if (entry && !chosen.includes(entry)) chosen.push(entry);
    input.value = "";
    close();
    draw();
    changed();
  };
  const close = () => {
    list.hidden = true;
    at = -1;
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
  };
  const matches = () => {
    const wants = plain(input.value).replace(/^@/, "").split(/[ ,]+/);
    return [...people].filter(([handle, label]) => {
      const words = [handle.slice(1), ...plain(label).split(/[ ,]+/)];
      return !chosen.includes(handle) && wants.every((want) => words.some((word) => word.startsWith(want)));
    }).slice(0, 8);
  };
  const show = () => {
    if (input.value.trim() === "") return close();
    const found = matches();
    list.replaceChildren(...found.map(([handle, label], i) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `${list.id}-${i}`;
      option.dataset.handle = handle;
      const [name, ...place] = label.split(", ");
      const where = document.createElement("span");
      where.textContent = [handle, ...place].join(", ");
      option.append(name, where);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        add(handle);
      });
      return option;
    }));
    list.hidden = found.length === 0;
    input.ariaExpanded = String(found.length > 0);
    mark(found.length > 0 ? 0 : -1);
  };
  const mark = (i) => {
    at = i;
    [...list.children].forEach((option, n) => { option.ariaSelected = String(n === i); });
    if (i >= 0) input.setAttribute("aria-activedescendant", list.children[i].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const find = calmly(250, async () => {
    const want = input.value.trim().replace(/^@/, "");
    if (!input.dataset.find || want.length < 2) return;
    try {
      learn((await ask(`${input.dataset.find}?q=${encodeURIComponent(want)}`)).querySelectorAll("option"));
      if (input.value.trim().replace(/^@/, "") === want) show();
    } catch {
      // What the page knows already is still suggested.
    }
  });

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // half a name is nothing to look up
    if (/[,;]/.test(input.value)) {
      for (const part of split(input.value)) add(part);
      return;
    }
    show();
    find();
  });
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "ArrowDown" && count) mark((at + 1) % count);
    else if (event.key === "ArrowUp" && count) mark((at + count - 1) % count);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && input.value.trim()) add(at >= 0 ? list.children[at].dataset.handle : input.value);
    else if (event.key === "Escape" && count) close();
    else if (event.key === "Backspace" && input.value === "" && chosen.length) {
      chosen.pop();
      draw();
      changed();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault(); // it adds a name, it never sends the form
  });
  input.addEventListener("blur", () => {
    if (input.value.trim()) add(at >= 0 && !list.hidden ? list.children[at].dataset.handle : input.value);
    close();
  });
  value.addEventListener("rubato:filled", () => {
    chosen = split(value.value);
    draw();
  });

  input.value = "";
  draw();
}

const split = (text) => text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean);

/** Lower case without accents, so that "aydin" finds "Aydın". */
const plain = (text) => text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i");
