"""Makes docs/reference/commands.md from `madoguchi … --help`: `python -m tests.commands_page`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from typer.testing import CliRunner

from madoguchi.cli.main import COMMANDS, group

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "commands.md"

HEAD = """# Commands

Made by `python -m tests.commands_page` from `bin/madoguchi … --help`; do not edit.

Exit codes: 0 done, 1 refused or not healthy, 2 called wrongly, 130 interrupted. Results go to standard
output, talk to standard error. Where things are kept and on which ports: see [settings](settings.md).
"""


def render() -> str:
    """Return the page."""
    sections = [HEAD, _section("madoguchi", [])]
    sections += [_section(f"madoguchi {name}", [name]) for name in COMMANDS]
    return "\n".join(sections)


def _section(title: str, words: list[str]) -> str:
    done = CliRunner().invoke(group, [*words, "--help"], prog_name="madoguchi", terminal_width=80)
    assert done.exit_code == 0, done.output
    text = "\n".join(line.rstrip() for line in done.output.strip().splitlines())
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    with tempfile.TemporaryDirectory() as home:
        os.environ["MADOGUCHI_HOME"] = home
        PAGE.write_text(render(), encoding="utf-8")
