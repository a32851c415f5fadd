"""`madoguchi asterisk`: Asterisk in the foreground, or beside one that is running already."""

from __future__ import annotations

import os
import signal

from django.conf import settings

from madoguchi.cli.extensions import communicators, test_telephones
from madoguchi.cli.keeper import pid_in, until_asked, wait_for_end
from madoguchi.cli.talk import say
from madoguchi.cli.telephone import telephone_settings
from madoguchi.config.home import Home
from madoguchi.telephony.provision import find_or_make
from madoguchi.telephony.server import Server, raise_file_limit


def command() -> None:
    """Write Asterisk's configuration and become Asterisk, until SIGTERM or Ctrl-C.

    One that still runs, because whoever started it was killed, keeps its calls: it is watched instead.

    Example: madoguchi asterisk
    """
    home: Home = settings.MADOGUCHI_HOME
    installation = find_or_make(home.cache, lambda line: say(line, line))
    server = Server(telephone_settings(home, settings.MADOGUCHI_PORTS), installation)
    running = running_pid(home)
    if running is None:
        become(server)
    else:
        say("すでに動いている Asterisk を引き継ぎます。", "Taking over the Asterisk that is running.")
        server.reload_extensions(communicators())
        watch(running)


def running_pid(home: Home) -> int | None:
    """Return the process id of this centre's Asterisk if one runs."""
    pid = pid_in(home.asterisk / "run" / "asterisk.pid")
    if pid is None:
        return None
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            ours = os.fsencode(home.asterisk / "etc" / "asterisk.conf") in words.read().split(b"\0")
    except OSError:
        return None
    return pid if ours else None


def become(server: Server) -> None:
    """Turn this process into Asterisk; what it prints goes into its own log folder."""
    server.prepare(communicators(), test_telephones())
    console = os.open(
        server.settings.asterisk_dir / "log" / "console", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
    )
    os.dup2(console, 1)
    os.dup2(console, 2)
    raise_file_limit(os.getpid())
    # Its clock is UTC, as Server.start has it: arrival moments are compared with ours.
    os.execve(server.command[0], server.command, {**os.environ, "TZ": "UTC"})


def watch(pid: int) -> None:
    """Return when that Asterisk has ended; end it when we are asked to stop."""
    with until_asked() as stop:
        wait_for_end(pid, stop)
        if stop.asked:
            os.kill(pid, signal.SIGTERM)
            stop.asked = False
    with until_asked() as stop:
        wait_for_end(pid, stop, timeout_s=8)
