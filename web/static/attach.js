// Files go up as soon as they are chosen, dropped on the form or pasted into
// its text. The form works the same without this: then they go with it. The
// list of what hangs on it always comes from the server.
import { ask, swap, upload } from "./swap.js";

export function attachFiles() {
  for (const field of document.querySelectorAll("[data-attach]")) desk(field);
}

/** @param {HTMLElement} field */
function desk(field) {
  const form = field.closest("form");
  const input = field.querySelector("input[type=file]");
  const onTheWay = field.querySelector("[data-on-the-way]");
  const status = field.querySelector("[data-says]");
  const queue = []; // what is still to go up, one after the other
  let running = false;
  let waiting = null; // the button that was pressed while files were on their way

  const sentence = (name, file) => (field.dataset[name] ?? "").replace("{name}", file.name);
  const say = (text) => { status.textContent = text; };
  const here = () => new Set([...field.querySelectorAll("[data-file]")].map((li) => li.dataset.file));

  const show = (answer) => {
    if (field.querySelector("[data-hanging]").contains(document.activeElement)) input.focus();
    swap(answer);
    form.dispatchEvent(new Event("input", { bubbles: true })); // a draft is kept for what hangs on it
  };

  const row = (file) => {
    const li = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const stop = button("×", sentence("stop", file));
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.ariaLabel = sentence("onItsWay", file);
    li.append(name, bar, stop);
    onTheWay.append(li);
    return { li, bar, stop };
  };

  const refuse = (job, text, again) => {
    const p = document.createElement("p");
    p.className = "hint is-error";
    p.textContent = text;
    const away = button("×", sentence("stop", job.file));
    away.addEventListener("click", () => { job.li.remove(); input.focus(); });
    job.li.replaceChildren(p);
    if (again) {
      const retry = button(field.dataset.again);
      retry.addEventListener("click", () => { job.li.remove(); add([job.file], job.into); input.focus(); });
      job.li.append(retry);
    }
    job.li.append(away);
    say(text);
    waiting = null; // what was to be sent is not whole
  };

  const add = (files, into) => {
    for (const file of files) {
      const job = { file, into, ...row(file), abort: new AbortController() };
      job.stop.addEventListener("click", () => {
        job.abort.abort();
        job.li.remove();
        input.focus();
      });
      if (file.size > Number(field.dataset.max)) {
        refuse(job, sentence("large", file), false);
        continue;
      }
      say(sentence("onItsWay", file));
      queue.push(job);
    }
    field.closest("details")?.setAttribute("open", "");
    run();
  };

  const run = async () => {
    if (running) return;
    running = true;
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (job.abort.signal.aborted) continue;
      await one(job);
    }
    running = false;
    if (waiting) {
      const pressed = waiting;
      waiting = null;
      form.requestSubmit(pressed);
    }
  };

  const one = async (job) => {
    const body = new FormData();
    body.append("files", job.file, job.file.name);
    const before = here();
    try {
      const answer = await upload(field.dataset.attach, body, { signal: job.abort.signal, progress: (part) => { job.bar.value = part; } });
      show(answer);
      const refused = answer.querySelector("[data-refused]");
      job.li.remove();
      if (refused) {
        say(refused.textContent.trim());
        waiting = null;
        return;
      }
      say(sentence("there", job.file));
      if (!job.into) return;
      for (const li of field.querySelectorAll("[data-picture]")) {
        if (!before.has(li.dataset.file)) put(li, job.into);
      }
    } catch {
      if (!job.abort.signal.aborted) refuse(job, sentence("broken", job.file), true);
    }
  };

  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = ""; // they are on their way: the form must not bring them again
  });

  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(files, event.target.closest("textarea"));
  });

  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("dropping", name === "dragover");
      if (name === "drop") add([...event.dataTransfer.files], event.target.closest?.("textarea"));
    });
  }

  field.addEventListener("click", async (event) => {
    const li = event.target.closest("[data-file]");
    if (event.target.closest("[data-put]")) {
      put(li, form.querySelector("textarea[name=context], textarea[name=text]"));
      return;
    }
    const off = event.target.closest("[data-take-off]");
    if (!off) return;
    try {
      show(await ask(off.dataset.takeOff, { method: "POST" }));
      say(sentence("off", { name: li.dataset.name }));
    } catch {
      // It still hangs there, and the list says so.
    }
  });

  form.addEventListener("submit", (event) => {
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
    say(field.dataset.wait);
  });
}

/** Writes the Markdown of an attached picture where the cursor stands. */
function put(li, area) {
  if (!area) return;
  const alt = li.dataset.name.replace(/\.[^.]*$/, "").replace(/[\[\]\\]/g, " ").trim();
  const before = area.value.slice(0, area.selectionStart);
  const gap = before === "" || before.endsWith("\n") ? "" : "\n\n";
  area.setRangeText(`${gap}![${alt}](${li.dataset.picture})\n`, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function button(text, label) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "btn btn-s btn-bare";
  b.textContent = text;
  if (label) b.ariaLabel = label;
  return b;
}
