"""What changed in the books since the router was last told."""

from __future__ import annotations

from madoguchi.acd import events as ev
from madoguchi.acd.router import Router
from madoguchi.switchboard.ports import Centre


def changes(router: Router, centre: Centre) -> list[ev.Event]:
    """Return the events that bring the router to the centre's present terms; none when nothing changed."""
    floor = router.floor
    wanted = {programme.programme for programme in centre.programmes}
    found: list[ev.Event] = []
    for terms in centre.programmes:
        known = floor.programmes.get(terms.programme)
        same = known and (known.lines, known.ring_s, known.wrap_up_s) == (
            terms.lines,
            terms.ring_s,
            terms.wrap_up_s,
        )
        if not (known and known.open and same):
            found.append(terms)
    found += [ev.ProgrammeWithdrawn(p.id) for p in floor.programmes.values() if p.open and p.id not in wanted]
    for staff in centre.agents:
        agent = floor.agents.get(staff.agent)
        if agent is None or agent.programmes != staff.programmes:
            found.append(staff)
    return found + _dismissed(router, centre)


def _dismissed(router: Router, centre: Centre) -> list[ev.Event]:
    """Take every certificate from those who are no longer on the books; a call in progress goes on."""
    employed = {staff.agent for staff in centre.agents}
    return [
        ev.AgentConfigured(agent.id, frozenset())
        for agent in router.floor.agents.values()
        if agent.id not in employed and agent.programmes
    ]
