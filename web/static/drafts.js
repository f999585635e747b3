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
  write(name, copy) {
    try {
      localStorage.setItem(prefix + name, JSON.stringify(copy));
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

/** Clears what was sent for sure, and everything when somebody signs out. */
export function forgetWords() {
  const [arrived] = performance.getEntriesByType("navigation");
  // After a form was taken the server redirects, or shows the receipt.
  if (arrived?.redirectCount > 0 || document.querySelector("[data-sent]")) {
    for (const name of store.names()) {
      if (store.read(name)?.sent) store.drop(name);
    }
  }
  document.querySelector("form[data-forget]")?.addEventListener("submit", () => {
    for (const name of store.names()) store.drop(name);
  });
}

export function keepWords() {
  for (const form of document.querySelectorAll("form[data-draft-local]")) keepLocal(form);
  const form = document.querySelector("form[data-draft-url]");
  if (form) keepDraft(form);
}

/** What a form holds, as it is kept and compared. */
const words = (form) => [...fields(form)].filter(([name]) => name !== "save" && name !== "draft");

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
    if (filled(list)) store.write(name, { at: Date.now(), fields: list });
    else store.drop(name);
  });
  form.addEventListener("submit", () => store.write(name, { at: Date.now(), fields: words(form), sent: true }));
}

function keepDraft(form) {
  const failed = form.querySelector("[data-draft-failed]");
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
      failed.hidden = true;
      if (at === count) store.drop(nameOf());
    } catch {
      failed.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(save, again);
      return;
    } finally {
      saving = false;
    }
    if (at !== count) later();
  };
  const later = calmly(quiet, save);

  form.addEventListener("input", () => {
    count++;
    const list = words(form);
    if (filled(list)) store.write(nameOf(), { at: Date.now(), fields: list });
    later();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formAction && event.submitter.hasAttribute("formaction")) return; // a look or a save, not the sending
    clearTimeout(timer);
    store.write(nameOf(), { at: Date.now(), fields: words(form), sent: true });
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
  found.hidden = false;
  found.querySelector("[data-draft-restore]").addEventListener("click", () => {
    found.hidden = true;
    restore(form, newest.copy.fields);
    if (newest.name !== `${owner()}.draft.${form.dataset.draft}`) store.drop(newest.name);
  });
  found.querySelector("[data-draft-drop]").addEventListener("click", () => {
    found.hidden = true;
    store.drop(newest.name);
  });
}
