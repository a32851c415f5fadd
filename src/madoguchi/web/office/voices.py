"""The two recorded voices of a call as one stereo sound: caller on the left, communicator on the right.

Asterisk keeps each voice as a mono WAV file of 16-bit samples. Nothing is mixed or written: a slice of
the stereo file is put together from the same slice of both voices when it is asked for, so that winding
works in a long call and the originals stay as they were recorded.
"""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

HEADER_BYTES = 44
SAMPLE_BYTES = 2
FRAME_BYTES = 2 * SAMPLE_BYTES
PIECE_BYTES = 1 << 16


class UnreadableRecording(Exception):
    """The file is not the mono 16-bit WAV that the switchboard records."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One mono voice on disk."""

    path: Path
    samples: int
    rate_hz: int

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a file's header; raise UnreadableRecording where it is not mono 16-bit WAV."""
        try:
            with wave.open(str(path), "rb") as file:
                if (file.getnchannels(), file.getsampwidth()) != (1, SAMPLE_BYTES):
                    raise UnreadableRecording(path.name)
                return cls(path, file.getnframes(), file.getframerate())
        except (wave.Error, EOFError) as error:
            raise UnreadableRecording(path.name) from error

    def read(self, first: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        """Return `count` samples from `first` on, silence after the end."""
        heard = np.zeros(count, dtype="<i2")
        within = max(0, min(count, self.samples - first))
        if within:
            with wave.open(str(self.path), "rb") as file:
                file.setpos(first)
                part = np.frombuffer(file.readframes(within), dtype="<i2")
            heard[: len(part)] = part
        return heard


@dataclass(frozen=True, slots=True)
class Conversation:
    """Both voices as one stereo WAV file that exists only while it is read."""

    caller: Voice
    agent: Voice

    @classmethod
    def open(cls, *, caller: Path, agent: Path) -> Self:
        """Join two voices; raise UnreadableRecording where they do not fit together."""
        voices = Voice.open(caller), Voice.open(agent)
        if voices[0].rate_hz != voices[1].rate_hz:
            raise UnreadableRecording(agent.name)
        return cls(*voices)

    @property
    def samples(self) -> int:
        """The length of the longer voice."""
        return max(self.caller.samples, self.agent.samples)

    @property
    def size(self) -> int:
        """The stereo file's length in bytes."""
        return HEADER_BYTES + self.samples * FRAME_BYTES

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to `stop`, a piece at a time."""
        while start < stop:
            upto = min(stop, start + PIECE_BYTES)
            yield self._piece(start, upto)
            start = upto

    def _piece(self, start: int, stop: int) -> bytes:
        head = self._header()[start:stop]
        low, high = max(start, HEADER_BYTES) - HEADER_BYTES, max(stop, HEADER_BYTES) - HEADER_BYTES
        if low == high:
            return head
        first, last = low // FRAME_BYTES, -(-high // FRAME_BYTES)
        frames = np.column_stack([voice.read(first, last - first) for voice in (self.caller, self.agent)])
        offset = first * FRAME_BYTES
        return head + frames.tobytes()[low - offset : high - offset]

    def _header(self) -> bytes:
        sound, rate = self.samples * FRAME_BYTES, self.caller.rate_hz
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            *(b"RIFF", sound + HEADER_BYTES - 8, b"WAVE"),
            *(b"fmt ", 16, 1, 2, rate, rate * FRAME_BYTES, FRAME_BYTES, 8 * SAMPLE_BYTES),
            *(b"data", sound),
        )


@dataclass(frozen=True, slots=True)
class OneFile:
    """A single recorded voice as it lies on disk."""

    path: Path

    @property
    def size(self) -> int:
        """The file's length in bytes."""
        return self.path.stat().st_size

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to `stop`, a piece at a time."""
        with self.path.open("rb") as file:
            file.seek(start)
            while start < stop and (piece := file.read(min(PIECE_BYTES, stop - start))):
                start += len(piece)
                yield piece


Recording = Conversation | OneFile
