"""Lines of many processes in one terminal: named, aligned, coloured; and each process's own log file."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

COLOURS = (36, 32, 35, 33, 34, 96, 92, 95)
"""ANSI foregrounds that read on black and on white; red is left to what goes wrong."""

LOG_BYTES = 5_000_000
LOG_FILES = 3


class Printer:
    """Writes `12:34:56 web         | text`, and the text alone to `<folder>/web.log`."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        log_folder: Path,
        out: TextIO = sys.stderr,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._names = tuple(names)
        self._out = out
        self._coloured = out.isatty() and "NO_COLOR" not in environ
        self._width = max(len(name) for name in self._names)
        log_folder.mkdir(parents=True, exist_ok=True)
        self._logs = {name: _log_file(log_folder / f"{name}.log") for name in self._names}

    def line(self, name: str, text: str, *, at: datetime) -> None:
        """Write one line of one process."""
        head = f"{at:%H:%M:%S} {name:<{self._width}} |"
        if self._coloured:
            colour = COLOURS[self._names.index(name) % len(COLOURS)]
            head = f"\033[{colour}m{head}\033[0m"
        with suppress(OSError):  # the terminal is gone; the log file below still has the line
            self._out.write(f"{head} {text}\n")
            self._out.flush()
        self._logs[name].info("%s %s", at.isoformat(timespec="milliseconds"), text)

    def close(self) -> None:
        """Close the log files."""
        for log in self._logs.values():
            for handler in list(log.handlers):
                handler.close()
                log.removeHandler(handler)


def _log_file(path: Path) -> logging.Logger:
    """Return a logger that writes bare lines to one file and nowhere else."""
    log = logging.Logger(path.name, logging.INFO)
    handler = RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    return log
