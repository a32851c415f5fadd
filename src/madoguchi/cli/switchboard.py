"""`madoguchi switchboard`: the switchboard, joined to Asterisk and to the books."""

from __future__ import annotations

import asyncio
import signal

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from madoguchi.acd.commands import Guidance
from madoguchi.business.calls.exchange import Exchange
from madoguchi.business.clients.news import CHANNEL
from madoguchi.cli.extensions import communicators
from madoguchi.cli.talk import say
from madoguchi.cli.telephone import telephone_settings
from madoguchi.config.home import Home
from madoguchi.kernel.errors import Refusal
from madoguchi.switchboard.loop import Switchboard
from madoguchi.switchboard.translate import HEARD, Translator
from madoguchi.telephony import wording
from madoguchi.telephony.ari.client import Ari
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.provision import find_or_make
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import Extension, TelephoneSettings

log = structlog.get_logger()

RETRY_S = 2.0


def command() -> None:
    """Run the switchboard until SIGTERM or Ctrl-C. A second one stands by until the first is gone.

    Example: madoguchi switchboard
    """
    home: Home = settings.MADOGUCHI_HOME
    telephone = telephone_settings(home, settings.MADOGUCHI_PORTS)
    server = Server(telephone, find_or_make(home.cache, lambda line: say(line, line)))
    asyncio.run(_until_signal(telephone, server, settings.MADOGUCHI_DATABASE_URLS.app))


async def _until_signal(telephone: TelephoneSettings, server: Server, url: str) -> None:
    """Route calls, and keep Asterisk's list of communicators' telephones true, until a signal comes.

    Calls in progress go on without us.
    """
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    eternal = [
        asyncio.create_task(route(telephone, url), name="route"),
        asyncio.create_task(follow_staff(server, url), name="follow-staff"),
    ]
    stopped = asyncio.create_task(stopping.wait(), name="stopping")
    done, pending = await asyncio.wait([*eternal, stopped], return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def route(telephone: TelephoneSettings, url: str) -> None:
    """Take charge of the calls, once nobody else has it.

    Asterisk sends an application's events to whoever connected last, so a standby must not connect
    before it is in charge.
    """
    guidance = await asyncio.to_thread(
        lambda: {Guidance.WAITING: [Prompts(telephone.prompts_dir).media(wording.WAITING)]}
    )
    translator = Translator(app=telephone.app, guidance=guidance)
    books = Exchange(url)
    try:
        await books.take_the_line()
        async with Ari(telephone, kinds=HEARD) as ari:
            await Switchboard(ari=ari, books=books, translator=translator).run()
    finally:
        await books.close()


async def follow_staff(server: Server, url: str) -> None:
    """Tell Asterisk of every communicator who joined, left, or got a new telephone secret."""
    known: list[Extension] | None = None
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}".encode())
                known = await _tell_if_changed(server, known)
                async for _ in connection.notifies():
                    known = await _tell_if_changed(server, known)
        except psycopg.Error as error:
            log.warning("staff_not_followed", reason=type(error).__name__)
        except Refusal as refusal:
            log.warning("staff_not_followed", reason=refusal.code)
        await asyncio.sleep(RETRY_S)


async def _tell_if_changed(server: Server, known: list[Extension] | None) -> list[Extension]:
    now = await sync_to_async(_communicators)()
    if now != known:
        await asyncio.to_thread(server.reload_extensions, now)
    return now


def _communicators() -> list[Extension]:
    close_old_connections()
    return communicators()
