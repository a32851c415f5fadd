"""Spoken Japanese, made once and kept: the hash of a sentence names its sound files.

The voice is Open JTalk's with the HTS voice "Mei" (MMDAgent, CC BY 3.0), both in the pyopenjtalk-plus
wheel: nothing is fetched.
"""

from __future__ import annotations

import hashlib
import importlib
import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from madoguchi.kernel.errors import Refusal

from . import sound

VOICE = "openjtalk-mei-1"
"""Part of every hash: a new voice, or a new way of writing, makes new files."""
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Prompts:
    """The folder of spoken sentences."""

    folder: Path

    def stem(self, text: str) -> Path:
        """Return the path without extension that the sentence has, spoken or not."""
        return self.folder / hashlib.sha256(f"{VOICE}\n{text}".encode()).hexdigest()[:32]

    def speak(self, text: str) -> Path:
        """Return the path (without extension) of the spoken sentence, speaking it if it is new.

        Raises `Refusal` for text with nothing to say. Takes up to two seconds for the first sentence of
        a process and a tenth of a second per short sentence after it: not for an event loop.
        """
        stem = self.stem(text)
        if not (stem.with_suffix(".ulaw").exists() and stem.with_suffix(".sln16").exists()):
            sound.write(stem, synthesise(text))
        return stem

    def media(self, text: str) -> str:
        """Return what ARI plays: `sound:` and the path of the spoken sentence."""
        return f"sound:{self.speak(text)}"


def synthesise(text: str) -> sound.Samples:
    """Return the sentence as 48 kHz samples; `Refusal` for empty, overlong, or unspeakable text."""
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise _unspeakable()
    # Imported by name and silenced: it takes over a second and prints advice, neither wanted at every start.
    with redirect_stdout(io.StringIO()):
        voice: Any = importlib.import_module("pyopenjtalk")
        spoken, rate = voice.tts(text)
    samples = np.asarray(spoken, dtype=np.float64)
    if rate != sound.SOURCE_HZ or not np.abs(samples).max(initial=0.0) > 0:
        raise _unspeakable()
    return sound.level(samples)


def _unspeakable() -> Refusal:
    return Refusal(
        "unspeakable",
        ja=f"読み上げる文を{LONGEST_TEXT}文字以内の日本語で入力してください。",
        en=f"Please give a sentence to speak, in Japanese, of at most {LONGEST_TEXT} characters.",
    )
