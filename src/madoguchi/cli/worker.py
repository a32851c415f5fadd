"""`madoguchi worker`: the jobs."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import typer
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from madoguchi.cli.talk import say

HEARTBEAT_S = 5.0
"""How often a worker writes that it lives; `doctor` and the care for dead workers' jobs read it."""
STALLED_AFTER_S = 20.0
GRACE_S = 8.0


def command(
    concurrency: Annotated[int, typer.Option(min=1, help="Jobs done at the same time.")] = 4,
) -> None:
    """Run the jobs (deliveries, retries) until SIGTERM or Ctrl-C; jobs at work are finished first.

    Example: madoguchi worker --concurrency 8
    """
    # Two lines for every job of every minute would bury what matters.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        asyncio.run(work(working, concurrency=concurrency))


async def work(app: App, *, concurrency: int) -> None:
    """Do jobs until a signal asks to stop."""
    async with app.open_async():
        say("ジョブを受け付けています。", "Taking jobs.")
        await app.run_worker_async(
            concurrency=concurrency,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            shutdown_graceful_timeout=GRACE_S,
        )
