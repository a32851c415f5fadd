"""One Asterisk for all scenarios of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from madoguchi.telephony.server import Server
from tests.parts.asterisk import Ear, listening, running_asterisk


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_asterisk(tmp_path_factory.mktemp("a")) as server:
        yield server


@pytest.fixture
async def ear(asterisk: Server) -> AsyncIterator[Ear]:
    """A connected client of ARI; what a test leaves behind is hung up after it."""
    async with listening(asterisk.settings) as ear:
        yield ear
