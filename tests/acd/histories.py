"""Histories: what happens at a small centre, moment by moment, drawn by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from madoguchi.acd import events as ev

PROGRAMMES = [ev.ProgrammeId(n) for n in (1, 2, 3)]
AGENTS = [ev.AgentId(n) for n in (11, 12, 13, 14)]
CALLS = [ev.CallId(f"call-{n}") for n in range(6)]

programmes = st.sampled_from(PROGRAMMES)
agents = st.sampled_from(AGENTS)
calls = st.sampled_from(CALLS)
certificates = st.one_of(
    st.just(frozenset(PROGRAMMES)), st.frozensets(programmes, min_size=1), st.frozensets(programmes)
)
reasons = st.sampled_from(list(ev.AwayReason))

configured = st.builds(
    ev.ProgrammeConfigured,
    programme=programmes,
    lines=st.integers(0, 3),
    ring_s=st.sampled_from([5.0, 20.0]),
    wrap_up_s=st.sampled_from([None, 0.0, 10.0]),
)

arrivals = st.builds(
    ev.CallArrived,
    call=calls,
    programme=programmes,
    caller=st.just("0312345678"),
    waited_s=st.sampled_from([0.0, 0.0, 5.0]),
)
answers = st.builds(ev.AgentAnswered, call=calls, agent=agents)
recertified = st.builds(ev.AgentConfigured, agent=agents, programmes=certificates)

#: Named more often than the rest: what leads somewhere.
happenings = st.one_of(
    arrivals,
    arrivals,
    arrivals,
    answers,
    answers,
    recertified,
    recertified,
    st.builds(ev.AgentSignedIn, agent=agents),
    st.builds(ev.AgentBecameReady, agent=agents),
    st.builds(ev.AgentWentAway, agent=agents, reason=reasons),
    st.builds(ev.AgentSignedOut, agent=agents),
    st.builds(ev.AgentDeclined, call=calls, agent=agents, reason=reasons),
    st.builds(ev.RingLost, call=calls, agent=agents),
    st.builds(ev.AgentHungUp, call=calls, agent=agents),
    st.builds(ev.CallerHungUp, call=calls),
    st.builds(ev.CallLost, call=calls),
    st.builds(ev.CallHeld, call=calls),
    st.builds(ev.CallResumed, call=calls),
    st.builds(ev.WrapUpFinished, agent=agents, call=calls),
    st.builds(ev.RingTimedOut, call=calls, agent=agents),
    st.builds(ev.WrapUpTimedOut, agent=agents, call=calls),
    st.builds(ev.ProgrammeWithdrawn, programme=programmes),
    configured,
)

#: The centre as it opens: everybody certified for something, at the desk and ready.
opening = st.tuples(
    st.tuples(
        *[
            st.builds(
                ev.ProgrammeConfigured,
                programme=st.just(p),
                lines=st.integers(1, 3),
                ring_s=st.just(20.0),
                wrap_up_s=st.sampled_from([None, 10.0]),
            )
            for p in PROGRAMMES
        ]
    ),
    st.tuples(*[st.builds(ev.AgentConfigured, agent=st.just(a), programmes=certificates) for a in AGENTS]),
).map(
    lambda centre: [
        *centre[0],
        *centre[1],
        *[ev.AgentSignedIn(a) for a in AGENTS],
        *[ev.AgentBecameReady(a) for a in AGENTS],
    ]
)

#: (seconds since the last happening, what happened); half of the moments are shared with the one before.
steps = st.lists(st.tuples(st.sampled_from([0.0, 0.0, 1.0, 7.0, 30.0]), happenings), min_size=5, max_size=60)
