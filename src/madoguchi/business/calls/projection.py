"""From the journal to one complete row per call: pure, so that it can be tried on every history.

What the routing core ignored leaves no trace: late and repeated news is normal on the wire, so an event
counts only as far as the core's own commands, or the row so far, bear it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.switchboard.ports import Entry


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call's row as the switchboard writes it; moments in seconds since 1970."""

    id: ev.CallId
    client: int
    programme: int
    number: str
    caller: str
    arrived_at: float
    ring_count: int = 0
    first_rang_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    wrap_up_ended_at: float | None = None
    agent: int | None = None
    disposition: str = "in_progress"
    ended_by: str = ""
    held_s: float = 0.0
    holding_since: float | None = None
    """When the hold that is going on began; not a column of the call but the open hold span."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing more can become of it."""
        return self.ended_at is not None and (self.answered_at is None or self.wrap_up_ended_at is not None)


@dataclass(frozen=True, slots=True)
class Span:
    """A hold as the table of hold spans has it; `ended_at` is None while it lasts."""

    call: ev.CallId
    client: int
    began_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class Projected:
    """The rows and holds that a batch has changed, in their newest state."""

    rows: tuple[CallRow, ...]
    spans: tuple[Span, ...]


def concerned(entry: Entry) -> set[ev.CallId]:
    """Return the calls that an entry may change: its event's, and those whose telephones now ring."""
    calls = {command.call for command in entry.commands if isinstance(command, cmd.Ring)}
    call = getattr(entry.event, "call", None)
    return calls | {call} if call else calls


def project(
    entries: Iterable[Entry],
    rows: Mapping[ev.CallId, CallRow],
    clients: Mapping[int, int],
    numbers: Mapping[ev.CallId, str],
) -> Projected:
    """Return what becomes of the rows by these entries.

    `rows` holds what is known of the calls so far, `clients` the client of each programme, `numbers` what
    was dialled. A call of a programme that is in no book has no row: the journal alone knows it.
    """
    now = dict(rows)
    spans: dict[tuple[ev.CallId, float], Span] = {}
    touched: dict[ev.CallId, None] = {}
    for entry in entries:
        if isinstance(entry.event, ev.CallArrived):
            _arrive(entry, entry.event, now, clients, numbers)
        for call in sorted(concerned(entry)):
            before = now.get(call)
            if before is None:
                continue
            after = advance(before, entry)
            now[call] = after
            touched[call] = None
            for span in _spans(before, after, entry.at):
                spans[(call, span.began_at)] = span
    return Projected(tuple(now[call] for call in touched), tuple(spans.values()))


def _arrive(
    entry: Entry,
    event: ev.CallArrived,
    rows: dict[ev.CallId, CallRow],
    clients: Mapping[int, int],
    numbers: Mapping[ev.CallId, str],
) -> None:
    client = clients.get(event.programme)
    if event.call in rows or client is None:
        return
    rows[event.call] = CallRow(
        id=event.call,
        client=client,
        programme=event.programme,
        number=numbers.get(event.call, ""),
        caller=event.caller,
        arrived_at=entry.at - event.waited_s,
    )


def advance(row: CallRow, entry: Entry) -> CallRow:
    """Return a call's row after one entry of the journal."""
    row = _happened(row, entry)
    if isinstance(entry.event, ev.RingLost):
        return row  # The same telephone rings again: the caller was not passed on.
    for command in entry.commands:
        if isinstance(command, cmd.Ring) and command.call == row.id and row.ended_at is None:
            row = _rang(row, entry.at)
    return row


def _happened(row: CallRow, entry: Entry) -> CallRow:
    event, at = entry.event, entry.at
    if getattr(event, "call", None) != row.id:
        return row
    match event:
        case ev.CallArrived() if _commanded(entry, cmd.Reject):
            return _ended(row, at, "system", "rejected")
        case ev.AgentAnswered(agent=agent) if _commanded(entry, cmd.Connect):
            return _answered(row, at, agent)
        case ev.CallHeld() if _commanded(entry, cmd.Hold):
            return _held(row, at)
        case ev.CallResumed() if _commanded(entry, cmd.Resume):
            return _resumed(row, at)
        case ev.CallerHungUp():
            return _ended(row, at, "caller")
        case ev.AgentHungUp() if _commanded(entry, cmd.HangUp):
            return _ended(row, at, "agent")
        case ev.CallLost():
            return _ended(row, at, "system", "lost")
        case ev.WrapUpFinished(agent=agent) | ev.WrapUpTimedOut(agent=agent):
            return _wrapped_up(row, at, agent)
    return row


def _commanded(entry: Entry, kind: type[cmd.Command]) -> bool:
    """Whether the core did to the event's call what the event calls for."""
    call = getattr(entry.event, "call", None)
    return any(isinstance(command, kind) and command.call == call for command in entry.commands)


def _rang(row: CallRow, at: float) -> CallRow:
    first = at if row.first_rang_at is None else row.first_rang_at
    return replace(row, ring_count=row.ring_count + 1, first_rang_at=first)


def _answered(row: CallRow, at: float, agent: int) -> CallRow:
    if row.answered_at is not None or row.ended_at is not None:
        return row
    return replace(row, answered_at=max(at, row.arrived_at), agent=agent)


def _held(row: CallRow, at: float) -> CallRow:
    if row.answered_at is None or row.ended_at is not None or row.holding_since is not None:
        return row
    return replace(row, holding_since=at)


def _resumed(row: CallRow, at: float) -> CallRow:
    if row.holding_since is None:
        return row
    return replace(row, holding_since=None, held_s=row.held_s + max(0.0, at - row.holding_since))


def _ended(row: CallRow, at: float, by: str, verdict: str | None = None) -> CallRow:
    if row.ended_at is not None:
        return row
    row = _resumed(row, at)
    became = verdict or ("abandoned" if row.answered_at is None else "answered")
    return replace(row, ended_at=max(at, row.arrived_at), ended_by=by, disposition=became)


def _wrapped_up(row: CallRow, at: float, agent: int) -> CallRow:
    if row.ended_at is None or row.agent != agent or row.wrap_up_ended_at is not None:
        return row
    return replace(row, wrap_up_ended_at=max(at, row.ended_at))


def _spans(before: CallRow, after: CallRow, at: float) -> list[Span]:
    if before.holding_since == after.holding_since:
        return []
    spans = []
    if before.holding_since is not None:
        spans.append(Span(after.id, after.client, before.holding_since, max(at, before.holding_since)))
    if after.holding_since is not None:
        spans.append(Span(after.id, after.client, after.holding_since, None))
    return spans
