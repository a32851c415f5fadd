"""Real calls on a real Asterisk: SIPp calls, SIPp answers, the switchboard between them."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.switchboard.loop import Switchboard
from madoguchi.switchboard.ports import Centre, DeskVerb, Line
from madoguchi.switchboard.translate import HEARD, Translator
from madoguchi.telephony import wording
from madoguchi.telephony.ari.client import Ari
from madoguchi.telephony.config import pjsip_conf
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.server import Server
from madoguchi.telephony.settings import agent_endpoint
from tests.parts.asterisk import running_asterisk
from tests.parts.sip import AGENT_HZ, CALLER_HZ, Peers, Sipp, free_port, power_at
from tests.switchboard.twins import MemoryBooks

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(120)]

MIDORI, SAKURA = ev.ProgrammeId(1), ev.ProgrammeId(2)
SATO, SUZUKI = ev.AgentId(1), ev.AgentId(2)
NUMBER, OTHER_NUMBER = "0120000123", "0120000456"

CENTRE = Centre(
    programmes=(
        ev.ProgrammeConfigured(MIDORI, lines=2, ring_s=10.0, wrap_up_s=None),
        ev.ProgrammeConfigured(SAKURA, lines=2, ring_s=10.0, wrap_up_s=None),
    ),
    agents=(
        ev.AgentConfigured(SATO, frozenset({MIDORI, SAKURA})),
        ev.AgentConfigured(SUZUKI, frozenset({MIDORI, SAKURA})),
    ),
    lines=(Line(NUMBER, MIDORI, record=True), Line(OTHER_NUMBER, SAKURA, record=False)),
)

UDP_TELEPHONE = """
[{name}]
type = endpoint
disallow = all
allow = ulaw
direct_media = no
context = agent
aors = {name}
[{name}]
type = aor
contact = sip:{name}@127.0.0.1:{port}
"""


@dataclass
class Floor:
    """A running centre without database and browsers."""

    server: Server
    books: MemoryBooks
    peers: Peers

    async def sees(self, what: Callable[[], object], words: str, seconds: float = 15.0) -> None:
        for _ in range(round(seconds / 0.05)):
            if what():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"after {seconds} s not seen: {words}; events: {self.books.events}")

    async def goes_well(self, caller: Sipp, seconds: float) -> None:
        """The caller's whole conversation goes as his scenario says, and ends in time."""
        assert await asyncio.to_thread(caller.wait, seconds) == 0

    def state(self, agent: ev.AgentId) -> str:
        seen = self.books.seen(agent)
        return seen.state if seen else "unknown"

    async def gets_ready(self, *agents: ev.AgentId) -> None:
        for agent in agents:
            self.books.ask(agent, DeskVerb.READY)
        await self.sees(lambda: all(self.state(a) == "ready" for a in agents), "communicators are ready")

    async def works_off(self, agent: ev.AgentId, calls: int) -> None:
        """Let a communicator take calls, finishing the after-call work of each at once."""
        self.books.ask(agent, DeskVerb.READY)
        for number in range(1, calls + 1):
            await self.sees(lambda n=number: len(self.books.told(ev.AgentAnswered)) == n, f"answer {number}")
            await self.sees(lambda: self.state(agent) == "wrap_up", "after-call work")
            self.books.ask(agent, DeskVerb.READY)

    def ari(self, path: str) -> list[dict[str, str]]:
        settings = self.server.settings
        with httpx.Client(auth=(settings.ari_user, settings.ari_password), trust_env=False) as http:
            found: list[dict[str, str]] = http.get(f"http://127.0.0.1:{settings.http_port}/ari/{path}").json()
            return found

    async def is_quiet(self) -> None:
        await self.sees(lambda: not self.ari("channels") and not self.ari("bridges"), "no orphan is left")


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, int]]:
    port = free_port()
    with running_asterisk(tmp_path_factory.mktemp("asterisk")) as server:
        telephones = "".join(UDP_TELEPHONE.format(name=agent_endpoint(a), port=port) for a in (SATO, SUZUKI))
        (server.settings.etc_dir / pjsip_conf.AGENTS_FILE).write_text(telephones)
        settings = server.settings
        url = f"http://127.0.0.1:{settings.http_port}/ari/asterisk/modules/res_pjsip.so"
        httpx.put(url, auth=(settings.ari_user, settings.ari_password), trust_env=False).raise_for_status()
        yield server, port


@pytest.fixture
async def floor(asterisk: tuple[Server, int], tmp_path: Path) -> AsyncIterator[Floor]:
    server, port = asterisk
    peers = Peers(tmp_path, server.settings.sip_port)
    peers.answering_agents(port=port)
    try:
        yield Floor(server, MemoryBooks(CENTRE), peers)
    finally:
        peers.go_home()


@asynccontextmanager
async def switchboard(floor: Floor) -> AsyncIterator[None]:
    settings = floor.server.settings
    media = [Prompts(settings.prompts_dir).media(wording.WAITING)]
    translator = Translator(app=settings.app, guidance={cmd.Guidance.WAITING: media})
    async with Ari(settings, kinds=HEARD) as ari:
        board = Switchboard(ari=ari, books=floor.books, translator=translator)
        task = asyncio.create_task(board.run())
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def voices(path: Path) -> tuple[float, float]:
    """Return how much of a recording is the caller's tone and how much the communicator's."""
    with wave.open(str(path)) as sound:
        samples = sound.readframes(sound.getnframes())
        return power_at(samples, CALLER_HZ, sound.getframerate()), power_at(
            samples, AGENT_HZ, sound.getframerate()
        )


