"""All state of the routing core, and every change of it.

A `Floor` holds calls, communicators and programmes with the two indices of `matching`, and changes them
only along the tables of `transitions`. It decides nothing: `router` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from madoguchi.acd.events import AgentId, AwayReason, CallId, ProgrammeId
from madoguchi.acd.matching import Bench, Place, WaitingRoom
from madoguchi.acd.transitions import (
    AGENT_TRANSITIONS,
    CALL_TRANSITIONS,
    ON_A_LINE,
    AgentState,
    AgentStep,
    CallState,
    CallStep,
)


class ImpossibleStep(AssertionError):
    """The router asked for a step that the tables do not have: a bug in the core, never a user's fault."""


@dataclass(slots=True)
class Programme:
    """A programme and how many of its contracted lines are taken."""

    id: ProgrammeId
    lines: int
    ring_s: float
    wrap_up_s: float | None
    open: bool = True
    lines_taken: int = 0

    @property
    def line_free(self) -> bool:
        return self.lines_taken < self.lines


@dataclass(slots=True)
class Agent:
    """A communicator: exists once, whatever the number of programmes."""

    id: AgentId
    programmes: frozenset[ProgrammeId]
    state: AgentState = AgentState.OFF
    since: float = 0.0
    reason: AwayReason | None = None
    call: CallId | None = None
    programme: ProgrammeId | None = None
    """The programme of the call, kept through after-call work."""
    afterwards: AgentStep = AgentStep.BECAME_READY
    """What becomes of the communicator when call and after-call work are over."""
    afterwards_reason: AwayReason | None = None
    bench_place: Place = (0.0, 0)
    """The place on the bench, kept while ringing: a caller who gives up costs nobody his place."""
    timer: int = 0
    """The serial of the only timer that is still meant; 0 for none."""


@dataclass(slots=True)
class Call:
    """A caller."""

    id: CallId
    programme: ProgrammeId
    place: Place
    state: CallState = CallState.WAITING
    agent: AgentId | None = None
    guided: bool = False
    """Whether the waiting guidance has begun."""


@dataclass(slots=True)
class Touched:
    """What has changed since it was last asked."""

    agents: set[AgentId] = field(default_factory=set)
    programmes: set[ProgrammeId] = field(default_factory=set)


class Floor:
    """The centre at this moment."""

    def __init__(self) -> None:
        self.programmes: dict[ProgrammeId, Programme] = {}
        self.agents: dict[AgentId, Agent] = {}
        self.calls: dict[CallId, Call] = {}
        self.bench = Bench()
        self.waiting = WaitingRoom()
        self.serial = 0
        self.touched = Touched()

    def next_serial(self) -> int:
        """Return the next number of the one series that orders all that happens at the same moment."""
        self.serial += 1
        return self.serial

    # ------------------------------------------------------------ calls

    def admit(self, call: CallId, programme: ProgrammeId, arrived_at: float) -> Call:
        """Let a new caller wait."""
        admitted = Call(call, programme, (arrived_at, self.next_serial()))
        self.calls[call] = admitted
        self._enter(admitted)
        return admitted

    def offer(self, call: Call, agent: Agent, now: float) -> None:
        """Reserve caller, communicator and contracted line together."""
        self.waiting.leave(call.id, call.programme)
        self._move_call(call, CallStep.OFFERED)
        self.move_agent(agent, AgentStep.OFFERED, now)
        call.agent = agent.id
        agent.call, agent.programme = call.id, call.programme

    def answer(self, call: Call, agent: Agent, now: float) -> None:
        """Let them talk."""
        self._move_call(call, CallStep.ANSWERED)
        self.move_agent(agent, AgentStep.ANSWERED, now)

    def take_back(
        self, call: Call, agent: Agent, step: AgentStep, now: float, reason: AwayReason | None
    ) -> None:
        """Undo an offer that was not taken: the caller waits at the old place, the communicator goes."""
        self._move_call(call, CallStep.NOT_TAKEN)
        call.agent = None
        self._enter(call)
        self.move_agent(agent, step, now, reason)

    def hold(self, call: Call, agent: Agent, now: float) -> None:
        """Put the caller on hold."""
        self._move_call(call, CallStep.HELD)
        self.move_agent(agent, AgentStep.HELD, now)

    def resume(self, call: Call, agent: Agent, now: float) -> None:
        """Take the caller off hold."""
        self._move_call(call, CallStep.RESUMED)
        self.move_agent(agent, AgentStep.RESUMED, now)

    def end(self, call: Call, now: float) -> Agent | None:
        """Forget a call; return the communicator it was bound to, freed of it or in after-call work."""
        if call.state is CallState.WAITING:
            self.waiting.leave(call.id, call.programme)
        was_ringing = call.state is CallState.RINGING
        self._move_call(call, CallStep.OVER)
        del self.calls[call.id]
        if call.agent is None:
            return None
        agent = self.agents[call.agent]
        self.move_agent(agent, AgentStep.OFFER_GONE if was_ringing else AgentStep.CALL_OVER, now)
        return agent

    def _enter(self, call: Call) -> None:
        self.waiting.enter(call.id, call.programme, call.place)
        self.touched.programmes.add(call.programme)

    def _move_call(self, call: Call, step: CallStep) -> None:
        state = CALL_TRANSITIONS[call.state].get(step)
        if state is None:
            raise ImpossibleStep(f"call {call.id}: {call.state} has no {step}")
        programme = self.programmes[call.programme]
        programme.lines_taken += (state in ON_A_LINE) - (call.state in ON_A_LINE)
        call.state = state
        self.touched.programmes.add(call.programme)

    # ------------------------------------------------------------ communicators

    def certify(self, agent: AgentId, programmes: frozenset[ProgrammeId]) -> Agent:
        """Put a communicator on the books, or change what it is certified for."""
        known = self.agents.setdefault(agent, Agent(agent, programmes))
        seated = known.state is AgentState.READY
        if seated:
            self.bench.stand(agent)
        known.programmes = programmes
        if seated:
            self.bench.sit(agent, programmes, known.bench_place)
        self.touched.agents.add(agent)
        return known

    def move_agent(self, agent: Agent, step: AgentStep, now: float, reason: AwayReason | None = None) -> None:
        """Take one step of the table, on and off the bench included."""
        state = AGENT_TRANSITIONS[agent.state].get(step)
        if state is None:
            raise ImpossibleStep(f"agent {agent.id}: {agent.state} has no {step}")
        if agent.state is AgentState.READY:
            self.bench.stand(agent.id)
        if state is AgentState.READY:
            if step is not AgentStep.OFFER_GONE:
                agent.bench_place = (now, self.next_serial())
            self.bench.sit(agent.id, agent.programmes, agent.bench_place)
        if state in (AgentState.READY, AgentState.AWAY, AgentState.OFF):
            agent.call = agent.programme = None
            agent.afterwards, agent.afterwards_reason = AgentStep.BECAME_READY, None
        agent.state, agent.since, agent.timer = state, now, 0
        agent.reason = reason if state is AgentState.AWAY else None
        self.touched.agents.add(agent.id)
