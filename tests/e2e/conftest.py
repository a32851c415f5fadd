from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.parts.centre import RunningCentre, running_centre
from tests.parts.sip import Peers


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Playwright for one story: kept longer, its event loop would be in the way of the asyncio tests."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """One demo centre for all stories of this folder; each leaves nobody on the line."""
    with running_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture
def callers(centre: RunningCentre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """People with telephones, who are gone when the story ends."""
    peers = Peers(tmp_path_factory.mktemp("callers"), centre.port("SIP"))
    yield peers
    peers.go_home()
