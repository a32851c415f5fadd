"""Lines of many processes side by side."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from madoguchi.cli.printer import Printer

AT = datetime.fromisoformat("2026-11-23T09:05:07+09:00")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_names_are_aligned_and_every_line_is_kept_in_the_log(tmp_path: Path) -> None:
    out = io.StringIO()
    printer = Printer(["serve", "switchboard"], log_folder=tmp_path / "log", out=out, environ={})
    printer.line("serve", "ようこそ", at=AT)
    printer.line("switchboard", "ready", at=AT)
    printer.close()
    assert out.getvalue() == "09:05:07 serve       | ようこそ\n09:05:07 switchboard | ready\n"
    assert (tmp_path / "log/serve.log").read_text() == "2026-11-23T09:05:07.000+09:00 ようこそ\n"


def test_a_terminal_gets_a_colour_per_name_unless_it_asks_for_none(tmp_path: Path) -> None:
    coloured, plain = Terminal(), Terminal()
    Printer(["a", "b"], log_folder=tmp_path, out=coloured, environ={}).line("b", "x", at=AT)
    Printer(["a", "b"], log_folder=tmp_path, out=plain, environ={"NO_COLOR": "1"}).line("b", "x", at=AT)
    assert coloured.getvalue() == "\033[32m09:05:07 b |\033[0m x\n"
    assert plain.getvalue() == "09:05:07 b | x\n"
