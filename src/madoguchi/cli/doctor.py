"""`madoguchi doctor`: is every part of this centre well?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from madoguchi.cli.probes import PROBES, Centre, Finding, find_all
from madoguchi.cli.talk import choose
from madoguchi.cli.telephone import telephone_settings

NAMES = {
    "database": ("データベース", "Database"),
    "asterisk": ("電話設備", "Asterisk"),
    "switchboard": ("交換機", "Switchboard"),
    "web": ("画面", "Pages"),
    "worker": ("ジョブ処理", "Worker"),
    "mail": ("メール送信", "Mail"),
    "disk": ("ディスク", "Disk"),
    "telephone": ("ブラウザー電話", "Browser telephone"),
    "loop": ("回線一周の呼", "Looped call"),
}


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check each part of a running centre with a real probe, a looped call included.

    Exit code 0 when all is well, 1 when something is not.

    Example: madoguchi doctor --json
    """
    findings = asyncio.run(find_all(PROBES, centre()))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        Console(soft_wrap=True).print(table(findings))
    if not all(finding.healthy for finding in findings):
        raise typer.Exit(1)


def centre() -> Centre:
    """Return where the parts of this centre are."""
    home, ports = settings.MADOGUCHI_HOME, settings.MADOGUCHI_PORTS
    return Centre(
        home=home,
        ports=ports,
        urls=settings.MADOGUCHI_DATABASE_URLS,
        telephone=telephone_settings(home, ports),
    )


def table(findings: Sequence[Finding]) -> Table:
    """Return the findings as a table for the terminal."""
    made = Table(box=None, pad_edge=False)
    for title in ("", choose("部分", "Part"), choose("結果", "Finding")):
        made.add_column(title, overflow="fold")
    made.add_column(choose("時間", "Time"), justify="right")
    for finding in findings:
        mark = "[green]OK[/]" if finding.healthy else "[bold red]NG[/]"
        made.add_row(mark, choose(*NAMES[finding.part]), finding.detail, f"{finding.seconds * 1000:,.0f} ms")
    return made
