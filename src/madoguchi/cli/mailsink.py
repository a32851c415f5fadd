"""`madoguchi mailsink`: the clients' inbox of the demo."""

from __future__ import annotations

import asyncio
import signal

from madoguchi.business.correspondence.sink import run_sink
from madoguchi.cli.ports import mail_port, refuse_taken, taken
from madoguchi.cli.talk import say
from madoguchi.config.home import Home, Ports


def command() -> None:
    """Take mail on MADOGUCHI_MAIL_PORT (8025) and keep it, until SIGTERM or Ctrl-C. Nothing is sent on.

    Example: madoguchi mailsink
    """
    asyncio.run(receive(Home.from_environment(), Ports.from_environment()))


async def receive(home: Home, ports: Ports) -> None:
    """Receive mail until a signal asks to stop."""
    refuse_taken(taken([mail_port(ports)]))
    loop = asyncio.get_running_loop()
    sink = asyncio.create_task(run_sink(home.mail, "127.0.0.1", ports.mail))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, sink.cancel)
    say("メールを受け付けています。", "Taking mail.")
    await asyncio.wait([sink])
    if not sink.cancelled():
        sink.result()
