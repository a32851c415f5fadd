/**
 * Keeps what is typed: a moment after the last key, and at once when the page or the call is left.
 *
 *   <form data-order data-draft-url="/desk/calls/…/draft/"> … <span data-draft-state>
 *
 * When the server is not reached, the words stay on the page and it is tried again.
 */
const PAUSE_MS = 600;
const RETRY_MS = 3_000;
const japanese = document.documentElement.lang.startsWith("ja");
const KEPT = japanese ? "下書きを保存しました" : "Draft kept";
const NOT_KEPT = japanese ? "下書きを保存できません。入力はこの画面に残っています。" : "The draft is not kept yet. What you typed is still here.";

let timer = null;
let waiting = null;

const say = (form, text) => { const place = form.querySelector("[data-draft-state]"); if (place) place.textContent = text; };

async function keep(form, { last = false } = {}) {
  clearTimeout(timer);
  waiting = null;
  if (form.dataset.saving !== undefined || !form.isConnected) return;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
    if (answer.ok) say(form, KEPT);
    else say(form, (await answer.json()).refusal.text);
  } catch {
    say(form, NOT_KEPT);
    if (!last) later(form, RETRY_MS);
  }
}

function later(form, pause_ms) {
  waiting = form;
  clearTimeout(timer);
  timer = setTimeout(() => keep(form), pause_ms);
}

function now() {
  if (waiting) keep(waiting, { last: true });
}

for (const happening of ["input", "change", "madoguchi:lines"]) {
  document.addEventListener(happening, (event) => {
    const form = event.target.closest?.("[data-order]");
    if (form && !event.isComposing) later(form, PAUSE_MS);
  });
}
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.matches?.("[data-order]")) return;
  clearTimeout(timer);
  waiting = null;
  target.dataset.saving = "";
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!target.matches?.("[data-order]")) return;
  delete target.dataset.saving;
  if (!detail.successful) later(target, RETRY_MS);
});
document.addEventListener("madoguchi:leaving", now);
document.addEventListener("visibilitychange", () => document.hidden && now());
addEventListener("pagehide", now);
