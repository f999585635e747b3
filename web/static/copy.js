// A button that copies what stands elsewhere on the page.

export function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const says = button.firstChild?.textContent ?? "";
    button.addEventListener("click", async () => {
      const from = document.querySelector(button.dataset.copy);
      const text = (from?.value ?? from?.innerText ?? "").trim();
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        select(from); // no clipboard without https: what is marked can be copied by hand
        return;
      }
      if (button.firstChild) button.firstChild.textContent = button.dataset.copied;
      setTimeout(() => { if (button.firstChild) button.firstChild.textContent = says; }, 2000);
    });
  }
}

function select(el) {
  if (!el) return;
  if (el.select) {
    el.focus();
    el.select();
    return;
  }
  const range = document.createRange();
  range.selectNodeContents(el);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
