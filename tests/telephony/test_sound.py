"""Spoken sentences and music: kept, whole, and in forms that Asterisk plays without work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from madoguchi.kernel.errors import Refusal
from madoguchi.telephony import sound, wording
from madoguchi.telephony.prompts import LONGEST_TEXT, Prompts


def tone(pitch: float, seconds: float = 0.5) -> sound.Samples:
    return np.asarray(
        np.sin(2 * np.pi * pitch * np.arange(round(seconds * sound.SOURCE_HZ)) / sound.SOURCE_HZ)
    )


def test_mu_law_agrees_with_the_standards_table() -> None:
    samples = np.array([0, 8, -8, 100, -100, 1000, -1000, 32767, -32768], dtype=np.int16)

    assert sound.to_ulaw(samples).tolist() == [0xFF, 0xFE, 0x7E, 0xF2, 0x72, 0xCE, 0x4E, 0x80, 0x00]


def test_a_lower_rate_keeps_the_voice_and_makes_no_aliases() -> None:
    voice, hiss = (sound.lower_rate(tone(pitch), 6)[200:-200] for pitch in (1000, 6500))

    assert np.sqrt(np.mean(voice**2)) == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert np.sqrt(np.mean(hiss**2)) < 0.005


def test_the_loudest_moment_leaves_headroom_and_silence_stays_silence() -> None:
    assert np.abs(sound.level(tone(440) * 30_000)).max() == pytest.approx(sound.LOUDEST)
    assert not sound.level(np.zeros(10)).any()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()

    with pytest.raises(OSError):
        sound.write_whole(target, b"x")

    assert list(tmp_path.iterdir()) == [target]


def test_a_sentence_is_spoken_once_and_then_kept(tmp_path: Path) -> None:
    prompts = Prompts(tmp_path)
    stem = prompts.speak(wording.PLEASE_HOLD)
    made = stem.with_suffix(".ulaw").stat().st_mtime_ns

    assert prompts.media(wording.PLEASE_HOLD) == f"sound:{stem}"
    assert stem.with_suffix(".ulaw").stat().st_mtime_ns == made
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".sln16", ".ulaw"]


def test_a_sentence_is_as_long_and_as_loud_in_both_forms(tmp_path: Path) -> None:
    stem = Prompts(tmp_path).speak(wording.WAITING)
    wide = np.frombuffer(stem.with_suffix(".sln16").read_bytes(), dtype="<i2")
    narrow = stem.with_suffix(".ulaw").read_bytes()

    assert 4 < len(wide) / sound.WIDE_HZ < 12
    assert len(narrow) == pytest.approx(len(wide) / 2, abs=1)
    assert np.abs(wide).max() > 10_000


@pytest.mark.parametrize("text", ["", "   ", "あ" * (LONGEST_TEXT + 1)])
def test_text_with_nothing_to_say_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        Prompts(tmp_path).speak(text)

    assert refused.value.code == "unspeakable"
    assert not list(tmp_path.iterdir())


def test_music_is_composed_once_and_is_quieter_than_a_voice(tmp_path: Path) -> None:
    sound.compose_missing(tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    made = (tmp_path / "hold/hold.sln16").stat().st_mtime_ns
    sound.compose_missing(tmp_path)
    music = np.frombuffer((tmp_path / "hold/hold.sln16").read_bytes(), dtype="<i2")

    assert files == ["hold/hold.sln16", "hold/hold.ulaw", "waiting/waiting.sln16", "waiting/waiting.ulaw"]
    assert (tmp_path / "hold/hold.sln16").stat().st_mtime_ns == made
    assert 1000 < np.abs(music).max() < 10_000
