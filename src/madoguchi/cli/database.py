"""`madoguchi database`: the embedded PostgreSQL, for as long as this command runs."""

from __future__ import annotations

import os
from contextlib import suppress

from madoguchi.cli.keeper import Stop, adopt_orphans, pid_in, until_asked, wait_for_end
from madoguchi.cli.talk import say
from madoguchi.config.database import APP_URL, database_urls
from madoguchi.config.home import Home
from madoguchi.config.postgres import EmbeddedPostgres
from madoguchi.kernel.errors import Refusal

PAUSE_S = 0.3
"""A server that was killed is not always gone at once."""


def command() -> None:
    """Run the embedded PostgreSQL until SIGTERM or Ctrl-C; start it again when it dies.

    Example: madoguchi database
    """
    home = Home.from_environment()
    if not database_urls(home).embedded:
        raise Refusal(
            "database_elsewhere",
            ja=f"{APP_URL} が指定されているため、組み込みのデータベースは起動しません。",
            en=f"{APP_URL} names another server, so the embedded database is not started.",
        )
    with until_asked() as stop:
        keep(home, stop)


def keep(home: Home, stop: Stop) -> None:
    """Keep the server running until asked to stop, then stop it."""
    postgres = EmbeddedPostgres(home)
    adopt_orphans()
    while not stop.asked:
        postgres.start()
        say("データベースは接続を受け付けています。", "The database takes connections.")
        while not stop.asked and postgres.is_running():
            pid = pid_in(home.postgres_data / "postmaster.pid")
            if pid is None:
                break
            wait_for_end(pid, stop)
            bury_the_dead()
            wait_for_end(os.getpid(), stop, timeout_s=PAUSE_S)
    postgres.stop()


def bury_the_dead() -> None:
    """Take the exit codes of dead children: until somebody does, a process counts as running."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
