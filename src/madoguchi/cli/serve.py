"""`madoguchi serve`: the pages."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn
from django.conf import settings

from madoguchi.cli.ports import refuse_taken, taken, web_port
from madoguchi.config.home import Ports

GRACE_S = 3
"""Open pages listen for ever (server-sent events); they come back by themselves."""


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Run the pages on MADOGUCHI_WEB_PORT (8000) until SIGTERM or Ctrl-C.

    Example: madoguchi serve --host 0.0.0.0
    """
    ports: Ports = settings.MADOGUCHI_PORTS
    refuse_taken(taken([web_port(ports)], host))
    uvicorn.run(
        "madoguchi.config.asgi:application",
        host=host,
        port=ports.web,
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_S,
    )
