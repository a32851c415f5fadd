"""`python -m bench.live.switchboard`: the real switchboard in a process of its own.

`madoguchi switchboard` without its care for the telephones' registrations: here they have fixed contacts.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal

import django


async def _until_stopped() -> None:
    settings = importlib.import_module("django.conf").settings
    telephone = importlib.import_module("madoguchi.cli.telephone")
    route = importlib.import_module("madoguchi.cli.switchboard").route
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    ours = telephone.telephone_settings(settings.MADOGUCHI_HOME, settings.MADOGUCHI_PORTS)
    work = asyncio.create_task(route(ours, settings.MADOGUCHI_DATABASE_URLS.app))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        work.result()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    asyncio.run(_until_stopped())
