// Keyboard shortcuts. An element names its key in data-key; the key does what
// a click on the element does. Nothing happens while somebody types.

const typing = (el) => el?.closest?.("input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable]");

/** What has to be there for a key that is not on an element of its own. */
const needs = { j: "[data-item]", k: "[data-item]", "alt+digit": "input[name=kind]", enter: "[autofocus]" };

export function listenForKeys() {
  for (const line of document.querySelectorAll("[data-shows]")) { // a key that is shown works
    const key = line.dataset.shows;
    line.hidden = !document.querySelector(needs[key] ?? `[data-key="${CSS.escape(key)}"]`);
  }
  for (const button of document.querySelectorAll("[data-dialog]")) {
    button.addEventListener("click", () => document.getElementById(button.dataset.dialog)?.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) return kind(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(document.activeElement)) return document.activeElement.blur();
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") return step(event, event.key === "j" ? 1 : -1);
    press(event);
  });
}

/** Ctrl+Enter sends the form that one is in, or the page's only one. */
function send(event) {
  const form = event.target.closest?.("form") ?? document.querySelector("main form:has([data-key='mod+enter'])");
  const button = form?.querySelector("[data-key='mod+enter'], [type=submit]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

/** Alt and a digit choose what it is, also while typing. */
function kind(event) {
  const choice = document.querySelectorAll("input[name=kind]")[Number(event.code.slice(5)) - 1];
  if (!choice) return;
  event.preventDefault();
  choice.click();
  choice.focus();
}

const items = () => [...document.querySelectorAll("[data-item]")].filter((el) => el.checkVisibility?.() ?? true);

const current = () => document.activeElement?.closest?.("[data-item]");

/** j and k go from item to item. */
function step(event, by) {
  const all = items();
  if (all.length === 0) return;
  event.preventDefault();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Does what the element with this key does: first in the current item, then in the text, then around it. */
function press(event) {
  const selector = `[data-key="${CSS.escape(event.key)}"]`;
  for (const place of [current(), document.querySelector("main"), document]) {
    const el = place?.querySelector(selector);
    if (!el) continue;
    event.preventDefault();
    if (typing(el)) {
      el.focus();
      el.scrollIntoView({ block: "nearest" });
    } else {
      if (el.tagName === "SUMMARY") el.focus();
      el.click();
    }
    return;
  }
}
