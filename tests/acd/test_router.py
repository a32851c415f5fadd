"""Small stories: a moment, what happened, what the router wants done."""

from __future__ import annotations

import pytest

from madoguchi.acd import events as ev
from madoguchi.acd.commands import (
    Command,
    Connect,
    Guidance,
    HangUp,
    Hold,
    PlayGuidance,
    Reject,
    RejectReason,
    ReleaseAgent,
    Resume,
    Ring,
    StopRinging,
)
from madoguchi.acd.matching import Bench
from madoguchi.acd.router import Router
from madoguchi.acd.snapshot import UnknownSnapshot, restore, snapshot
from madoguchi.acd.state import ImpossibleStep
from madoguchi.acd.transitions import (
    AGENT_TRANSITIONS,
    CALL_TRANSITIONS,
    AgentState,
    AgentStep,
    CallState,
    CallStep,
)

MIDORI, SAKURA, UNKNOWN = ev.ProgrammeId(1), ev.ProgrammeId(2), ev.ProgrammeId(9)
SATO, SUZUKI = ev.AgentId(1), ev.AgentId(2)
A, B, C = ev.CallId("a"), ev.CallId("b"), ev.CallId("c")


def ring(call: ev.CallId, agent: ev.AgentId, programme: ev.ProgrammeId = MIDORI) -> Ring:
    return Ring(call, agent, programme, 20.0)


def arrives(call: ev.CallId, programme: ev.ProgrammeId = MIDORI) -> ev.CallArrived:
    return ev.CallArrived(call, programme, "0312345678")


WAIT = Guidance.WAITING


class Story:
    """A router with two programmes of two lines; Sato serves both, Suzuki only Midori."""

    def __init__(self, *, wrap_up_s: float | None = None, lines: int = 2) -> None:
        self.router = Router()
        self.now = 0.0
        for programme in (MIDORI, SAKURA):
            self.happens(ev.ProgrammeConfigured(programme, lines, 20.0, wrap_up_s))
        self.happens(ev.AgentConfigured(SATO, frozenset({MIDORI, SAKURA})))
        self.happens(ev.AgentConfigured(SUZUKI, frozenset({MIDORI})))

    def happens(self, *events: ev.Event, after: float = 0.0) -> list[Command]:
        self.now += after
        return [command for event in events for command in self.router.handle(event, self.now)]

    def comes(self, *agents: ev.AgentId, after: float = 0.0) -> list[Command]:
        return [
            command
            for agent in agents
            for command in self.happens(ev.AgentSignedIn(agent), ev.AgentBecameReady(agent), after=after)
        ]

    def passes(self, seconds: float) -> list[Command]:
        self.now += seconds
        return self.happens(*self.router.wake(self.now))

    def talks(self, call: ev.CallId, agent: ev.AgentId) -> list[Command]:
        return self.happens(arrives(call), ev.AgentAnswered(call, agent))

    def state(self, agent: ev.AgentId) -> AgentState:
        return self.router.floor.agents[agent].state


def test_the_one_with_the_fewest_programmes_is_rung_first() -> None:
    story = Story()
    story.comes(SATO, after=1)
    story.comes(SUZUKI, after=1)
    assert story.happens(arrives(A)) == [ring(A, SUZUKI)]
    assert story.happens(arrives(B)) == [ring(B, SATO)]


@pytest.mark.requirement("S2")
def test_callers_wait_with_guidance_and_are_served_in_order() -> None:
    story = Story()
    assert story.happens(arrives(A)) == [PlayGuidance(A, WAIT)]
    assert story.happens(arrives(B), after=1) == [PlayGuidance(B, WAIT)]
    assert story.comes(SUZUKI, after=1) == [ring(A, SUZUKI)]
    assert story.happens(ev.AgentAnswered(A, SUZUKI)) == [Connect(A, SUZUKI)]
    assert story.happens(ev.CallerHungUp(A), after=60) == [ReleaseAgent(A, SUZUKI)]
    assert story.happens(ev.WrapUpFinished(SUZUKI, A), after=5) == [ring(B, SUZUKI)]


