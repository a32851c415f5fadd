/**
 * Joins the desk and the browser's telephone: registers at once, answers with F1, shows the line's state.
 *
 *   <script id="telephone" type="application/json">{"uri": …, "user": …, "password": …, "realm": …}</script>
 */
import { Softphone } from "../shared/softphone.js";
import { ask } from "./asks.js";
import { loss } from "./losses.js";

const japanese = document.documentElement.lang.startsWith("ja");
const WORDS = japanese
  ? { registering: "電話機をつないでいます", registered: "電話機 使えます", ringing: "電話機 着信中", talking: "電話機 通話中", ended: "電話機 切れました", lost: "電話機 つながっていません" }
  : { registering: "Connecting the telephone", registered: "Telephone ready", ringing: "Telephone ringing", talking: "Telephone in a call", ended: "Telephone put down", lost: "Telephone not connected" };

const GRACE_MS = 1_500;
const mute = document.querySelector("[data-mute]");
const asksAddress = document.querySelector("[data-asks]").action;
let losing = null;
let microphoneLost = false;

function onState(state, detail) {
  if (detail.reason === "microphone") {
    microphoneLost = true;
    loss("microphone", true);
    return;
  }
  document.querySelector("[data-phone-state]").textContent = WORDS[state];
  document.documentElement.dataset.phone = state;
  clearTimeout(losing);
  if (state === "lost") losing = setTimeout(() => loss("phone", true), GRACE_MS);
  else if (state !== "registering" && state !== "ended") loss("phone", false);
  if (state === "ended") mute.setAttribute("aria-pressed", "false");
}

function onLevel(levels) {
  for (const meter of document.querySelectorAll("[data-level]")) meter.value = levels[meter.dataset.level];
}

const phone = new Softphone({ ...JSON.parse(document.getElementById("telephone").textContent), onState, onLevel });

document.querySelector("[data-answer]").addEventListener("click", () => phone.answer());
document.addEventListener("madoguchi:hang-up", () => phone.hangUp());
mute.addEventListener("click", () => {
  const on = mute.getAttribute("aria-pressed") !== "true";
  mute.setAttribute("aria-pressed", String(on));
  phone.mute(on);
});
document.querySelector("[data-microphone]").addEventListener("click", async () => {
  microphoneLost = !(await phone.openMicrophone());
  loss("microphone", microphoneLost);
});
addEventListener("beforeunload", (event) => {
  if (phone.busy) event.preventDefault();
});

/** Coming to the desk is asked for once per page: whoever is signed out sits down. */
document.addEventListener("madoguchi:desk", ({ detail }) => { if (detail.state === "off") ask(asksAddress, "sign_in"); }, { once: true });
phone.start();