@pytest.mark.requirement("Y3")
async def test_a_call_rings_is_answered_talks_and_ends_with_both_voices_recorded(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.gets_ready(SATO)
        caller = floor.peers.call(NUMBER, talk_ms=3000)
        await floor.sees(lambda: floor.state(SATO) == "talking", "Sato talks")
        await floor.sees(lambda: floor.state(SATO) == "wrap_up", "Sato does after-call work")
        await floor.goes_well(caller, 5)
        await floor.sees(lambda: floor.books.recordings, "the recording is kept")
        call = floor.books.told(ev.CallerHungUp)[0].call
        floor.books.ask(SATO, DeskVerb.FINISH_WRAP_UP, call)
        await floor.sees(lambda: floor.state(SATO) == "ready", "Sato is ready again")
        await floor.is_quiet()
    [kept] = floor.books.recordings
    caller_low, caller_high = voices(floor.server.settings.recordings_dir / kept.caller_file)
    agent_low, agent_high = voices(floor.server.settings.recordings_dir / kept.agent_file)
    assert caller_low > 0.5 > 0.05 > caller_high
    assert agent_high > 0.5 > 0.05 > agent_low


@pytest.mark.requirement("S2")
async def test_two_clients_at_once_and_a_third_caller_gets_the_first_who_is_free(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.gets_ready(SATO, SUZUKI)
        first = floor.peers.call(NUMBER, talk_ms=4000)
        second = floor.peers.call(OTHER_NUMBER, talk_ms=12_000)
        await floor.sees(lambda: floor.state(SATO) == floor.state(SUZUKI) == "talking", "both talk")
        third = floor.peers.call(NUMBER, talk_ms=10_000)
        await floor.sees(lambda: len(floor.books.told(ev.CallArrived)) == 3, "the third has arrived")
        await floor.goes_well(first, 10)
        free = floor.books.told(ev.AgentAnswered)[0].agent
        await floor.sees(lambda: floor.state(free) == "wrap_up", "the first is free")
        floor.books.ask(free, DeskVerb.READY)
        await floor.sees(lambda: len(floor.books.told(ev.AgentAnswered)) == 3, "the third is connected")
        assert floor.books.told(ev.AgentAnswered)[2].agent == free
        await floor.goes_well(third, 10)
        await floor.goes_well(second, 20)
        await floor.is_quiet()


async def test_hold_and_the_communicators_hang_up_are_done_on_the_wire(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.gets_ready(SATO)
        caller = floor.peers.call(NUMBER, talk_ms=30_000)
        await floor.sees(lambda: floor.state(SATO) == "talking", "Sato talks")
        call = floor.books.told(ev.CallArrived)[0].call
        floor.books.ask(SATO, DeskVerb.HOLD, call)
        await floor.sees(
            lambda: [len(b["channels"]) for b in floor.ari("bridges")] == [1], "the caller is out"
        )
        floor.books.ask(SATO, DeskVerb.RESUME, call)
        await floor.sees(lambda: [len(b["channels"]) for b in floor.ari("bridges")] == [2], "and in again")
        floor.books.ask(SATO, DeskVerb.HANG_UP, call)
        await floor.goes_well(caller, 5)
        await floor.sees(lambda: floor.state(SATO) == "wrap_up", "Sato does after-call work")
        late = floor.books.ask(SATO, DeskVerb.HOLD, call)
        await floor.sees(lambda: late in floor.books.answers, "the late wish is answered")
        assert floor.books.answers[late].refusal == "not_now"
        await floor.is_quiet()


@pytest.mark.requirement("B3")
async def test_a_talk_survives_the_switchboard_and_ends_in_one_piece(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.gets_ready(SATO)
        caller = floor.peers.call(NUMBER, talk_ms=4000)
        await floor.sees(lambda: floor.state(SATO) == "talking", "Sato talks")
    await asyncio.sleep(1)
    assert caller.running
    async with switchboard(floor):
        await floor.goes_well(caller, 10)
        await floor.sees(lambda: floor.state(SATO) == "wrap_up", "the end is noticed")
        await floor.is_quiet()
    assert len(floor.books.told(ev.CallArrived)) == len(floor.books.told(ev.CallerHungUp)) == 1


@pytest.mark.requirement("B3")
async def test_a_caller_who_hangs_up_while_nobody_is_in_charge_leaves_no_orphan(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.gets_ready(SATO)
        caller = floor.peers.call(NUMBER, talk_ms=1500)
        await floor.sees(lambda: floor.state(SATO) == "talking", "Sato talks")
    await floor.goes_well(caller, 5)
    async with switchboard(floor):
        await floor.sees(lambda: floor.state(SATO) == "wrap_up", "the end is noticed")
        await floor.is_quiet()


@pytest.mark.requirement("B3")
async def test_a_waiting_caller_and_one_who_came_meanwhile_are_connected_in_order(floor: Floor) -> None:
    async with switchboard(floor):
        await floor.sees(lambda: floor.books.seen(SATO), "the centre is known")
        floor.peers.call(NUMBER, caller="0311111111", talk_ms=9000)
        await floor.sees(lambda: floor.books.told(ev.CallArrived), "the first waits")
    floor.peers.call(NUMBER, caller="0322222222", talk_ms=9000)
    await asyncio.sleep(2)
    async with switchboard(floor):
        await floor.sees(lambda: len(floor.books.told(ev.CallArrived)) == 2, "the second has come")
        await floor.works_off(SATO, calls=2)
        answered = [event.call for event in floor.books.told(ev.AgentAnswered)]
        arrived = {event.call: event.caller for event in floor.books.told(ev.CallArrived)}
        assert [arrived[call] for call in answered] == ["0311111111", "0322222222"]
        assert floor.books.told(ev.CallArrived)[1].waited_s > 1
        await floor.is_quiet()
