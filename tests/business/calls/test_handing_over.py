"""A batch that was handed over is written, whatever becomes of the switchboard (decision 0005)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psycopg
import pytest

from madoguchi.business.calls.queries import SWITCHBOARD_LOCK
from madoguchi.config.database import DatabaseUrls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("B3")]

KILLED_AT_THE_HAND_OVER = """
import asyncio, os, signal, sys

import django

django.setup()

from madoguchi.acd import events as ev
from madoguchi.business.calls.exchange import Exchange
from madoguchi.switchboard.ports import Batch, Entry

async def write(url, at):
    exchange = Exchange(url)
    await exchange.take_the_line()
    await exchange.write(batch(at))
    await exchange.write(batch(at + 0.5), lambda: os.kill(os.getpid(), signal.SIGKILL))

def batch(at):
    return Batch(entries=(Entry(at, ev.AgentBecameReady(ev.AgentId(1)), ()),))

asyncio.run(write(sys.argv[1], float(sys.argv[2])))
"""
NOON = 1_775_012_400
TIMES = 10


def written(url: str) -> list[float]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT extract(epoch FROM at)::float8 FROM calls_journalentry ORDER BY id")
        return [at for (at,) in rows]


def test_killed_at_the_very_hand_over_the_batch_is_written_before_anyone_else_is_in_charge(
    database_urls: DatabaseUrls,
) -> None:
    """The next switchboard waits for the lock, which the dead one's connection holds until it has written."""
    expected = []
    for turn in range(TIMES):
        at = float(NOON + turn)
        expected += [at, at + 0.5]
        killed = _write_and_be_killed(database_urls.app, at)
        assert killed == -signal.SIGKILL
        with psycopg.connect(database_urls.app, autocommit=True) as successor:
            successor.execute("SELECT pg_advisory_lock(%s)", [SWITCHBOARD_LOCK])
            assert written(database_urls.app) == expected


def _write_and_be_killed(url: str, at: float) -> int:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    command = [sys.executable, "-c", KILLED_AT_THE_HAND_OVER, url, str(at)]
    return subprocess.run(command, env=environment, check=False, timeout=30).returncode
