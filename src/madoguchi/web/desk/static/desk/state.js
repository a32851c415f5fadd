/**
 * Shows what the switchboard says of this desk, and nothing else: which state, since when, which buttons.
 *
 *   <div data-desk> … <button data-when="talking holding">
 *
 * A button that does not fit the state is disabled; one of the call's is hidden, so that a key has one meaning.
 */
import { count, clock } from "./timers.js";

const WORDS = {
  ja: {
    off: "退席", away: "離席", ready: "受付可", ringing: "着信中", talking: "通話中", holding: "保留中", wrap_up: "後処理",
    break: "休憩", work: "別業務", training: "研修", no_answer: "応答なし", unreachable: "電話機不通",
    idle: { ready: "着信を待っています。", away: "離席中です。受付可にすると着信します。", off: "退席しています。着席すると始められます。" },
    after: (reason) => `この通話のあと ${reason}`,
  },
  en: {
    off: "Signed out", away: "Away", ready: "Ready", ringing: "Ringing", talking: "Talking", holding: "On hold", wrap_up: "After-call work",
    break: "Break", work: "Other work", training: "Training", no_answer: "No answer", unreachable: "Telephone gone",
    idle: { ready: "Waiting for a call.", away: "You are away. Press Ready to take calls.", off: "You are signed out of the telephone." },
    after: (reason) => `After this call: ${reason}`,
  },
};
const words = document.documentElement.lang.startsWith("ja") ? WORDS.ja : WORDS.en;
const place = document.querySelector("[data-desk]");
const one = (selector) => document.querySelector(selector);

let shown = null;

function show(desk) {
  shown = desk;
  const { state, since, reason } = desk;
  place.dataset.state = state;
  const why = state === "away" && reason ? `${words.away}(${words[reason] ?? reason})` : words[state];
  one("[data-state-name]").textContent = why;
  count(one("[data-state-since]"), since);
  const after = one("[data-state-after]");
  after.hidden = !(reason && state !== "away");
  after.textContent = after.hidden ? "" : words.after(words[reason] ?? reason);
  document.title = state === "ringing" ? `● ${words.ringing}` : document.title.replace(/^● .*/, words[state]);
  showButtons(state);
  showFigures(desk);
  showCall();
}

function showButtons(state) {
  for (const button of document.querySelectorAll("[data-when]")) {
    const fits = button.dataset.when.split(" ").includes(state);
    button.disabled = !fits;
    if (button.closest(".actions") || button.value === "sign_in" || button.value === "sign_out") button.hidden = !fits;
    const pressed = (button.value === "ready" && state === "ready") || button.value === `away:${shown.reason}`;
    if (button.matches(".state-button")) button.setAttribute("aria-pressed", String(pressed));
  }
}

function showFigures({ waiting, today }) {
  one("[data-waiting]").textContent = waiting?.count ?? "–";
  count(one("[data-waiting-since]"), waiting?.oldest_arrived_at);
  one("[data-answered]").textContent = today?.answered ?? "–";
  one("[data-average]").textContent = today?.average_s == null ? "–" : clock(today.average_s).replace(/^0/, "");
}

/** The parts of the call's page that live: its state and its timer; on the idle page the one word. */
function showCall() {
  if (!shown) return;
  const page = one("[data-shown-call]");
  const mine = page && page.dataset.shownCall === shown.call?.id;
  if (page) {
    one("[data-band-state]").textContent = mine ? words[shown.state] : "";
    page.classList.toggle("shown-past", !mine);
    count(one("[data-band-since]"), mine ? shown.since : null);
  }
  const idle = one("[data-idle-word]");
  if (idle) idle.textContent = words.idle[shown.state] ?? "";
}

document.addEventListener("madoguchi:desk", ({ detail }) => show(detail));
document.addEventListener("htmx:afterSettle", showCall);
document.addEventListener("madoguchi:stream", ({ detail }) => place.classList.toggle("desk-stale", !detail.ok));
