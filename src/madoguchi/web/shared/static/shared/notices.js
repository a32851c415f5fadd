/**
 * Says refusals of the server in the corner of the page, so that a failed request is never silent.
 *
 *   <div class="notices" role="status" data-notices></div>
 *
 * Others say something by `notify(text)` or by dispatching `madoguchi:notice` with `{ text, alarm }`.
 */
const STAY_MS = 8000;

export function notify(text, { alarm = false } = {}) {
  const place = document.querySelector("[data-notices]");
  if (!place || !text) return;
  const line = document.createElement("p");
  line.className = alarm ? "notice notice-alarm" : "notice";
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), STAY_MS);
}

/** The sentence of a refusal as the server sends it: `{"refusal": {"code", "text", "field"}}`. */
export function refusalText(body) {
  try {
    return JSON.parse(body).refusal.text;
  } catch {
    return "";
  }
}

document.addEventListener("madoguchi:notice", (event) => notify(event.detail.text, event.detail));
document.addEventListener("htmx:responseError", ({ detail }) => {
  notify(refusalText(detail.xhr.responseText) || `${detail.xhr.status} ${detail.xhr.statusText}`, { alarm: true });
});
document.addEventListener("htmx:sendError", () => {
  const japanese = document.documentElement.lang.startsWith("ja");
  notify(japanese ? "サーバーに届きませんでした。入力はこの画面に残っています。" : "The server was not reached. What you typed is still here.", {
    alarm: true,
  });
});
