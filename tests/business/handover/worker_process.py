"""A real worker in a process of its own, to be killed: `python -m tests.business.handover.worker_process STAGE`.

STAGE "drain" does the jobs that are there and ends. Any other stage works on until killed; "unconnected" and
"committed" stand still there, after saying so, while the others stand still at a mute mail server.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import django

django.setup()

from procrastinate.contrib.django import app  # noqa: E402 -- after django.setup()

from madoguchi.business.correspondence import courier  # noqa: E402


def stand_still(*_: Any) -> Any:
    print("standing still", flush=True)
    threading.Event().wait()


def main(stage: str) -> None:
    if stage == "unconnected":
        courier._dial = stand_still
    if stage == "committed":
        courier.commit = stand_still
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=stage != "drain", concurrency=2, install_signal_handlers=False)


if __name__ == "__main__":
    main(sys.argv[1])