def test_one_who_serves_few_programmes_takes_the_first_caller_of_those() -> None:
    story = Story()
    story.happens(arrives(A, SAKURA))
    story.happens(arrives(B, MIDORI), after=1)
    assert story.comes(SUZUKI) == [ring(B, SUZUKI)]
    story.happens(ev.AgentConfigured(ev.AgentId(3), frozenset({UNKNOWN})))
    story.happens(arrives(C, MIDORI))
    assert story.comes(ev.AgentId(3)) == []


def test_the_longest_waiting_of_all_programmes_goes_first() -> None:
    story = Story()
    story.happens(arrives(A, SAKURA))
    story.happens(arrives(B, MIDORI), after=1)
    assert story.comes(SATO) == [ring(A, SATO, SAKURA)]
    assert story.comes(SUZUKI) == [ring(B, SUZUKI)]


@pytest.mark.requirement("S1")
def test_no_more_calls_than_contracted_lines_even_beside_an_idle_communicator() -> None:
    story = Story(lines=1)
    story.comes(SATO, SUZUKI)
    story.talks(A, SUZUKI)
    assert story.happens(arrives(B)) == [PlayGuidance(B, WAIT)]
    assert story.happens(ev.CallerHungUp(A)) == [ring(B, SATO), ReleaseAgent(A, SUZUKI)][::-1]


def test_more_lines_serve_those_who_wait_at_once() -> None:
    story = Story(lines=0)
    story.comes(SATO)
    story.happens(arrives(A))
    assert story.happens(ev.ProgrammeConfigured(MIDORI, 1, 20.0, None)) == [ring(A, SATO)]


def test_an_unanswered_call_goes_to_the_next_and_keeps_its_place() -> None:
    story = Story()
    story.comes(SUZUKI)
    story.happens(arrives(A))
    assert story.happens(arrives(B), after=1) == [PlayGuidance(B, WAIT)]
    assert story.passes(18.9) == []
    assert story.router.wake_at() == 20.0
    assert story.passes(0.1) == [StopRinging(A, SUZUKI), PlayGuidance(A, WAIT)]
    assert story.state(SUZUKI) is AgentState.AWAY
    assert story.router.floor.agents[SUZUKI].reason is ev.AwayReason.NO_ANSWER
    assert story.comes(SATO) == [ring(A, SATO)]


def test_a_refused_ring_goes_to_the_next_at_once() -> None:
    story = Story()
    story.comes(SUZUKI, SATO)
    story.happens(arrives(A))
    assert story.happens(ev.AgentDeclined(A, SUZUKI, ev.AwayReason.UNREACHABLE)) == [ring(A, SATO)]
    assert story.happens(ev.AgentHungUp(A, SATO)) == [StopRinging(A, SATO), PlayGuidance(A, WAIT)]


def test_a_ring_that_was_lost_rings_again_at_the_same_desk() -> None:
    story = Story()
    story.comes(SUZUKI, SATO)
    story.happens(arrives(A))
    assert story.happens(ev.RingLost(A, SUZUKI), after=15) == [ring(A, SUZUKI)]
    assert story.happens(ev.RingLost(A, SATO)) == []
    assert story.passes(19) == []
    assert story.passes(1) == [StopRinging(A, SUZUKI), ring(A, SATO)]


def test_an_abandoned_ring_costs_the_communicator_no_place() -> None:
    story = Story(lines=5)
    story.happens(ev.AgentConfigured(SATO, frozenset({MIDORI})))
    story.comes(SATO, SUZUKI, after=1)
    assert story.happens(arrives(A)) == [ring(A, SATO)]
    assert story.happens(ev.CallerHungUp(A), after=3) == [StopRinging(A, SATO)]
    assert story.happens(arrives(B)) == [ring(B, SATO)]
    assert story.happens(arrives(C)) == [ring(C, SUZUKI)]


