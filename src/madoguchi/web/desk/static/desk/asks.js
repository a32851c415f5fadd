/**
 * Asks the switchboard by the state buttons: a press is shown as pending until the stream confirms it.
 *
 *   <form action="/desk/state/" data-asks><button name="verb" value="away:break">
 *
 * A wish made while the last one's answer is still on its way waits for it, and is made then if its button
 * still fits. A refusal is said as a sentence. While the stream is lost, hanging up goes to the telephone directly:
 * `madoguchi:hang-up` on `document`.
 */
import { notify, refusalText } from "../shared/notices.js";

const PATIENCE_MS = 6_000;
const japanese = document.documentElement.lang.startsWith("ja");
const SLOW = japanese
  ? "交換台からまだ返事がありません。届きしだい実行されます。"
  : "The switchboard has not answered yet. It will be done as soon as it does.";
const UNREACHED = japanese ? "サーバーに届きませんでした。もう一度押してください。" : "The server was not reached. Press again.";

let desk = null;
let pending = null;
let next = null;
let live = true;

function settle() {
  clearTimeout(pending?.timer);
  pending?.button.removeAttribute("data-pending");
  pending = null;
  const button = next;
  next = null;
  // After the page has shown the new state: only a button that fits it is pressed.
  if (button) setTimeout(() => { if (!button.disabled && !button.hidden) button.form.requestSubmit(button); });
}

function wait(button, request) {
  pending = { button, request, timer: setTimeout(() => { notify(SLOW); settle(); }, PATIENCE_MS) };
}

/** Send one wish; the answer comes by the stream. Returns whether the server took it. */
export async function ask(form, value, button) {
  const [verb, reason] = value.split(":");
  const body = new URLSearchParams({ verb, csrfmiddlewaretoken: document.body.dataset.csrf });
  if (reason) body.set("reason", reason);
  if (desk?.call) body.set("call", desk.call.id);
  button?.setAttribute("data-pending", "");
  if (button) wait(button, null);
  try {
    const answer = await fetch(form, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(refusalText(await answer.text()) || UNREACHED);
    const { request } = await answer.json();
    if (pending && pending.button === button) pending.request = request;
    answered();
    return true;
  } catch (error) {
    settle();
    notify(error instanceof TypeError ? UNREACHED : error.message, { alarm: true });
    return false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-asks]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  if (pending) {
    if (pending.button !== event.submitter) next = event.submitter;
    return;
  }
  if ((!live || desk?.switchboard_in_charge === false) && event.submitter.value === "hang_up") document.dispatchEvent(new CustomEvent("madoguchi:hang-up"));
  ask(form.action, event.submitter.value, event.submitter);
});

/** Look whether the pending wish has been dealt with, and say why when it was refused. */
function answered() {
  const answer = desk?.answer;
  if (!pending?.request || !answer || answer.request < pending.request) return;
  if (answer.request === pending.request && desk.refused) notify(desk.refused, { alarm: true });
  settle();
}

document.addEventListener("madoguchi:desk", ({ detail }) => {
  desk = detail;
  answered();
});
document.addEventListener("madoguchi:stream", ({ detail }) => { live = detail.ok; });
