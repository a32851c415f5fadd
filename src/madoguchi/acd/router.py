"""The router: takes an event and the time, and says what is to be done.

Rules (requirement S2, DESIGN "The routing core"): a caller is served by the ready communicator with the
fewest other programmes, then the longest idle; a communicator who becomes free takes the caller who has
waited longest among its programmes with a free contracted line. As soon as a caller, a free line and a
certified ready communicator exist together, they are matched: nobody waits beside an idle communicator.

Late news is normal: two things may happen at once on the wire. An event that no longer fits the state is
answered with the command that clears up after it, or with nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from madoguchi.acd.events import AgentId, AwayReason, CallId, Event
from madoguchi.acd.state import Agent, Call, Floor, Programme, Touched
from madoguchi.acd.strategies import Strategy, longest_waiting
from madoguchi.acd.timers import Timers
from madoguchi.acd.transitions import AgentState, AgentStep, CallState

Commands = list[Command]


class Router:
    """One centre's routing. Not thread-safe, and need not be: it never waits for anything."""

    def __init__(self, *, strategy: Strategy = longest_waiting) -> None:
        self.floor = Floor()
        self.timers = Timers()
        self._strategy = strategy
        self._handlers: dict[type, Callable[[Any, float], Commands]] = {
            ev.ProgrammeConfigured: self._programme_configured,
            ev.ProgrammeWithdrawn: self._programme_withdrawn,
            ev.AgentConfigured: self._agent_configured,
            ev.AgentSignedIn: self._agent_signed_in,
            ev.AgentBecameReady: self._agent_became_ready,
            ev.AgentWentAway: self._agent_went_away,
            ev.AgentSignedOut: self._agent_signed_out,
            ev.WrapUpFinished: self._wrap_up_over,
            ev.WrapUpTimedOut: self._wrap_up_over,
            ev.CallArrived: self._call_arrived,
            ev.AgentAnswered: self._agent_answered,
            ev.AgentDeclined: self._agent_declined,
            ev.RingLost: self._ring_lost,
            ev.RingTimedOut: self._ring_timed_out,
            ev.CallHeld: self._call_held,
            ev.CallResumed: self._call_resumed,
            ev.CallerHungUp: self._caller_hung_up,
            ev.AgentHungUp: self._agent_hung_up,
            ev.CallLost: self._caller_hung_up,
        }

    # ------------------------------------------------------------ the seam

    def handle(self, event: Event, now: float) -> Commands:
        """Take an event at `now` (seconds, never earlier than the last) and return what is to be done, in order."""
        return self._handlers[type(event)](event, now)

    def wake_at(self) -> float | None:
        """Return the moment at which `wake` must be called at the latest, or None."""
        return self.timers.first(self._timer_of)

    def wake(self, now: float) -> list[Event]:
        """Return what time alone has brought about by `now`; each is to be given to `handle`."""
        return list(self.timers.due(now, self._timer_of))

    def take_touched(self) -> Touched:
        """Return which communicators and programmes have changed since this was last called."""
        touched, self.floor.touched = self.floor.touched, Touched()
        return touched

    # ------------------------------------------------------------ the centre as it is set up

    def _programme_configured(self, event: ev.ProgrammeConfigured, now: float) -> Commands:
        known = self.floor.programmes.get(event.programme)
        if known is None:
            known = Programme(event.programme, event.lines, event.ring_s, event.wrap_up_s)
            self.floor.programmes[event.programme] = known
        known.lines, known.ring_s, known.wrap_up_s = event.lines, event.ring_s, event.wrap_up_s
        known.open = True
        return self._serve(known, now)

    def _programme_withdrawn(self, event: ev.ProgrammeWithdrawn, now: float) -> Commands:
        if known := self.floor.programmes.get(event.programme):
            known.open = False
        return []

    def _agent_configured(self, event: ev.AgentConfigured, now: float) -> Commands:
        return self._employ(self.floor.certify(event.agent, event.programmes), now)

    # ------------------------------------------------------------ what a communicator did

    def _agent_signed_in(self, event: ev.AgentSignedIn, now: float) -> Commands:
        agent = self.floor.agents.get(event.agent)
        if agent and agent.state is AgentState.OFF:
            self.floor.move_agent(agent, AgentStep.SIGNED_IN, now)
        return []

    def _agent_became_ready(self, event: ev.AgentBecameReady, now: float) -> Commands:
        agent = self.floor.agents.get(event.agent)
        if agent is None:
            return []
        agent.afterwards, agent.afterwards_reason = AgentStep.BECAME_READY, None
        if agent.state is not AgentState.AWAY:
            return []
        self.floor.move_agent(agent, AgentStep.BECAME_READY, now)
        return self._employ(agent, now)

    def _agent_went_away(self, event: ev.AgentWentAway, now: float) -> Commands:
        return self._leave(event.agent, AgentStep.WENT_AWAY, event.reason, now)

    def _agent_signed_out(self, event: ev.AgentSignedOut, now: float) -> Commands:
        return self._leave(event.agent, AgentStep.SIGNED_OUT, None, now)

    def _leave(self, agent_id: AgentId, step: AgentStep, reason: AwayReason | None, now: float) -> Commands:
        agent = self.floor.agents.get(agent_id)
        if agent is None or agent.state is AgentState.OFF:
            return []
        if agent.state in (AgentState.AWAY, AgentState.READY):
            self.floor.move_agent(agent, step, now, reason)
            return []
        if agent.state is AgentState.RINGING and agent.call:
            call = self.floor.calls[agent.call]
            return [StopRinging(call.id, agent.id), *self._not_taken(call, agent, step, reason, now)]
        agent.afterwards, agent.afterwards_reason = step, reason
        return []

    def _wrap_up_over(self, event: ev.WrapUpFinished | ev.WrapUpTimedOut, now: float) -> Commands:
        agent = self.floor.agents.get(event.agent)
        if agent is None or agent.state is not AgentState.WRAP_UP or agent.call != event.call:
            return []
        self.floor.move_agent(agent, agent.afterwards, now, agent.afterwards_reason)
        return self._employ(agent, now)

    # ------------------------------------------------------------ what happened to a call

    def _call_arrived(self, event: ev.CallArrived, now: float) -> Commands:
        programme = self.floor.programmes.get(event.programme)
        if event.call in self.floor.calls:
            return []
        if programme is None or not programme.open:
            return [Reject(event.call, RejectReason.UNKNOWN_PROGRAMME)]
        call = self.floor.admit(event.call, event.programme, now - event.waited_s)
        return [*self._serve(programme, now), *self._guide(call)]

    def _agent_answered(self, event: ev.AgentAnswered, now: float) -> Commands:
        bound = self._offer(event.call, event.agent)
        if bound is None:
            return [] if self._talks(event.call, event.agent) else [ReleaseAgent(event.call, event.agent)]
        self.floor.answer(*bound, now)
        return [Connect(event.call, event.agent)]

    def _agent_declined(self, event: ev.AgentDeclined, now: float) -> Commands:
        bound = self._offer(event.call, event.agent)
        return self._not_taken(*bound, AgentStep.WENT_AWAY, event.reason, now) if bound else []

    def _ring_timed_out(self, event: ev.RingTimedOut, now: float) -> Commands:
        bound = self._offer(event.call, event.agent)
        if bound is None:
            return []
        stop = StopRinging(event.call, event.agent)
        return [stop, *self._not_taken(*bound, AgentStep.WENT_AWAY, AwayReason.NO_ANSWER, now)]

    def _ring_lost(self, event: ev.RingLost, now: float) -> Commands:
        bound = self._offer(event.call, event.agent)
        return [self._ring(*bound, now)] if bound else []

    def _call_held(self, event: ev.CallHeld, now: float) -> Commands:
        call = self.floor.calls.get(event.call)
        if call is None or call.state is not CallState.TALKING or call.agent is None:
            return []
        self.floor.hold(call, self.floor.agents[call.agent], now)
        return [Hold(call.id, call.agent)]

    def _call_resumed(self, event: ev.CallResumed, now: float) -> Commands:
        call = self.floor.calls.get(event.call)
        if call is None or call.state is not CallState.HOLDING or call.agent is None:
            return []
        self.floor.resume(call, self.floor.agents[call.agent], now)
        return [Resume(call.id, call.agent)]

    def _caller_hung_up(self, event: ev.CallerHungUp | ev.CallLost, now: float) -> Commands:
        call = self.floor.calls.get(event.call)
        if call is None:
            return []
        was_ringing = call.state is CallState.RINGING
        agent = self.floor.end(call, now)
        commands: Commands = []
        if agent:
            commands.append((StopRinging if was_ringing else ReleaseAgent)(call.id, agent.id))
        return commands + self._after(call, agent, now)

    def _agent_hung_up(self, event: ev.AgentHungUp, now: float) -> Commands:
        call = self.floor.calls.get(event.call)
        if call is None or call.agent != event.agent:
            return []
        if call.state is CallState.RINGING:
            return self._ring_timed_out(ev.RingTimedOut(event.call, event.agent), now)
        agent = self.floor.end(call, now)
        return [HangUp(call.id), ReleaseAgent(call.id, event.agent), *self._after(call, agent, now)]

    # ------------------------------------------------------------ decisions

    def _after(self, call: Call, agent: Agent | None, now: float) -> Commands:
        """Give the line, and a communicator whose ringing ended, to whoever waits."""
        programme = self.floor.programmes[call.programme]
        commands = self._serve(programme, now)
        if agent is None:
            return commands
        if agent.state is AgentState.WRAP_UP and programme.wrap_up_s is not None:
            self._set_timer(agent, now + programme.wrap_up_s, ev.WrapUpTimedOut(agent.id, call.id))
        return commands + self._employ(agent, now)

    def _not_taken(
        self, call: Call, agent: Agent, step: AgentStep, reason: AwayReason | None, now: float
    ) -> Commands:
        self.floor.take_back(call, agent, step, now, reason)
        return [*self._serve(self.floor.programmes[call.programme], now), *self._guide(call)]

    def _serve(self, programme: Programme, now: float) -> Commands:
        """Match a programme's callers with ready communicators while there are lines."""
        commands: Commands = []
        while programme.line_free and (first := self.floor.waiting.first(programme.id)):
            agent = self.floor.bench.best(programme.id)
            if agent is None:
                break
            commands.append(self._offer_call(first[1], self.floor.agents[agent], now))
        self.review(programme)
        return commands

    def _employ(self, agent: Agent, now: float) -> Commands:
        """Give a ready communicator the caller who is to be served next."""
        if agent.state is not AgentState.READY:
            return []
        best = self.floor.waiting.best(agent.programmes)
        first = self.floor.waiting.first(best) if best is not None else None
        if best is None or first is None:
            return []
        ring = self._offer_call(first[1], agent, now)
        self.review(self.floor.programmes[best])
        return [ring]

    def _offer_call(self, call_id: CallId, agent: Agent, now: float) -> Ring:
        call = self.floor.calls[call_id]
        self.floor.offer(call, agent, now)
        return self._ring(call, agent, now)

    def _ring(self, call: Call, agent: Agent, now: float) -> Ring:
        programme = self.floor.programmes[call.programme]
        self._set_timer(agent, now + programme.ring_s, ev.RingTimedOut(call.id, agent.id))
        return Ring(call.id, agent.id, programme.id, programme.ring_s)

    def _guide(self, call: Call) -> Commands:
        if call.guided or call.state is not CallState.WAITING:
            return []
        call.guided = True
        return [PlayGuidance(call.id, Guidance.WAITING)]

    def review(self, programme: Programme) -> None:
        """Weigh a programme anew: its first caller, its free lines, its head start."""
        headstart = self._strategy(programme)
        self.floor.waiting.review(programme.id, line_free=programme.line_free, headstart_s=headstart)

    # ------------------------------------------------------------ look-ups

    def _offer(self, call_id: CallId, agent_id: AgentId) -> tuple[Call, Agent] | None:
        """Return call and communicator when the one rings for the other."""
        call = self.floor.calls.get(call_id)
        if call is None or call.agent != agent_id or call.state is not CallState.RINGING:
            return None
        return call, self.floor.agents[agent_id]

    def _talks(self, call_id: CallId, agent_id: AgentId) -> bool:
        call = self.floor.calls.get(call_id)
        return call is not None and call.agent == agent_id

    def _set_timer(self, agent: Agent, at: float, alarm: ev.RingTimedOut | ev.WrapUpTimedOut) -> None:
        agent.timer = self.floor.next_serial()
        self.timers.set(at, agent.timer, alarm)

    def _timer_of(self, agent: AgentId) -> int:
        return self.floor.agents[agent].timer
