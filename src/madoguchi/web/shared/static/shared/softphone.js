/**
 * The browser as a telephone: SIP over WebSocket to Asterisk, audio by WebRTC (JsSIP underneath).
 *
 *   const phone = new Softphone({
 *     uri: "ws://127.0.0.1:8088/ws", user: "agent-7", password: "…", realm: "madoguchi",
 *     onState(state, detail) { … }, onLevel({ mine, theirs }) { … },
 *   });
 *   await phone.start();        // registers, and asks for the microphone once
 *   phone.answer(); phone.hangUp(); phone.mute(true); phone.dtmf("5");
 *   phone.call("0120000123", { from: "09012345678" });
 *   phone.stop();               // unregisters
 *
 * States: `registering`, `registered`, `ringing` (a call comes in, or goes out: `detail.direction`),
 * `talking`, `ended` (followed at once by `registered` or `lost`), `lost` (`detail.reason`: "connection",
 * "registration", "microphone"). JsSIP reconnects a lost socket by itself and registers again.
 *
 * Host candidates only: no STUN server is asked, and gathering never delays a call.
 */
import { JsSIP } from "../vendor/jssip.js";
import { Levels } from "./levels.js";
import { RingTone } from "./ring-tone.js";

const GATHERING_MS = 250;
const REGISTER_EXPIRES_S = 120;
const RECOVERY_S = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 8 };
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Softphone {
  #options;
  #agent;
  #session = null;
  #microphone = null;
  #audio = new Audio();
  #tone = new RingTone();
  #levels;

  constructor({ uri, user, password, realm, onState = () => {}, onLevel = null, ringAloud = true }) {
    this.#options = { uri, user, password, realm: realm || new URL(uri).hostname, onState, ringAloud };
    this.#levels = new Levels(onLevel);
    this.#audio.autoplay = true;
    this.state = "lost";
  }

  /** Register, and ask for the microphone so that the first answer is not delayed by the question. */
  async start() {
    const { uri, user, password, realm } = this.#options;
    this.#agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(uri)],
      uri: `sip:${user}@${realm}`,
      authorization_user: user,
      password,
      register: true,
      register_expires: REGISTER_EXPIRES_S,
      session_timers: false,
      user_agent: "Madoguchi",
      ...RECOVERY_S,
    });
    this.#listen();
    this.#tell("registering");
    this.#agent.start();
    await this.openMicrophone();
  }

  stop() {
    this.#agent?.stop();
    this.#microphone?.getTracks().forEach((track) => track.stop());
    this.#tone.stop();
    this.#levels.stop();
  }

  /** Ask for the microphone; a refusal is told as `lost` with the reason "microphone". */
  async openMicrophone() {
    try {
      this.#microphone ??= await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE, video: false });
      return true;
    } catch (error) {
      this.#tell("lost", { reason: "microphone", error: String(error) });
      return false;
    }
  }

  get busy() {
    return this.#session !== null;
  }

  /** Pick up the ringing call. Returns false when none rings or there is no microphone. */
  async answer() {
    const session = this.#session;
    if (!session || session.direction !== "incoming" || session.isEstablished()) return false;
    if (!(await this.openMicrophone())) return false;
    this.#tone.stop();
    session.answer(this.#media());
    return true;
  }

  hangUp() {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate();
  }

  mute(on) {
    if (!this.#session) return;
    if (on) this.#session.mute({ audio: true });
    else this.#session.unmute({ audio: true });
  }

  /** Press keys of the telephone: digits, `*`, `#`. */
  dtmf(keys) {
    this.#session?.sendDTMF(keys, { transportType: "RFC2833" });
  }

  /** Ring a number; `from` is the number to present, where Asterisk allows this telephone to choose it. */
  async call(number, { from = "" } = {}) {
    if (this.#session || !(await this.openMicrophone())) return false;
    const extraHeaders = from ? [`X-Madoguchi-From: ${from}`] : [];
    this.#agent.call(`sip:${number}@${this.#options.realm}`, { ...this.#media(), extraHeaders });
    return true;
  }

  #media() {
    return {
      mediaStream: this.#microphone,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
    };
  }

  #tell(state, detail = {}) {
    this.state = state;
    this.#options.onState(state, detail);
  }

  #listen() {
    const agent = this.#agent;
    agent.on("connecting", () => this.#idle("registering"));
    agent.on("disconnected", () => this.#idle("lost", { reason: "connection" }));
    agent.on("registered", () => this.#idle("registered"));
    agent.on("unregistered", () => this.#idle("lost", { reason: "registration" }));
    agent.on("registrationFailed", ({ cause }) => this.#idle("lost", { reason: "registration", cause }));
    agent.on("newRTCSession", ({ session, request }) => this.#take(session, request));
    addEventListener("online", () => agent.isConnected() && agent.register());
  }

  /** Tell a state of the line; while a call is on, only a loss is told, and the call's own state once it is mended. */
  #idle(state, detail = {}) {
    if (!this.#session || state === "lost") this.#tell(state, { ...detail, busy: this.busy });
    else if (state === "registered" && this.state === "lost") this.#tell(this.#session.isEstablished() ? "talking" : "ringing");
  }

  /** Take a new call. The switchboard never rings twice at once: if an earlier call is still here, its end is late. */
  #take(session, request) {
    const earlier = this.#session;
    this.#session = session;
    if (earlier && !earlier.isEnded()) earlier.terminate();
    const incoming = session.direction === "incoming";
    session.on("peerconnection", ({ peerconnection }) => this.#hear(peerconnection));
    if (session.connection) this.#hear(session.connection);
    session.on("icecandidate", ({ ready }) => setTimeout(ready, GATHERING_MS));
    const present = (tell) => (event) => this.#session === session && tell(event);
    session.on("confirmed", present(() => this.#talking()));
    session.on("ended", present((event) => this.#over(event)));
    session.on("failed", present((event) => this.#over(event)));
    this.#tell("ringing", {
      direction: incoming ? "in" : "out",
      number: session.remote_identity?.uri?.user ?? "",
      callId: (incoming && request.getHeader("X-Madoguchi-Call")) || "",
    });
    if (incoming && this.#options.ringAloud) this.#tone.start();
  }

  #hear(connection) {
    connection.addEventListener("track", ({ track, streams }) => {
      const stream = streams[0] ?? new MediaStream([track]);
      this.#audio.srcObject = stream;
      this.#audio.play().catch(() => {});
      this.#levels.start(this.#microphone, stream);
    });
  }

  #talking() {
    this.#tone.stop();
    this.#tell("talking");
  }

  #over({ cause, originator }) {
    this.#session = null;
    this.#tone.stop();
    this.#levels.stop();
    this.#audio.srcObject = null;
    this.#tell("ended", { cause, by: originator });
    if (this.#agent.isRegistered()) this.#tell("registered");
    else this.#tell("lost", { reason: "connection" });
  }
}
