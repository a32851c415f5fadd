/**
 * A telephone's ring, made of two oscillators instead of a file: one second on, two seconds off, as in Japan.
 *
 *   const tone = new RingTone(); tone.start(); tone.stop();
 *
 * Browsers keep audio silent until the person has touched the page once; the context wakes at that touch.
 */
const PITCH_HZ = 400;
const TREMOLO_HZ = 16;
const ON_S = 1;
const PERIOD_S = 3;
const LOUDNESS = 0.18;
const LONGEST_S = 120;

export class RingTone {
  #context = null;
  #playing = null;

  constructor() {
    const wake = () => this.#open().resume();
    addEventListener("pointerdown", wake, { once: true });
    addEventListener("keydown", wake, { once: true });
  }

  start() {
    if (this.#playing) return;
    const context = this.#open();
    const loud = new GainNode(context, { gain: 0 });
    const pitch = new OscillatorNode(context, { frequency: PITCH_HZ });
    const tremolo = new OscillatorNode(context, { frequency: TREMOLO_HZ });
    const depth = new GainNode(context, { gain: 0.5 });
    const shaped = new GainNode(context, { gain: 0.5 });
    tremolo.connect(depth).connect(shaped.gain);
    pitch.connect(shaped).connect(loud).connect(context.destination);
    for (let at = context.currentTime; at < context.currentTime + LONGEST_S; at += PERIOD_S) {
      loud.gain.setTargetAtTime(LOUDNESS, at, 0.01);
      loud.gain.setTargetAtTime(0, at + ON_S, 0.02);
    }
    pitch.start();
    tremolo.start();
    this.#playing = [pitch, tremolo];
  }

  stop() {
    this.#playing?.forEach((oscillator) => oscillator.stop());
    this.#playing = null;
  }

  #open() {
    this.#context ??= new AudioContext();
    return this.#context;
  }
}