def test_a_caller_who_gives_up_while_waiting_is_forgotten() -> None:
    story = Story()
    story.happens(arrives(A), arrives(B))
    assert story.happens(ev.CallerHungUp(A)) == []
    assert story.comes(SATO) == [ring(B, SATO)]


def test_hold_and_resume_are_carried_out_once() -> None:
    story = Story()
    story.comes(SATO)
    assert story.happens(ev.CallHeld(A)) == []
    story.talks(A, SATO)
    assert story.happens(ev.CallResumed(A)) == []
    assert story.happens(ev.CallHeld(A)) == [Hold(A, SATO)]
    assert story.happens(ev.CallHeld(A)) == []
    assert story.happens(ev.CallResumed(A)) == [Resume(A, SATO)]


def test_the_communicators_hang_up_ends_both_sides_and_begins_after_call_work() -> None:
    story = Story()
    story.comes(SATO)
    story.talks(A, SATO)
    assert story.happens(ev.AgentHungUp(A, SUZUKI)) == []
    assert story.happens(ev.AgentHungUp(A, SATO)) == [HangUp(A), ReleaseAgent(A, SATO)]
    assert story.state(SATO) is AgentState.WRAP_UP
    assert story.happens(ev.AgentHungUp(A, SATO)) == []


def test_after_call_work_ends_by_itself_where_the_programme_limits_it() -> None:
    story = Story(wrap_up_s=10.0)
    story.comes(SATO)
    story.talks(A, SATO)
    story.happens(ev.CallerHungUp(A))
    assert story.happens(arrives(B)) == [PlayGuidance(B, WAIT)]
    assert story.passes(10) == [ring(B, SATO)]


def test_a_break_asked_for_during_a_call_begins_after_its_after_call_work() -> None:
    story = Story()
    story.comes(SATO)
    story.talks(A, SATO)
    story.happens(ev.AgentWentAway(SATO, ev.AwayReason.BREAK), ev.CallerHungUp(A))
    assert story.state(SATO) is AgentState.WRAP_UP
    assert story.happens(ev.WrapUpFinished(SATO, B)) == []
    story.happens(ev.WrapUpFinished(SATO, A))
    assert (story.state(SATO), story.router.floor.agents[SATO].reason) == (
        AgentState.AWAY,
        ev.AwayReason.BREAK,
    )


def test_a_break_may_be_taken_back_during_the_call() -> None:
    story = Story()
    story.comes(SATO)
    story.talks(A, SATO)
    story.happens(
        ev.AgentSignedOut(SATO), ev.AgentBecameReady(SATO), ev.CallerHungUp(A), ev.WrapUpFinished(SATO, A)
    )
    assert story.state(SATO) is AgentState.READY


def test_leaving_while_it_rings_gives_the_call_to_the_next() -> None:
    story = Story()
    story.comes(SUZUKI, SATO)
    story.happens(arrives(A))
    assert story.happens(ev.AgentSignedOut(SUZUKI)) == [StopRinging(A, SUZUKI), ring(A, SATO)]
    assert story.state(SUZUKI) is AgentState.OFF


def test_late_news_is_cleared_up_or_passed_over() -> None:
    story = Story()
    story.comes(SATO)
    story.happens(arrives(A), ev.CallerHungUp(A))
    assert story.happens(ev.AgentAnswered(A, SATO)) == [ReleaseAgent(A, SATO)]
    assert (
        story.happens(ev.CallerHungUp(A), ev.CallLost(A), ev.AgentDeclined(A, SATO), ev.RingTimedOut(A, SATO))
        == []
    )
    story.talks(B, SATO)
    assert story.happens(ev.AgentAnswered(B, SATO), arrives(B), ev.RingTimedOut(B, SATO)) == []


