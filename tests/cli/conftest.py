"""Centres for the tests of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.centres import CentreUnderTest


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreUnderTest]:
    """A centre that one module's tests start, wound and stop, in their order."""
    made = CentreUnderTest(tmp_path_factory.mktemp("centre") / "home")
    yield made
    made.end()


@pytest.fixture
def empty_centre(tmp_path: Path) -> Iterator[CentreUnderTest]:
    """A runtime folder in which nothing has run yet."""
    made = CentreUnderTest(tmp_path / "home")
    yield made
    made.end()
