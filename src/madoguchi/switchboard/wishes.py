"""What a communicator asks for at the desk, as events for the router; or why it cannot be."""

from __future__ import annotations

from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.acd.state import Agent
from madoguchi.acd.transitions import AgentState
from madoguchi.switchboard.ports import DeskRequest, DeskVerb


class NotPossible(Exception):
    """The request does not fit the moment; `code` says why, the desk has the sentence for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def events_of(request: DeskRequest, router: Router) -> list[ev.Event]:
    """Return what a desk request means to the router now.

    Raises:
        NotPossible: `unknown_agent`, `call_is_over` (the request is about another call than the present
            one) or `not_now` (the communicator's state has no such step).
    """
    agent = router.floor.agents.get(request.agent)
    if agent is None:
        raise NotPossible("unknown_agent")
    if request.verb in _OF_THE_DAY:
        return _of_the_day(request, agent)
    if agent.call is None or request.call != agent.call:
        raise NotPossible("call_is_over")
    if agent.state not in _WHEN[request.verb]:
        raise NotPossible("not_now")
    return [_of_a_call(request.verb, agent.id, agent.call)]


_OF_THE_DAY = frozenset({DeskVerb.SIGN_IN, DeskVerb.READY, DeskVerb.AWAY, DeskVerb.SIGN_OUT})

_WHEN = {
    DeskVerb.HOLD: {AgentState.TALKING},
    DeskVerb.RESUME: {AgentState.HOLDING},
    DeskVerb.HANG_UP: {AgentState.RINGING, AgentState.TALKING, AgentState.HOLDING},
    DeskVerb.FINISH_WRAP_UP: {AgentState.WRAP_UP},
}


def _of_the_day(request: DeskRequest, agent: Agent) -> list[ev.Event]:
    match request.verb:
        case DeskVerb.SIGN_IN:
            return [ev.AgentSignedIn(agent.id)]
        case DeskVerb.AWAY:
            return [ev.AgentWentAway(agent.id, request.reason or ev.AwayReason.BREAK)]
        case DeskVerb.SIGN_OUT:
            return [ev.AgentSignedOut(agent.id)]
    if agent.state is AgentState.OFF:
        return [ev.AgentSignedIn(agent.id), ev.AgentBecameReady(agent.id)]
    if agent.state is AgentState.WRAP_UP and agent.call is not None:
        return [ev.AgentBecameReady(agent.id), ev.WrapUpFinished(agent.id, agent.call)]
    return [ev.AgentBecameReady(agent.id)]


def _of_a_call(verb: DeskVerb, agent: ev.AgentId, call: ev.CallId) -> ev.Event:
    match verb:
        case DeskVerb.HOLD:
            return ev.CallHeld(call)
        case DeskVerb.RESUME:
            return ev.CallResumed(call)
        case DeskVerb.HANG_UP:
            return ev.AgentHungUp(call, agent)
    return ev.WrapUpFinished(agent, call)
