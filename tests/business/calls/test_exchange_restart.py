"""The exchange through a real restart of PostgreSQL, on a server of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from madoguchi.acd import events as ev
from madoguchi.business.calls.exchange import Exchange
from madoguchi.config.database import database_urls
from madoguchi.config.home import Home
from madoguchi.config.postgres import EmbeddedPostgres
from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard.ports import Batch, Entry


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedPostgres]:
    root = Path(tempfile.mkdtemp(prefix="mado-pg-"))
    home = Home(root=root, cache=root)
    server = EmbeddedPostgres(home)
    await asyncio.to_thread(server.start)
    environment = {
        **os.environ,
        "MADOGUCHI_HOME": str(root),
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
    }
    migrate = (sys.executable, "-m", "madoguchi", "migrate")
    await asyncio.to_thread(subprocess.run, migrate, env=environment, check=True)
    yield server
    await asyncio.to_thread(server.stop)
    shutil.rmtree(root)


def ready(agent: int) -> Batch:
    return Batch(entries=(Entry(1_775_012_400.0 + agent, ev.AgentBecameReady(ev.AgentId(agent)), ()),))


async def written_at_last(exchange: Exchange, batch: Batch, within_s: float = 30) -> int:
    """Write as the switchboard does, again and again; return how often it took trouble."""
    troubles = 0
    async with asyncio.timeout(within_s):
        while True:
            try:
                await exchange.write(batch)
            except Trouble:
                troubles += 1
                await asyncio.sleep(0.05)
            else:
                return troubles


async def test_what_was_said_during_a_restart_is_written_once_and_in_order(server: EmbeddedPostgres) -> None:
    url = database_urls(server.home, {}).app
    exchange = Exchange(url)
    await exchange.take_the_line()
    await exchange.write(ready(1))
    await asyncio.to_thread(server.stop)
    writing = asyncio.create_task(written_at_last(exchange, ready(2)))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(server.start)
    assert await writing > 0
    await exchange.write(ready(3))
    with psycopg.connect(url) as connection:
        agents = connection.execute("SELECT agent_id FROM calls_journalentry ORDER BY id").fetchall()
        charge = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    assert agents == [(1,), (2,), (3,)]
    assert charge == (1,), "the charge was taken again before writing"
    await exchange.close()


async def test_a_database_that_is_away_at_the_start_is_trouble(server: EmbeddedPostgres) -> None:
    await asyncio.to_thread(server.stop)
    exchange = Exchange(database_urls(server.home, {}).app)
    for wish in (exchange.take_the_line, exchange.centre, exchange.remembered):
        with pytest.raises(Trouble) as trouble:
            await wish()
        assert trouble.value.code == "books_away"