def test_a_number_without_an_open_programme_is_rejected() -> None:
    story = Story()
    story.happens(arrives(A), ev.ProgrammeWithdrawn(MIDORI), ev.ProgrammeWithdrawn(UNKNOWN))
    assert story.happens(arrives(B)) == [Reject(B, RejectReason.UNKNOWN_PROGRAMME)]
    assert story.happens(arrives(C, UNKNOWN)) == [Reject(C, RejectReason.UNKNOWN_PROGRAMME)]
    assert story.comes(SATO) == [ring(A, SATO)], "whoever waits already is still served"


def test_unknown_communicators_change_nothing() -> None:
    story = Story()
    stranger = ev.AgentId(99)
    assert (
        story.happens(
            ev.AgentSignedIn(stranger),
            ev.AgentBecameReady(stranger),
            ev.AgentWentAway(stranger, ev.AwayReason.BREAK),
            ev.AgentSignedOut(SATO),
            ev.WrapUpFinished(stranger, A),
        )
        == []
    )


@pytest.mark.requirement("T2")
def test_a_certificate_gained_or_lost_counts_from_that_moment() -> None:
    story = Story()
    story.comes(SUZUKI)
    story.happens(arrives(A, SAKURA))
    assert story.happens(ev.AgentConfigured(SUZUKI, frozenset({SAKURA}))) == [ring(A, SUZUKI, SAKURA)]
    story.happens(ev.CallerHungUp(A), ev.AgentConfigured(SUZUKI, frozenset()))
    assert story.happens(arrives(B, SAKURA)) == [PlayGuidance(B, WAIT)]


def test_it_says_which_communicators_and_programmes_changed() -> None:
    story = Story()
    story.comes(SATO)
    story.router.take_touched()
    story.happens(arrives(A))
    touched = story.router.take_touched()
    assert (touched.agents, touched.programmes) == ({SATO}, {MIDORI})
    assert not story.router.take_touched().agents


def test_a_step_that_the_tables_do_not_have_is_a_bug_and_says_so() -> None:
    story = Story()
    story.comes(SATO)
    story.happens(arrives(A))
    floor = story.router.floor
    with pytest.raises(ImpossibleStep, match="ringing has no held"):
        floor.hold(floor.calls[A], floor.agents[SATO], 0.0)
    with pytest.raises(ImpossibleStep, match="agent 1: ringing has no signed_in"):
        floor.move_agent(floor.agents[SATO], AgentStep.SIGNED_IN, 0.0)


def test_an_empty_bench_has_nobody() -> None:
    bench = Bench()
    assert bench.best(MIDORI) is None


def test_after_call_work_goes_on_in_a_restored_router() -> None:
    story = Story(wrap_up_s=10.0)
    story.comes(SATO)
    story.talks(A, SATO)
    story.happens(ev.CallerHungUp(A))
    story.router = restore(snapshot(story.router))
    story.passes(10)
    assert story.state(SATO) is AgentState.READY


def test_a_snapshot_of_another_version_is_refused() -> None:
    with pytest.raises(UnknownSnapshot, match="version 0"):
        restore(snapshot(Router()) | {"version": 0})


def test_every_state_can_be_reached_and_left() -> None:
    reached = {state for steps in CALL_TRANSITIONS.values() for state in steps.values()}
    assert reached | {CallState.WAITING} == set(CallState) == set(CALL_TRANSITIONS)
    assert [state for state, steps in CALL_TRANSITIONS.items() if not steps] == [CallState.ENDED]
    assert {step for steps in CALL_TRANSITIONS.values() for step in steps} == set(CallStep)
    assert {state for steps in AGENT_TRANSITIONS.values() for state in steps.values()} == set(AgentState)
    assert all(AGENT_TRANSITIONS.values())
    assert {step for steps in AGENT_TRANSITIONS.values() for step in steps} == set(AgentStep)
