"""Histories for the calls' books: what happens is drawn at random, what is decided by the real router."""

from __future__ import annotations

from hypothesis import strategies as st

from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.switchboard.ports import Entry

AGENTS = [ev.AgentId(number) for number in (1, 2, 3)]
CALLS = [ev.CallId(f"call-{number}") for number in range(4)]
PROGRAMMES = [ev.ProgrammeId(number) for number in (10, 20)]

FURNISHED: list[ev.Event] = [
    *(ev.ProgrammeConfigured(programme, lines=2, ring_s=20, wrap_up_s=30) for programme in PROGRAMMES),
    *(ev.AgentConfigured(agent, frozenset(PROGRAMMES)) for agent in AGENTS),
]

a_call = st.sampled_from(CALLS)
an_agent = st.sampled_from(AGENTS)

happenings = st.one_of(
    st.builds(ev.AgentSignedIn, an_agent),
    st.builds(ev.AgentBecameReady, an_agent),
    st.builds(ev.AgentWentAway, an_agent, st.sampled_from(ev.AwayReason)),
    st.builds(
        ev.CallArrived, a_call, st.sampled_from([*PROGRAMMES, ev.ProgrammeId(99)]), st.just("0312345678")
    ),
    st.builds(ev.AgentAnswered, a_call, an_agent),
    st.builds(ev.AgentDeclined, a_call, an_agent),
    st.builds(ev.RingLost, a_call, an_agent),
    st.builds(ev.RingTimedOut, a_call, an_agent),
    st.builds(ev.CallHeld, a_call),
    st.builds(ev.CallResumed, a_call),
    st.builds(ev.CallerHungUp, a_call),
    st.builds(ev.AgentHungUp, a_call, an_agent),
    st.builds(ev.CallLost, a_call),
    st.builds(ev.WrapUpFinished, an_agent, a_call),
)
"""Any event at any moment, fitting or not: late and repeated news is normal."""

histories = st.lists(st.tuples(happenings, st.floats(0, 40)), max_size=60)


def played(history: list[tuple[ev.Event, float]], began_at: float = 1_770_000_000.0) -> list[Entry]:
    """Return the journal that the switchboard would write: each event, its moment, the router's commands."""
    router = Router()
    now = began_at
    entries = [Entry(now, event, tuple(router.handle(event, now))) for event in FURNISHED]
    for agent in AGENTS:
        for step in (ev.AgentSignedIn(agent), ev.AgentBecameReady(agent)):
            entries.append(Entry(now, step, tuple(router.handle(step, now))))
    for happening, pause_s in history:
        now += pause_s
        for event in (*router.wake(now), happening):
            entries.append(Entry(now, event, tuple(router.handle(event, now))))
    return entries


def seen_off(entries: list[Entry]) -> list[Entry]:
    """Return what ends all calls of a history properly: everybody hangs up, everybody finishes."""
    now = entries[-1].at + 1
    router = Router()
    for entry in entries:
        router.handle(entry.event, entry.at)
    last: list[ev.Event] = [ev.CallerHungUp(call) for call in CALLS]
    last += [ev.WrapUpFinished(agent, call) for call in CALLS for agent in AGENTS]
    return [Entry(now, event, tuple(router.handle(event, now))) for event in last]
