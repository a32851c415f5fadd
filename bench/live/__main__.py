"""`python -m bench.live`: measure, print, and with `--write` keep the result as a page.

Everything runs in a folder of its own that is removed afterwards, on the loopback address, and ends by itself.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.live.sipp import free_port

RTP_FIRST, RTP_LAST = 10_000, 29_998
CONTENDERS = ("OURS", "APP_QUEUE", "DIAL")


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.live",
        description="Our call distribution beside app_queue on one Asterisk, by real calls.",
        epilog="Example: python -m bench.live --agents 50 --rates 100 --seconds 10 --runs 1",
    )
    parser.add_argument("--agents", type=_numbers, default=[50, 1000], help="communicators, such as 50,1000")
    parser.add_argument(
        "--rates", type=_numbers, default=[50, 100, 150, 200], help="calls per second offered"
    )
    parser.add_argument("--seconds", type=float, default=15, help="how long each rate is offered")
    parser.add_argument("--runs", type=int, default=3, help="times that everything is repeated")
    parser.add_argument(
        "--contenders", default=",".join(CONTENDERS), help=f"of {','.join(CONTENDERS)}: who takes part"
    )
    parser.add_argument(
        "--freed-agents", type=int, default=20, help="communicators of the freed-communicator half"
    )
    parser.add_argument(
        "--freed-gaps", type=int, default=300, help="gaps per run of that half; 0 leaves it out"
    )
    parser.add_argument("--json", action="store_true", help="print every single run as JSON on stdout")
    parser.add_argument("--write", type=Path, help="keep the result as this Markdown page")
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    return parser.parse_args(words)


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",") if word]


def prepare(home: Path) -> None:
    """Point the house to a folder and ports of its own, before any of it is loaded."""
    os.environ["MADOGUCHI_HOME"] = str(home)
    os.environ["MADOGUCHI_ASTERISK_HTTP_PORT"] = str(free_port(socket.SOCK_STREAM))
    os.environ["MADOGUCHI_SIP_PORT"] = str(free_port())
    os.environ["MADOGUCHI_RTP_FIRST"] = str(RTP_FIRST)
    os.environ["MADOGUCHI_RTP_LAST"] = str(RTP_LAST)
    os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)


def say(line: str) -> None:
    """Tell a person what is going on."""
    print(line, file=sys.stderr, flush=True)


def main(words: Sequence[str]) -> None:
    """Run the command."""
    told = arguments(words)
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    prepare(folder / "home")
    run, report = importlib.import_module("bench.live.run"), importlib.import_module("bench.live.report")
    plant = importlib.import_module("bench.live.plant")
    plan = run.Plan(
        agents=told.agents,
        rates=told.rates,
        seconds=told.seconds,
        runs=told.runs,
        contenders=[plant.Contender[name] for name in told.contenders.split(",")],
        freed_agents=told.freed_agents,
        freed_gaps=told.freed_gaps,
    )
    began_at = datetime.now(UTC)
    try:
        findings = run.measured(plan, folder, say)
        page = report.page(
            findings, began_at=began_at, command=shlex.join(words), machine=report.machine(run.versions())
        )
    finally:
        if told.keep:
            say(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if told.write:
        told.write.write_text(page, encoding="utf-8")
    print(json.dumps(asdict(findings), indent=1) if told.json else page)


if __name__ == "__main__":
    main(sys.argv[1:])
