// Nothing typed is ever lost. What is written is saved as a draft while one
// types; until the server has said so, this browser keeps a copy. Answers and
// comments, which have no draft, are kept here alone until they are sent.
import { ask, calmly, fields, swap } from "./swap.js";

const prefix = "rubato.words.";
const quiet = 1200; // ms without typing before a draft is saved
const again = 10_000; // ms until a failed save is tried again

const store = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(prefix + name));
    } catch {
      return null;
    }
  },
  write(name, list) {
    try {
      localStorage.setItem(prefix + name, JSON.stringify({ at: Date.now(), path: location.pathname + location.search, fields: list }));
    } catch {
      // Storage is off or full: the server's draft is what there is.
    }
  },
  drop(name) {
    try {
      localStorage.removeItem(prefix + name);
    } catch {
      // As above.
    }
  },
  names() {
    try {
      return Object.keys(localStorage).filter((k) => k.startsWith(prefix)).map((k) => k.slice(prefix.length));
    } catch {
      return [];
    }
  },
};

/** Whose words they are: another person on the same browser never sees them. */
const owner = () => document.body.dataset.me ?? "";

const leaving = "rubato.sending"; // what this tab is sending, until its next page

/**
 * Clears what the server has for sure, and everything when somebody signs out.
 * A form was taken when the server led on, or showed the receipt; the page of a
 * fault, the door, and a page gone back to say that it was not.
 */
export function forgetWords() {
  const name = sessionStorage.getItem(leaving);
  sessionStorage.removeItem(leaving);
  const [arrived] = performance.getEntriesByType("navigation");
  const led = arrived?.redirectCount > 0 && arrived.type === "navigate";
  if (name && owner() && (led || document.querySelector("[data-sent]"))) store.drop(name);
  document.querySelector("form[data-forget]")?.addEventListener("submit", () => {
    for (const name of store.names()) store.drop(name);
  });
  comeBack();
}

/** At the door: leads back to where the newest words were typed. */
function comeBack() {
  const back = document.querySelector("[data-come-back]") && document.querySelectorAll("form [name=back]");
  const [newest] = store.names().map((name) => store.read(name)).filter((copy) => copy?.path).sort((a, b) => b.at - a.at);
  if (back && newest) for (const field of back) field.value = newest.path;
}

/** Says that this form is on its way. */
function sending(name, list) {
  store.write(name, list);
  try {
    sessionStorage.setItem(leaving, name);
  } catch {
    // Then the copy stays, and is offered once more than needed.
  }
}

export function keepWords() {
  for (const form of document.querySelectorAll("form[data-draft-local]")) keepLocal(form);
  const form = document.querySelector("form[data-draft-url]");
  if (form) keepDraft(form);
}

/** What a form holds, as it is kept and compared. */
const words = (form) => [...fields(form)].filter(([name]) => name !== "save" && name !== "draft" && name !== "source");

const filled = (list) => list.some(([name, value]) => ["point", "context", "text", "reason", "what", "stake"].includes(name) && value.trim() !== "");

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Puts kept words back into a form, and tells the fields that draw themselves. */
function restore(form, list) {
  for (const [name, value] of list) {
    const [field, ...more] = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    if (!field || field.type === "file" || (field.type === "hidden" && !("picked" in field.dataset))) continue;
    if (field.type === "radio") {
      for (const one of [field, ...more]) one.checked = one.value === value;
      continue;
    }
    if (field.type === "checkbox") continue; // a tick is an act of its own
    field.value = value;
    field.dispatchEvent(new Event("rubato:filled"));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function keepLocal(form) {
  const name = `${owner()}.${form.dataset.draftLocal}`;
  const copy = store.read(name);
  if (copy && !filled(words(form))) restore(form, copy.fields);
  form.addEventListener("input", () => {
    const list = words(form);
    if (filled(list)) store.write(name, list);
    else store.drop(name);
  });
  form.addEventListener("submit", () => sending(name, words(form)));
}

function keepDraft(form) {
  const failed = form.querySelector("[data-draft-failed]");
  const out = form.querySelector("[data-draft-out]");
  const nameOf = () => `${owner()}.draft.${form.dataset.draft}`;
  let count = 0; // of changes; a save that is older than the newest does not clear the copy
  let saving = false;
  let timer = 0;

  const save = async () => {
    if (saving || !filled(words(form)) && !form.querySelector("[data-file]")) return;
    saving = true;
    const at = count;
    try {
      const seen = swap(await ask(form.dataset.draftUrl, { method: "POST", body: fields(form) }));
      if (!seen.includes("draft-state")) throw new Error("not said to be saved");
      failed.hidden = out.hidden = true;
      if (at === count) store.drop(nameOf());
      called();
    } catch (error) {
      const away = error.cause === 401;
      out.hidden = !away;
      failed.hidden = away;
      since();
      clearTimeout(timer);
      timer = setTimeout(save, again);
      return;
    } finally {
      saving = false;
    }
    if (at !== count) later();
  };
  // The draft may have got a name of its own; its address is where the text is
  // found again, also by the button that goes back.
  const called = () => {
    const id = document.getElementById("draft-state").dataset.keptAs;
    if (id !== form.dataset.draft) {
      store.drop(nameOf());
      form.dataset.draftUrl = form.dataset.draftUrl.replace(form.dataset.draft, id);
      form.elements.draft.value = form.dataset.draft = id;
    }
    if (location.pathname === "/write") history.replaceState(null, "", `/write?draft=${id}`);
  };
  /** Since when it is not saved: the time of the last save that the page knows. */
  const since = () => {
    const known = document.querySelector("#draft-state time")?.textContent;
    failed.querySelector("[data-never]").hidden = Boolean(known);
    failed.querySelector("[data-since]").hidden = !known;
    if (known) failed.querySelector("[data-slot]").textContent = known;
  };
  const later = calmly(quiet, save);

  form.addEventListener("input", () => {
    count++;
    const list = words(form);
    if (filled(list)) store.write(nameOf(), list);
    later();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formAction && event.submitter.hasAttribute("formaction")) return; // a look or a save, not the sending
    clearTimeout(timer);
    sending(nameOf(), words(form));
  });
  addEventListener("online", save);
  offer(form);
}

/** Shows that this browser kept words that the page does not have. */
function offer(form) {
  const found = form.querySelector("[data-draft-found]");
  const newest = store.names()
    .filter((name) => name.startsWith(`${owner()}.draft.`))
    .map((name) => ({ name, copy: store.read(name) }))
    .filter(({ copy }) => copy?.fields && filled(copy.fields) && !same(copy.fields, words(form)))
    .sort((a, b) => b.copy.at - a.copy.at)[0];
  if (!found || !newest) return;
  if (newest.name === `${owner()}.draft.${form.dataset.draft}`) {
    restore(form, newest.copy.fields); // this very draft, a little further
    return;
  }
  found.hidden = false;
  found.querySelector("[data-draft-restore]").addEventListener("click", () => {
    found.hidden = true;
    restore(form, newest.copy.fields);
    store.drop(newest.name);
  });
  found.querySelector("[data-draft-drop]").addEventListener("click", () => {
    found.hidden = true;
    store.drop(newest.name);
  });
}
