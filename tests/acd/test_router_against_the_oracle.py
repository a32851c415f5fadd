"""Every decision of the router is the decision of the slow, obvious oracle."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.acd.snapshot import restore, snapshot
from madoguchi.acd.transitions import ON_A_LINE, AgentState, CallState
from tests.acd.histories import AGENTS, opening, steps
from tests.acd.oracle import Oracle

Steps = list[tuple[float, ev.Event]]


def follow_up(router: Router, event: ev.Event) -> ev.Event:
    """Let most answers and wrap-ups of a drawn history hit a call that is really there."""
    ringing = [c for c in router.floor.calls.values() if c.state is CallState.RINGING and c.agent]
    wrapping = [a for a in router.floor.agents.values() if a.state is AgentState.WRAP_UP and a.call]
    if isinstance(event, ev.AgentAnswered) and ringing:
        return ev.AgentAnswered(ringing[0].id, ringing[0].agent or AGENTS[0])
    if isinstance(event, ev.WrapUpFinished) and wrapping:
        return ev.WrapUpFinished(wrapping[0].id, wrapping[0].call or ev.CallId(""))
    return event


@pytest.mark.requirement("S2")
@settings(max_examples=400, deadline=None)
@given(opening=opening, steps=steps)
def test_every_decision_is_the_oracles(opening: list[ev.Event], steps: Steps) -> None:
    router, oracle, now = Router(), Oracle(), 0.0
    for event in opening:
        assert router.handle(event, now) == oracle.handle(event, now)
    for pause, drawn in steps:
        now += pause
        due = router.wake(now)
        assert set(due) == oracle.due(now)
        for event in [*due, follow_up(router, drawn)]:
            assert router.handle(event, now) == oracle.handle(event, now), event


@settings(max_examples=200, deadline=None)
@given(opening=opening, steps=steps, share=st.floats(0, 1))
def test_a_router_restored_from_its_snapshot_decides_like_the_one_it_was_taken_from(
    opening: list[ev.Event], steps: Steps, share: float
) -> None:
    router, twin, now = Router(), Router(), 0.0
    cut = round(share * (len(steps) - 1))
    for event in opening:
        assert router.handle(event, now) == twin.handle(event, now)
    for number, (pause, drawn) in enumerate(steps):
        if number == cut:
            twin = restore(json.loads(json.dumps(snapshot(router))))
        now += pause
        assert router.wake_at() == twin.wake_at()
        due = router.wake(now)
        assert due == twin.wake(now)
        for event in [*due, follow_up(router, drawn)]:
            assert router.handle(event, now) == twin.handle(event, now)


@pytest.mark.requirement("S1")
@settings(max_examples=200, deadline=None)
@given(opening=opening, steps=steps)
def test_lines_are_counted_right_and_nobody_is_bound_twice(opening: list[ev.Event], steps: Steps) -> None:
    router, now = Router(), 0.0
    for pause, event in [*[(0.0, e) for e in opening], *steps]:
        now += pause
        router.handle(follow_up(router, event), now)
        floor = router.floor
        on_calls = [c for c in floor.calls.values() if c.state in ON_A_LINE]
        for programme in floor.programmes.values():
            assert programme.lines_taken == sum(c.programme == programme.id for c in on_calls)
        assert len({c.agent for c in on_calls}) == len(on_calls)
        assert len(floor.bench) == sum(a.state is AgentState.READY for a in floor.agents.values())
        assert len(floor.waiting) == sum(c.state is CallState.WAITING for c in floor.calls.values())
