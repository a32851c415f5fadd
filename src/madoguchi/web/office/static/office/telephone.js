/**
 * The test telephone: calls a 0120 number as a customer would, with the browser as the telephone.
 *
 *   <div data-telephone>
 *     <form data-call><input name="number"><select name="caller">…</select><input name="own"></form>
 *     <button data-key="5">5</button> <button data-hang-up>…</button>
 *     <output data-state></output> <p data-trouble hidden></p> <progress data-level="mine"></progress>
 *     <button data-number="0120000123">…</button>
 *   </div>
 *   <script type="application/json" id="telephone">{"lines": […], "uri": "ws://…", "realm": "…", "words": {…}}</script>
 *
 * Enter in the number field calls; Escape hangs up; while talking the keys are sent down the line.
 */
import { Softphone } from "../shared/softphone.js";
import { RingTone } from "../shared/ring-tone.js";
import { ownLine } from "./own-line.js";

const KEYS = /^[0-9*#]$/;
const NEVER_FOUND = ["Not Found", "Address Incomplete", "Unavailable"];

class Telephone {
  #place;
  #setting = JSON.parse(document.getElementById("telephone").textContent);
  #words = this.#setting.words;
  #phone = null;
  #tone = new RingTone();
  #state = "lost";
  #since = 0;
  #ticking = null;
  #dialled = "";
  #deaf = false;

  constructor(place) {
    this.#place = place;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#find("[data-hang-up]").addEventListener("click", () => this.#phone?.hangUp());
    this.#form.elements.caller.addEventListener("change", () => this.#chooseCaller());
    place.addEventListener("click", (event) => this.#click(event));
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("pagehide", () => this.#phone?.stop());
    this.#chooseCaller();
    this.#show();
  }

  async start() {
    if (!this.#setting.lines.length) return;
    const line = await ownLine(this.#setting.lines);
    if (!line) {
      this.#trouble(this.#words.all_in_use);
      return;
    }
    this.#find("[data-line]").textContent = line.name.replace(/\D+/g, "");
    this.#phone = new Softphone({
      uri: this.#setting.uri,
      user: line.name,
      password: line.password,
      realm: this.#setting.realm,
      ringAloud: false,
      onState: (state, detail) => this.#changed(state, detail),
      onLevel: ({ mine, theirs }) => this.#levels(mine, theirs),
    });
    await this.#phone.start();
  }

  get #form() {
    return this.#find("[data-call]");
  }

  #find(selector) {
    return this.#place.querySelector(selector);
  }

  #changed(state, detail = {}) {
    if (state === "ringing" && detail.direction === "out") this.#tone.start();
    else this.#tone.stop();
    this.#deaf ||= detail.reason === "microphone";
    if (this.#deaf && state === "registered") return;
    if (state === "ended") this.#ended(detail);
    else if (state === "lost") this.#trouble(this.#words[`lost_${detail.reason}`] ?? this.#words.lost_connection);
    else if (this.#state !== "ended") this.#trouble("");
    if (state === "talking") this.#since = Date.now();
    this.#tick(state === "talking");
    const stays = state === "registered" && this.#state === "ended";
    if (!stays) this.#state = state;
    this.#show();
  }

  #ended({ cause, by }) {
    this.#levels(0, 0);
    if (by === "local" || cause === "Terminated" || cause === "Canceled") return;
    const known = this.#setting.numbers.includes(this.#dialled);
    if (!known && (NEVER_FOUND.includes(cause) || cause === "Rejected")) this.#trouble(this.#words.unknown_number);
    else if (cause === "Busy") this.#trouble(this.#words.busy);
    else this.#trouble(`${this.#words.not_connected} (${cause})`);
  }

  #tick(on) {
    clearInterval(this.#ticking);
    this.#ticking = on ? setInterval(() => this.#show(), 1000) : null;
  }

  #show() {
    const talk = this.#state === "talking" ? ` ${clock(Date.now() - this.#since)}` : "";
    this.#find("[data-state]").textContent = `${this.#words[this.#state]}${talk}`;
    this.#place.dataset.telephone = this.#state;
    const busy = this.#state === "ringing" || this.#state === "talking";
    this.#find("[data-start]").disabled = busy || !["registered", "ended"].includes(this.#state);
    this.#find("[data-hang-up]").disabled = !busy;
  }

  #trouble(sentence) {
    const place = this.#find("[data-trouble]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #levels(mine, theirs) {
    this.#find('[data-level="mine"]').value = mine;
    this.#find('[data-level="theirs"]').value = theirs;
  }

  #submit(event) {
    event.preventDefault();
    if (this.#find("[data-start]").disabled) return;
    const number = digits(this.#form.elements.number.value);
    if (!number) {
      this.#trouble(this.#words.no_number);
      this.#form.elements.number.focus();
      return;
    }
    this.#dialled = number;
    this.#trouble("");
    this.#phone.call(number, { from: this.#caller() });
  }

  #caller() {
    const { caller, own } = this.#form.elements;
    return caller.value === "own" ? digits(own.value).replace(/\D/g, "") : caller.value;
  }

  #chooseCaller() {
    this.#find("[data-own]").hidden = this.#form.elements.caller.value !== "own";
  }

  #click(event) {
    const key = event.target.closest("[data-key]")?.dataset.key;
    const number = event.target.closest("[data-number]")?.dataset.number;
    if (key) this.#press(key);
    if (number && !this.#phone?.busy) this.#form.elements.number.value = number;
  }

  #press(key) {
    if (this.#state === "talking") this.#phone.dtmf(key);
    else this.#form.elements.number.value += key;
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.#phone?.hangUp();
    else if (KEYS.test(event.key) && !event.target.closest("input, select, textarea")) this.#press(event.key);
  }
}

/** Digits, full-width ones too, and the two other keys of a telephone. */
function digits(text) {
  return text.normalize("NFKC").replace(/[^0-9*#]/g, "");
}

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

const place = document.querySelector("[data-telephone]");
if (place) new Telephone(place).start();
