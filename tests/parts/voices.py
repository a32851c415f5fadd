"""Spoken voices, and whether a recording holds them."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from madoguchi.telephony.prompts import Prompts, synthesise
from madoguchi.telephony.sound import SOURCE_HZ, to_int16

FRAME_S = 0.02

CALLER_WORDS = "もしもし、新聞の広告を見てお電話しました。青汁を二箱、注文したいのですが。"
AGENT_WORDS = "お電話ありがとうございます。みどり本舗でございます。ご注文を承ります。"


def as_ulaw(folder: Path, words: str) -> Path:
    """Speak words to raw mu-law, as a SIP caller sends them."""
    return Prompts(folder).speak(words).with_suffix(".ulaw")


def as_wav(path: Path, words: str) -> Path:
    """Speak words to a WAV file, as a browser's microphone hears them."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SOURCE_HZ)
        sound.writeframes(to_int16(synthesise(words)).tobytes())
    return path


def envelope(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Return loudness per 20 ms."""
    size = round(rate * FRAME_S)
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    return np.sqrt((whole**2).mean(axis=1))


def likeness(recording: Path, words: str) -> float:
    """Return how alike the loudness of a recording and of spoken words run, at the best shift: 1 is the same.

    The words are repeated by whoever speaks them, so their first three seconds are looked for.
    """
    with wave.open(str(recording)) as sound:
        rate = sound.getframerate()
        heard = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float64)
    spoken, there = envelope(synthesise(words), SOURCE_HZ), envelope(heard, rate)
    size = round(3.0 / FRAME_S)
    piece = spoken[:size] - spoken[:size].mean()
    best = 0.0
    for start in range(max(0, len(there) - size)):
        window = there[start : start + size] - there[start : start + size].mean()
        scale = float(np.linalg.norm(piece) * np.linalg.norm(window))
        best = max(best, float(piece @ window) / scale if scale else 0.0)
    return best
