"""The root command: which commands there are, and how what goes wrong is told.

A command's module is loaded only when that command is called, so that `madoguchi --help` is quick and
a command that needs no books starts without Django. Exit codes: 0 done, 1 refused or not healthy,
2 called wrongly, 130 interrupted.
"""

from __future__ import annotations

import ctypes
import difflib
import errno
import importlib
import logging
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

import django
import psycopg
import typer
from django.db.utils import OperationalError
from typer.core import TyperGroup

from madoguchi.cli.talk import explain
from madoguchi.kernel.errors import Refusal, Trouble

SUPERVISOR = "MADOGUCHI_SUPERVISOR"
"""Process id of the `madoguchi up` that started this process and that it must not outlive."""

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that we get when our parent dies."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of commands."""

    summary: str
    books: bool = False
    """Whether Django has to be set up before its module can be loaded."""


COMMANDS: dict[str, Entry] = {
    "up": Entry("Run the whole centre on this machine, until Ctrl-C.", books=True),
    "doctor": Entry("Check each part of a running centre with a real probe.", books=True),
    "call": Entry("Place a real call through the local trunk."),
    "demo": Entry("Put the demo's clients, people and products into the books.", books=True),
    "migrate": Entry("Bring the database's tables up to date.", books=True),
    "provision": Entry("Get Asterisk, the browser telephone and the voice.", books=True),
    "database": Entry("Run the embedded PostgreSQL."),
    "asterisk": Entry("Run Asterisk.", books=True),
    "switchboard": Entry("Run the switchboard, which drives the calls.", books=True),
    "serve": Entry("Run the pages.", books=True),
    "worker": Entry("Run the jobs: deliveries and the like.", books=True),
    "mailsink": Entry("Run a local mail server that keeps what it is sent."),
}


class LazyGroup(TyperGroup):
    """A group whose commands are loaded by name, and listed without being loaded."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command; None when there is none of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.books:
            django.setup()
            # One line per request to Asterisk would bury what matters.
            logging.getLogger("httpx").setLevel(logging.WARNING)
        module = importlib.import_module(f"madoguchi.cli.{cmd_name}")
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(module.command)
        return typer.main.get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called, or say which ones it may have meant."""
        if args and args[0] not in COMMANDS:
            _say_unknown(args[0])
            ctx.exit(2)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def _say_unknown(name: str) -> None:
    near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.7)
    ja = f"もしかして: {near[0]}。" if near else ""
    en = f" Did you mean {near[0]}?" if near else ""
    explain(
        Refusal(
            "unknown_command",
            ja=f"「{name}」というコマンドはありません。{ja}一覧は madoguchi --help で表示できます。",
            en=f"There is no command {name!r}.{en} See madoguchi --help for the list.",
        )
    )


group = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@group.callback()
def root() -> None:
    """Run a call centre for mail order: telephone, desk, orders, delivery to the client.

    Example: madoguchi up --demo
    """


def app() -> None:
    """Run the command line, and tell what goes wrong in a sentence where a person can help it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    _end_with_supervisor()
    try:
        group(prog_name="madoguchi")
    except Refusal as refusal:
        explain(refusal)
        sys.exit(1)
    except (psycopg.OperationalError, OperationalError) as error:
        explain(_no_database(error))
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        explain(_disk_full(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _end_with_supervisor() -> None:
    """Ask the kernel to end this process when the supervisor that started it dies, however it dies."""
    supervisor = os.environ.pop(SUPERVISOR, "")
    if not supervisor:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(supervisor):
        sys.exit(1)


def _no_database(error: Exception) -> Trouble:
    said = str(error).strip().split("\n", 1)[0]
    return Trouble(
        "no_database",
        ja=f"データベースにつながりません({said})。madoguchi up で起動しているか確認して、もう一度実行してください。",
        en=f"The database cannot be reached ({said}). See that it runs (madoguchi up), then run this again.",
    )


def _disk_full(error: OSError) -> Trouble:
    place = error.filename or ""
    return Trouble(
        "disk_full",
        ja=f"ディスクの空き容量が足りません({place})。不要なファイルを消してから、もう一度実行してください。"
        "保存済みのデータはそのままです。",
        en=f"The disk is full ({place}). Make room and run this again; what was saved is still there.",
    )
