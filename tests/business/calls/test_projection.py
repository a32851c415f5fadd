"""One complete row per call, whatever happens in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.business.calls.projection import CallRow, Projected, project
from madoguchi.switchboard.ports import Entry
from tests.business.calls.histories import PROGRAMMES, histories, played, seen_off

CALL, SATO, SUZUKI, PROGRAMME = ev.CallId("c"), ev.AgentId(1), ev.AgentId(2), ev.ProgrammeId(10)
CLIENTS = {int(programme): 1 for programme in PROGRAMMES}

Happening = tuple[float, ev.Event, list[cmd.Command]]

ARRIVED: Happening = (
    100.0,
    ev.CallArrived(CALL, PROGRAMME, "0312345678"),
    [cmd.Ring(CALL, SATO, PROGRAMME, 20.0)],
)
ANSWERED: Happening = (104.0, ev.AgentAnswered(CALL, SATO), [cmd.Connect(CALL, SATO)])
HELD: Happening = (110.0, ev.CallHeld(CALL), [cmd.Hold(CALL, SATO)])
RESUMED: Happening = (125.0, ev.CallResumed(CALL), [cmd.Resume(CALL, SATO)])
HUNG_UP: Happening = (160.0, ev.AgentHungUp(CALL, SATO), [cmd.HangUp(CALL), cmd.ReleaseAgent(CALL, SATO)])
WRAPPED_UP: Happening = (190.0, ev.WrapUpFinished(SATO, CALL), [])


def projected(*happenings: Happening) -> Projected:
    entries = [Entry(at, event, tuple(commands)) for at, event, commands in happenings]
    return project(entries, {}, CLIENTS, {CALL: "0120000123"})


def row_after(*happenings: Happening) -> CallRow:
    (row,) = projected(*happenings).rows
    return row


def test_an_answered_call_has_all_its_times() -> None:
    row = row_after(ARRIVED, ANSWERED, HELD, RESUMED, HUNG_UP, WRAPPED_UP)
    assert row == CallRow(
        id=CALL, client=1, programme=PROGRAMME, number="0120000123", caller="0312345678", arrived_at=100.0,
        ring_count=1, first_rang_at=100.0, answered_at=104.0, ended_at=160.0, wrap_up_ended_at=190.0, agent=SATO,
        disposition="answered", ended_by="agent", held_s=15.0, holding_since=None,
    )  # fmt: skip
    assert row.is_complete


def test_a_caller_who_gives_up_is_an_abandoned_call() -> None:
    row = row_after(ARRIVED, (107.5, ev.CallerHungUp(CALL), [cmd.StopRinging(CALL, SATO)]))
    assert (row.disposition, row.ended_by, row.ended_at, row.agent) == ("abandoned", "caller", 107.5, None)
    assert row.is_complete


def test_every_telephone_that_rings_counts() -> None:
    passed_on = ev.RingTimedOut(CALL, SATO)
    row = row_after(ARRIVED, (120.0, passed_on, [cmd.Ring(CALL, SUZUKI, PROGRAMME, 20.0)]))
    assert (row.ring_count, row.first_rang_at) == (2, 100.0)


def test_a_telephone_that_must_ring_again_after_a_restart_counts_once() -> None:
    row = row_after(ARRIVED, (120.0, ev.RingLost(CALL, SATO), [cmd.Ring(CALL, SATO, PROGRAMME, 20.0)]))
    assert row.ring_count == 1


def test_a_call_that_waited_for_another_event_rings_too() -> None:
    waiting: Happening = (100.0, ev.CallArrived(CALL, PROGRAMME, ""), [])
    row = row_after(waiting, (130.0, ev.AgentBecameReady(SATO), [cmd.Ring(CALL, SATO, PROGRAMME, 20.0)]))
    assert (row.ring_count, row.first_rang_at, row.caller) == (1, 130.0, "")


def test_who_waited_before_we_could_be_told_arrived_earlier() -> None:
    row = row_after((100.0, ev.CallArrived(CALL, PROGRAMME, "", waited_s=12.5), []))
    assert row.arrived_at == 87.5


def test_hanging_up_ends_the_hold() -> None:
    everything = projected(ARRIVED, ANSWERED, HELD, (130.0, ev.CallerHungUp(CALL), []))
    assert everything.rows[0].held_s == 20.0
    assert [(span.began_at, span.ended_at) for span in everything.spans] == [(110.0, 130.0)]


def test_what_the_router_ignored_leaves_no_trace() -> None:
    late_answer: Happening = (104.0, ev.AgentAnswered(CALL, SUZUKI), [cmd.ReleaseAgent(CALL, SUZUKI)])
    strangers_hang_up: Happening = (105.0, ev.AgentHungUp(CALL, SUZUKI), [])
    early_wrap_up: Happening = (106.0, ev.WrapUpFinished(SATO, CALL), [])
    assert row_after(ARRIVED, late_answer, strangers_hang_up, early_wrap_up) == row_after(ARRIVED)


def test_a_second_end_changes_nothing() -> None:
    ended = row_after(ARRIVED, ANSWERED, HUNG_UP)
    assert row_after(ARRIVED, ANSWERED, HUNG_UP, (161.0, ev.CallerHungUp(CALL), [])) == ended
    assert row_after(ARRIVED, ANSWERED, HUNG_UP, (162.0, ev.CallLost(CALL), [])) == ended


def test_a_rejected_call_and_a_lost_one_say_so() -> None:
    refusal = cmd.Reject(CALL, cmd.RejectReason.UNKNOWN_PROGRAMME)
    rejected = row_after((100.0, ev.CallArrived(CALL, PROGRAMME, ""), [refusal]))
    assert (rejected.disposition, rejected.ended_by, rejected.is_complete) == ("rejected", "system", True)
    lost = row_after(ARRIVED, ANSWERED, (140.0, ev.CallLost(CALL), []))
    assert (lost.disposition, lost.ended_by, lost.agent) == ("lost", "system", SATO)


def test_a_call_of_a_programme_in_no_book_has_no_row() -> None:
    entry = Entry(1.0, ev.CallArrived(CALL, ev.ProgrammeId(99), ""), ())
    assert project([entry], {}, CLIENTS, {}) == Projected((), ())


def is_sound(row: CallRow) -> bool:
    """The same rules that the table has as check constraints."""
    in_progress = row.disposition == "in_progress"
    return (
        in_progress == (row.ended_at is None) == (row.ended_by == "")
        and (row.answered_at is None) == (row.agent is None)
        and not (row.disposition == "abandoned" and row.answered_at is not None)
        and not (row.disposition == "answered" and row.answered_at is None)
        and (row.answered_at is None or row.answered_at >= row.arrived_at)
        and (row.ended_at is None or row.ended_at >= row.arrived_at)
        and (
            row.wrap_up_ended_at is None
            or (row.ended_at is not None and row.wrap_up_ended_at >= row.ended_at)
        )
        and (row.ring_count == 0) == (row.first_rang_at is None)
        and (row.answered_at is None or row.ring_count > 0)
        and row.held_s >= 0
    )


@given(histories)
def test_any_history_gives_one_sound_row_per_call_and_complete_when_all_is_over(
    history: list[tuple[ev.Event, float]],
) -> None:
    entries = played(history)
    entries += seen_off(entries)
    rows = project(entries, {}, CLIENTS, {}).rows
    arrived = {
        entry.event.call
        for entry in entries
        if isinstance(entry.event, ev.CallArrived) and entry.event.programme in CLIENTS
    }
    assert sorted(row.id for row in rows) == sorted(arrived)
    for row in rows:
        assert is_sound(row), row
        assert row.is_complete, row


@given(histories, st.lists(st.integers(1, 7), min_size=1, max_size=40))
def test_batches_of_any_size_give_the_same_rows(
    history: list[tuple[ev.Event, float]], sizes: list[int]
) -> None:
    entries = played(history)
    whole = {row.id: row for row in project(entries, {}, CLIENTS, {}).rows}
    known: dict[ev.CallId, CallRow] = {}
    rest, turn = entries, 0
    while rest:
        size = sizes[turn % len(sizes)]
        known |= {row.id: row for row in project(rest[:size], known, CLIENTS, {}).rows}
        rest, turn = rest[size:], turn + 1
    assert known == whole
