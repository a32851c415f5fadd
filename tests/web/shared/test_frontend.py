from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.web.shared.frontend import build
from madoguchi.web.shared.frontend.bundle import SOURCES


@pytest.mark.scenario
def test_the_telephone_is_bundled_once_and_then_left_alone(tmp_path: Path) -> None:
    said: list[str] = []
    assert build(said.append, vendor=tmp_path) is True
    assert len(said) == 1
    assert "JsSIP" in (tmp_path / "jssip.js").read_text(encoding="utf-8")
    assert build(said.append, vendor=tmp_path) is False
    assert len(said) == 1


def test_the_lock_names_no_place_on_the_network() -> None:
    assert "://" not in (SOURCES / "package-lock.json").read_text(encoding="utf-8")
