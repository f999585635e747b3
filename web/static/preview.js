// While somebody writes: when each reader will have it, beside the text. The
// newest question aborts the ones before it.
import { ask, calmly, fields, swap } from "./swap.js";

const quiet = 400; // ms

export function preview() {
  const form = document.querySelector("form[data-preview]");
  if (!form) return;
  let running = null;
  const look = calmly(quiet, async () => {
    running?.abort();
    running = new AbortController();
    try {
      swap(await ask(form.dataset.preview, { method: "POST", body: fields(form), signal: running.signal }));
    } catch {
      // The button below asks the same in full; the text is not touched.
    }
  });
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("click", (event) => take(form, event));
}

/** A suggestion is taken in place: its kind and term are chosen, the rest stays. */
function take(form, event) {
  const button = event.target.closest?.("[data-take]");
  if (!button) return;
  event.preventDefault();
  const [kind, term] = button.value.split(".");
  for (const [name, value] of [["kind", kind], ["term", term]]) {
    const choice = value && form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    if (choice) choice.checked = true;
  }
  form.querySelector("input[name=kind]:checked")?.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
