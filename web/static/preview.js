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
}
