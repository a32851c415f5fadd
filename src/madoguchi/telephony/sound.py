"""Sound as numbers: change the rate, write the two forms that Asterisk plays without work, compose the music.

Samples are floats from -1 to 1. Every sound is kept twice: as `.ulaw` at 8 kHz, sent to trunk callers as
it is, so that a thousand waiting callers cost no transcoding; and as `.sln16` at 16 kHz for browsers.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

NARROW_HZ = 8_000
WIDE_HZ = 16_000
SOURCE_HZ = 48_000
"""What the voice speaks and the music is composed at; a whole multiple of both."""
LOUDEST = 0.5
"""-6 dBFS: room before the telephone network's own limiters."""


def write(stem: Path, samples: Samples) -> None:
    """Write 48 kHz `samples` to `stem`.ulaw and `stem`.sln16, each whole or not at all."""
    narrow = to_int16(lower_rate(samples, SOURCE_HZ // NARROW_HZ))
    wide = to_int16(lower_rate(samples, SOURCE_HZ // WIDE_HZ))
    write_whole(stem.with_suffix(".sln16"), wide.astype("<i2").tobytes())
    write_whole(stem.with_suffix(".ulaw"), to_ulaw(narrow).tobytes())


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a power cut, sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def level(samples: Samples) -> Samples:
    """Return the sound with its loudest moment at `LOUDEST`; silence stays silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * (LOUDEST / peak) if peak > 0 else samples


def lower_rate(samples: Samples, factor: int) -> Samples:
    """Return every `factor`-th sample after a low-pass (windowed sinc) that keeps aliases out."""
    taps = 32 * factor + 1
    offsets = np.arange(taps) - taps // 2
    kernel = np.sinc(0.9 * offsets / factor) * np.blackman(taps)
    filtered = np.convolve(samples, kernel / kernel.sum(), mode="same")
    return np.asarray(filtered[::factor], dtype=np.float64)


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Return 16 bit samples, clipped."""
    return np.asarray(np.clip(np.rint(samples * 32767), -32768, 32767), dtype=np.int16)


def to_ulaw(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Return G.711 μ-law (ITU-T G.711 table 2; bias 132 of the 14 bit law on a 16 bit scale)."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, dtype=np.uint8)


# ---------------------------------------------------------------- music of our own

WAITING_NOTES: tuple[int, ...] = (60, 64, 67, 72, 69, 64, 57, 60, 65, 69, 72, 65, 67, 71, 74, 67)
"""MIDI notes, broken chords C Am F G: for callers in the queue."""
HOLD_NOTES: tuple[int, ...] = (62, 69, 66, 69, 59, 66, 62, 66, 67, 71, 74, 71, 69, 64, 61, 64)
"""Broken chords D Bm G A: for callers on hold."""
NOTE_S = 0.45
REPEATS = 3


def compose(notes: tuple[int, ...]) -> Samples:
    """Return a calm piece: soft decaying tones, quiet enough to listen for a voice."""
    step = round(NOTE_S * SOURCE_HZ)
    ring = 4 * step
    piece = np.zeros(step * len(notes) * REPEATS + ring)
    time = np.arange(ring) / SOURCE_HZ
    for position, note in enumerate(notes * REPEATS):
        pitch = 440.0 * 2 ** ((note - 69) / 12)
        envelope = np.minimum(time / 0.02, 1.0) * np.exp(-2.2 * time)
        tone = np.sin(2 * np.pi * pitch * time) + 0.3 * np.sin(4 * np.pi * pitch * time)
        piece[position * step : position * step + ring] += tone * envelope
    return 0.4 * level(piece)


def compose_missing(folder: Path) -> None:
    """Write the music below `folder` (`waiting/`, `hold/`) where it is not there yet."""
    for name, notes in (("waiting", WAITING_NOTES), ("hold", HOLD_NOTES)):
        stem = folder / name / name
        if not (stem.with_suffix(".ulaw").exists() and stem.with_suffix(".sln16").exists()):
            write(stem, compose(notes))
