"""Two recorded voices become one stereo sound, any slice of it."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.web.office.voices import PIECE_BYTES, Conversation, OneFile, UnreadableRecording


def _voice(path: Path, samples: list[int], *, rate: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.array(samples, dtype="<i2").tobytes())
    return path


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    return Conversation.open(
        caller=_voice(tmp_path / "caller.wav", [1, 2, 3, 4, 5]),
        agent=_voice(tmp_path / "agent.wav", [10, 20, 30]),
    )


def test_the_caller_is_left_the_communicator_right_and_the_shorter_voice_ends_in_silence(
    conversation: Conversation,
) -> None:
    whole = b"".join(conversation.pieces(0, conversation.size))
    with wave.open(io.BytesIO(whole), "rb") as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (2, 8000, 5)
        frames = np.frombuffer(sound.readframes(5), dtype="<i2").reshape(-1, 2)
    assert frames.tolist() == [[1, 10], [2, 20], [3, 30], [4, 0], [5, 0]]


def test_every_slice_equals_the_same_slice_of_the_whole(conversation: Conversation) -> None:
    whole = b"".join(conversation.pieces(0, conversation.size))
    assert len(whole) == conversation.size
    for start in range(conversation.size):
        for stop in range(start, conversation.size + 1):
            assert b"".join(conversation.pieces(start, stop)) == whole[start:stop]


@given(start=st.integers(0, 3 * PIECE_BYTES), length=st.integers(0, 3 * PIECE_BYTES))
def test_a_long_call_is_read_in_pieces(
    start: int, length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "long.wav"
    if not path.exists():
        _voice(path, list(range(30_000)) * 3)
    conversation = Conversation.open(caller=path, agent=path)
    stop = min(start + length, conversation.size)
    pieces = list(conversation.pieces(start, stop))
    assert sum(map(len, pieces)) == max(0, stop - start)
    assert all(len(piece) <= PIECE_BYTES for piece in pieces)


def test_a_single_voice_is_served_as_it_lies_on_disk(tmp_path: Path) -> None:
    path = _voice(tmp_path / "caller.wav", [1, 2, 3])
    voice = OneFile(path)
    assert b"".join(voice.pieces(0, voice.size)) == path.read_bytes()
    assert b"".join(voice.pieces(10, 20)) == path.read_bytes()[10:20]


def test_a_file_that_is_no_recording_is_named_as_unreadable(tmp_path: Path) -> None:
    good = _voice(tmp_path / "good.wav", [1])
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"not a sound")
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    stereo = _voice(tmp_path / "stereo.wav", [1, 2], channels=2)
    faster = _voice(tmp_path / "faster.wav", [1], rate=16000)
    for other in (broken, empty, stereo, faster):
        with pytest.raises(UnreadableRecording):
            Conversation.open(caller=good, agent=other)
