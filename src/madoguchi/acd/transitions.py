"""The life of a call and of a communicator, as two tables.

Everything that may happen to either stands here; `state` looks every step up and refuses what does not
stand here. The diagram in docs/reference/states.md is drawn from these tables.

A call waits until a communicator's telephone rings for it (`OFFERED`), and waits again when that one
does not take it (`NOT_TAKEN`), at the place it had before. A communicator whom the rules may ring is
`READY`; the moment a call is offered, communicator, contracted line and caller are reserved together.
"""

from __future__ import annotations

from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    ENDED = "ended"


class AgentState(StrEnum):
    """Where a communicator stands."""

    OFF = "off"
    AWAY = "away"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    WRAP_UP = "wrap_up"


class CallStep(StrEnum):
    """What moves a call from one state to the next."""

    OFFERED = "offered"
    NOT_TAKEN = "not_taken"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    OVER = "over"


class AgentStep(StrEnum):
    """What moves a communicator from one state to the next."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    BECAME_READY = "became_ready"
    WENT_AWAY = "went_away"
    OFFERED = "offered"
    OFFER_GONE = "offer_gone"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CALL_OVER = "call_over"


CALL_TRANSITIONS: dict[CallState, dict[CallStep, CallState]] = {
    CallState.WAITING: {
        CallStep.OFFERED: CallState.RINGING,
        CallStep.OVER: CallState.ENDED,
    },
    CallState.RINGING: {
        CallStep.NOT_TAKEN: CallState.WAITING,
        CallStep.ANSWERED: CallState.TALKING,
        CallStep.OVER: CallState.ENDED,
    },
    CallState.TALKING: {
        CallStep.HELD: CallState.HOLDING,
        CallStep.OVER: CallState.ENDED,
    },
    CallState.HOLDING: {
        CallStep.RESUMED: CallState.TALKING,
        CallStep.OVER: CallState.ENDED,
    },
    CallState.ENDED: {},
}

AGENT_TRANSITIONS: dict[AgentState, dict[AgentStep, AgentState]] = {
    AgentState.OFF: {
        AgentStep.SIGNED_IN: AgentState.AWAY,
    },
    AgentState.AWAY: {
        AgentStep.BECAME_READY: AgentState.READY,
        AgentStep.WENT_AWAY: AgentState.AWAY,
        AgentStep.SIGNED_OUT: AgentState.OFF,
    },
    AgentState.READY: {
        AgentStep.OFFERED: AgentState.RINGING,
        AgentStep.WENT_AWAY: AgentState.AWAY,
        AgentStep.SIGNED_OUT: AgentState.OFF,
    },
    AgentState.RINGING: {
        AgentStep.ANSWERED: AgentState.TALKING,
        AgentStep.OFFER_GONE: AgentState.READY,
        AgentStep.WENT_AWAY: AgentState.AWAY,
        AgentStep.SIGNED_OUT: AgentState.OFF,
    },
    AgentState.TALKING: {
        AgentStep.HELD: AgentState.HOLDING,
        AgentStep.CALL_OVER: AgentState.WRAP_UP,
    },
    AgentState.HOLDING: {
        AgentStep.RESUMED: AgentState.TALKING,
        AgentStep.CALL_OVER: AgentState.WRAP_UP,
    },
    AgentState.WRAP_UP: {
        AgentStep.BECAME_READY: AgentState.READY,
        AgentStep.WENT_AWAY: AgentState.AWAY,
        AgentStep.SIGNED_OUT: AgentState.OFF,
    },
}

#: States in which a call holds one of its programme's contracted lines.
ON_A_LINE = frozenset({CallState.RINGING, CallState.TALKING, CallState.HOLDING})

#: States in which a communicator is bound to a call.
ON_A_CALL = frozenset({AgentState.RINGING, AgentState.TALKING, AgentState.HOLDING, AgentState.WRAP_UP})
