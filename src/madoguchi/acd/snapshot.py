"""The router's state as plain lists and numbers (fit for JSON), and back.

Only facts are kept; the indices of `matching` are built anew. A restored router decides exactly as the
one it was taken from (a property test holds this).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from madoguchi.acd.events import AgentId, AwayReason, CallId, ProgrammeId, RingTimedOut, WrapUpTimedOut
from madoguchi.acd.router import Router
from madoguchi.acd.state import Agent, Call, Programme
from madoguchi.acd.strategies import Strategy, longest_waiting
from madoguchi.acd.timers import Alarm
from madoguchi.acd.transitions import AgentState, AgentStep, CallState

VERSION = 1


class UnknownSnapshot(ValueError):
    """The snapshot was taken by another version of the core; replay the journal from its beginning."""


def snapshot(router: Router) -> dict[str, Any]:
    """Return the whole state of a router."""
    floor = router.floor
    return {
        "version": VERSION,
        "serial": floor.serial,
        "programmes": [_facts(p) for p in floor.programmes.values()],
        "agents": [_facts(a) | {"programmes": sorted(a.programmes)} for a in floor.agents.values()],
        "calls": [_facts(c) for c in floor.calls.values()],
        "timers": [
            [at, serial, type(alarm).__name__, alarm.agent, alarm.call]
            for at, serial, alarm in router.timers.pending
        ],
    }


_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in (Agent, Call, Programme)}


def _facts(thing: Agent | Call | Programme) -> dict[str, Any]:
    """Return a thing's fields; where `asdict` copies every value, these are plain ones and need no copy."""
    return {name: getattr(thing, name) for name in _FIELDS[type(thing)]}


def restore(facts: Mapping[str, Any], *, strategy: Strategy = longest_waiting) -> Router:
    """Build a router from what `snapshot` returned.

    Raises:
        UnknownSnapshot: taken by another version.
    """
    if facts.get("version") != VERSION:
        raise UnknownSnapshot(f"snapshot version {facts.get('version')!r}, this core writes {VERSION}")
    router = Router(strategy=strategy)
    floor = router.floor
    floor.serial = facts["serial"]
    floor.programmes = {p["id"]: Programme(**p) for p in facts["programmes"]}
    floor.agents = {a["id"]: _agent(a) for a in facts["agents"]}
    floor.calls = {c["id"]: _call(c) for c in facts["calls"]}
    router.timers.pending = [
        (at, serial, _alarm(name, agent, call)) for at, serial, name, agent, call in facts["timers"]
    ]
    _index(router)
    return router


def _index(router: Router) -> None:
    floor = router.floor
    for agent in floor.agents.values():
        if agent.state is AgentState.READY:
            floor.bench.sit(agent.id, agent.programmes, agent.bench_place)
    for call in floor.calls.values():
        if call.state is CallState.WAITING:
            floor.waiting.enter(call.id, call.programme, call.place)
    for programme in floor.programmes.values():
        router.review(programme)


def _agent(fact: Mapping[str, Any]) -> Agent:
    agent = Agent(**fact)
    agent.programmes = frozenset(ProgrammeId(p) for p in fact["programmes"])
    agent.state = AgentState(fact["state"])
    agent.reason = AwayReason(fact["reason"]) if fact["reason"] else None
    agent.afterwards = AgentStep(fact["afterwards"])
    agent.afterwards_reason = AwayReason(fact["afterwards_reason"]) if fact["afterwards_reason"] else None
    agent.bench_place = tuple(fact["bench_place"])
    return agent


def _call(fact: Mapping[str, Any]) -> Call:
    call = Call(**fact)
    call.state = CallState(fact["state"])
    call.place = tuple(fact["place"])
    return call


def _alarm(name: str, agent: AgentId, call: CallId) -> Alarm:
    if name == RingTimedOut.__name__:
        return RingTimedOut(call, agent)
    return WrapUpTimedOut(agent, call)
