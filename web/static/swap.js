// The one place where text becomes elements. It owns the Trusted Types policy
// "rubato", which takes nothing but answers of our own server that this module
// has fetched itself.

const policy = window.trustedTypes
  ? window.trustedTypes.createPolicy("rubato", { createHTML: (text) => text })
  : { createHTML: (text) => text };

/**
 * Sends a request to our own server and returns its answer as a document that
 * does nothing: no script in it runs. Throws on a failed or foreign answer.
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Document>}
 */
export async function ask(path, options = {}) {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) throw new Error("not our server");
  const answer = await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
  if (!answer.ok) throw new Error(`answered ${answer.status}`, { cause: answer.status });
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error("not a page");
  return new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
}

/**
 * Sends a form with files to our own server as ask does, and tells how much of
 * it has gone, from 0 to 1.
 * @param {string} path
 * @param {FormData} body
 * @param {{progress: (part: number) => void, signal: AbortSignal}} options
 * @returns {Promise<Document>}
 */
export function upload(path, body, { progress, signal }) {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) throw new Error("not our server");
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    const failed = () => reject(new Error(`answered ${request.status}`));
    request.open("POST", url);
    request.upload.addEventListener("progress", (event) => progress(event.total ? event.loaded / event.total : 0));
    request.addEventListener("error", failed);
    request.addEventListener("abort", failed);
    request.addEventListener("load", () => {
      const page = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
      if (request.status !== 200 || request.responseURL !== url.href || !page) return failed();
      resolve(new DOMParser().parseFromString(policy.createHTML(request.responseText), "text/html"));
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/**
 * Puts the marked parts of an answer in the place of those that the page has
 * under the same id. A part that did not change is left alone, so that nothing
 * is read out twice; one that holds the cursor is left alone, too.
 * @param {Document} answer
 * @returns {string[]} ids of the parts that the answer had
 */
export function swap(answer) {
  const seen = [];
  for (const part of answer.querySelectorAll("[data-part][id]")) {
    const old = document.getElementById(part.id);
    if (!old) continue;
    seen.push(part.id);
    if (old.isEqualNode(part) || old.contains(document.activeElement)) continue;
    old.replaceWith(document.importNode(part, true));
  }
  return seen;
}

/**
 * The fields of a form as the server reads them, without files and without the
 * key that is for sending it once.
 * @param {HTMLFormElement} form
 * @returns {URLSearchParams}
 */
export function fields(form) {
  const out = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "key") out.append(name, value);
  }
  return out;
}

/**
 * Calls fn once things have been quiet for a while.
 * @param {number} ms
 * @param {() => void} fn
 * @returns {() => void}
 */
export function calmly(ms, fn) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(fn, ms);
  };
}
