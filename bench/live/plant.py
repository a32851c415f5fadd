"""The one Asterisk that all contenders use, started afresh for each: ours, with what app_queue and Dial() need."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from madoguchi.telephony.config import pjsip_conf
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import Extension, agent_endpoint

OUR_NUMBER = "0120000123"


class Contender(StrEnum):
    """Who distributes the calls."""

    OURS = "madoguchi"
    APP_QUEUE = "app_queue"
    DIAL = "Dial()"
    """No distribution at all, a telephone at random: the floor."""


def dialled(contender: Contender, agents: int, *, answered_first: bool = False) -> str:
    """Return what a caller dials to be served by a contender with so many communicators.

    `answered_first` lets app_queue answer its caller before he waits, as ours does on its guidance.
    """
    match contender:
        case Contender.OURS:
            return OUR_NUMBER
        case Contender.APP_QUEUE:
            return f"{'wait' if answered_first else 'queue'}-{agents}"
        case Contender.DIAL:
            return f"dial-{agents}"


#: What each contender needs beside our own modules.
MODULES: dict[Contender, tuple[str, ...]] = {
    Contender.OURS: (),
    Contender.APP_QUEUE: ("app_queue",),
    Contender.DIAL: ("app_dial", "func_rand"),
}

TELEPHONES = """
[bench-telephone](!)
type = endpoint
disallow = all
allow = ulaw
direct_media = no
context = agent
rtp_timeout = 60
"""

TELEPHONE = """
[{name}](bench-telephone)
aors = {name}
[{name}]
type = aor
contact = sip:{name}@127.0.0.1:{port}
"""

QUEUE = """
[bench-{size}]
strategy = rrmemory
ringinuse = no
autofill = yes
timeout = 20
retry = 1
wrapuptime = 0
joinempty = yes
leavewhenempty = no
musicclass = waiting
announce-frequency = 0
"""

DIALPLAN = """
[inbound](+)
exten => queue-{size},1,Queue(bench-{size},r,,,60)
 same => n,Hangup()
exten => wait-{size},1,Answer()
 same => n,Queue(bench-{size},,,,300)
 same => n,Hangup()
exten => dial-{size},1,Dial(PJSIP/agent-${{RAND({first},{last})}},20)
 same => n,Hangup()
"""


class Plant(Server):
    """Our server, its files completed for the contenders."""

    crews: Sequence[range] = ()
    """The communicators' ids of each size that is tried; the smaller are part of the larger."""
    telephone_port: int = 0
    contenders: Sequence[Contender] = tuple(Contender)

    def prepare(
        self,
        extensions: Sequence[Extension],
        telephones: Sequence[Extension],
        *,
        extra_modules: Iterable[str] = (),
    ) -> None:
        """Write our files, then what the contenders need: telephones at fixed contacts, queues, dialplan."""
        modules = [module for one in self.contenders for module in MODULES[one]]
        super().prepare(extensions, telephones, extra_modules=[*extra_modules, *modules])
        everybody = max(self.crews, key=len)
        contacts = (
            TELEPHONE.format(name=agent_endpoint(agent), port=self.telephone_port) for agent in everybody
        )
        self._write(pjsip_conf.AGENTS_FILE, TELEPHONES + "".join(contacts))
        self._write("queues.conf", self._queues())
        self._append("extensions.conf", "".join(self._dialplan(crew) for crew in self.crews))
        if Contender.APP_QUEUE in self.contenders:
            self._tell_device_states()

    def _tell_device_states(self) -> None:
        """Let app_queue learn who is busy; our own configuration does without device states."""
        stasis = self.settings.etc_dir / "stasis.conf"
        kept = [line for line in stasis.read_text().splitlines() if "device_state" not in line]
        self._write("stasis.conf", "\n".join(kept) + "\n")

    def wait_for_application(self, seconds: float = 30) -> None:
        """Wait until our switchboard is connected; raises `TimeoutError` if it does not come."""
        for _ in range(round(seconds / 0.1)):
            if self.settings.app in self.console("ari show apps").split():
                return
            time.sleep(0.1)
        raise TimeoutError("the switchboard does not connect")

    def channels(self) -> int:
        """Return how many channels there are."""
        words = self.console("core show channels count").split()
        return int(words[0]) if words and words[0].isdigit() else 0

    def settle(self, seconds: float = 20) -> None:
        """Wait until no call is left; end what stays longer."""
        for _ in range(round(seconds / 0.5)):
            if not self.channels():
                return
            time.sleep(0.5)
        self.console("channel request hangup all")
        time.sleep(3)

    def _queues(self) -> str:
        parts = ["[general]\npersistentmembers = no\nautofill = yes\nshared_lastcall = no\n"]
        for crew in self.crews:
            parts.append(QUEUE.format(size=len(crew)))
            parts += [f"member => PJSIP/{agent_endpoint(agent)}\n" for agent in crew]
        return "".join(parts)

    def _dialplan(self, crew: range) -> str:
        return DIALPLAN.format(size=len(crew), first=crew[0], last=crew[-1])

    def _append(self, name: str, text: str) -> None:
        path = self.settings.etc_dir / name
        self._write(name, path.read_text() + text)


@contextmanager
def running(plant: Plant) -> Iterator[Plant]:
    """Run the plant for as long as the block lasts."""
    plant.start((), ())
    try:
        yield plant
    finally:
        plant.stop()
