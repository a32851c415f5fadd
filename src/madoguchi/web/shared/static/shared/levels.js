/**
 * How loud both sides are, ten times a second, for a meter.
 *
 *   const levels = new Levels(({ mine, theirs }) => …);  // 0 (silence) to 1
 *   levels.start(microphoneStream, remoteStream); levels.stop();
 */
const EVERY_MS = 100;
const SILENCE_DB = -60;

export class Levels {
  #onLevel;
  #context = null;
  #timer = null;

  constructor(onLevel) {
    this.#onLevel = onLevel;
  }

  start(mine, theirs) {
    if (!this.#onLevel) return;
    this.stop();
    this.#context = new AudioContext();
    const ears = [mine, theirs].map((stream) => this.#analyser(stream));
    this.#timer = setInterval(() => this.#onLevel({ mine: loudness(ears[0]), theirs: loudness(ears[1]) }), EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#context?.close();
    this.#context = null;
  }

  #analyser(stream) {
    if (!stream?.getAudioTracks().length) return null;
    const analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#context.createMediaStreamSource(stream).connect(analyser);
    return analyser;
  }
}

function loudness(analyser) {
  if (!analyser) return 0;
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const db = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / SILENCE_DB));
}
