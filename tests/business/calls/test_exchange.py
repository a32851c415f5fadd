"""The switchboard's exchange on a real PostgreSQL, taken away in the middle too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from madoguchi.acd import commands as cmd
from madoguchi.acd import events as ev
from madoguchi.business.calls.actions import ask_switchboard
from madoguchi.business.calls.exchange import Exchange
from madoguchi.business.calls.models import (
    Call,
    DeskRequest,
    HoldSpan,
    JournalEntry,
    Presence,
    Snapshot,
    Waiting,
)
from madoguchi.business.calls.putting_down import PUT_DOWN
from madoguchi.business.calls.queries import switchboard_in_charge
from madoguchi.business.clients.models import Programme
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent
from madoguchi.config.database import DatabaseUrls
from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard.ports import (
    AgentSeen,
    Batch,
    CallDetail,
    CentreChanged,
    DeskAnswer,
    DeskVerb,
    Entry,
    Line,
    QueueSeen,
    RecordingKept,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
AT = NOON.timestamp()
CALL = ev.CallId("1743476400.1")


@pytest.fixture
async def exchange(database_urls: DatabaseUrls) -> AsyncIterator[Exchange]:
    exchange = Exchange(database_urls.app)
    await exchange.take_the_line()
    yield exchange
    await exchange.close()


def arrival(programme: Programme, call: ev.CallId = CALL, at: float = AT, *commands: cmd.Command) -> Batch:
    event = ev.CallArrived(call, ev.ProgrammeId(programme.pk), "0312345678")
    return Batch(entries=(Entry(at, event, commands),), details=(CallDetail(call, "0120000123"),))


def batch_of(*entries: tuple[float, ev.Event, list[cmd.Command]], **others: Any) -> Batch:
    kept = tuple(Entry(AT + seconds, event, tuple(commands)) for seconds, event, commands in entries)
    return Batch(entries=kept, **others)


async def cut(url: str) -> None:
    """Let PostgreSQL throw out every other connection of this role, as a restart would."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = current_user AND pid <> pg_backend_pid() AND datname = current_database()"
            " AND application_name = 'madoguchi-switchboard'"
        )


async def eventually(holds: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not await sync_to_async(holds)():
            await asyncio.sleep(0.02)


async def test_the_centre_is_read_as_the_books_have_it(
    exchange: Exchange,
    orders: Programme,
    support: Programme,
    orders_number: Number,
    sato: Agent,
    suzuki: Agent,
) -> None:
    centre = await exchange.centre()
    assert centre.programmes == (
        ev.ProgrammeConfigured(ev.ProgrammeId(orders.pk), lines=2, ring_s=20.0, wrap_up_s=None),
        ev.ProgrammeConfigured(ev.ProgrammeId(support.pk), lines=1, ring_s=20.0, wrap_up_s=60.0),
    )
    assert centre.agents == (
        ev.AgentConfigured(ev.AgentId(sato.pk), frozenset({ev.ProgrammeId(orders.pk)})),
        ev.AgentConfigured(ev.AgentId(suzuki.pk), frozenset()),
    )
    assert centre.lines == (Line("0120000123", ev.ProgrammeId(orders.pk), True),)


async def test_a_programme_that_was_closed_is_no_longer_of_the_centre(
    exchange: Exchange, orders: Programme, orders_number: Number
) -> None:
    orders.is_active = False
    await orders.asave()
    centre = await exchange.centre()
    assert (centre.programmes, centre.lines) == ((), ())


async def test_a_call_is_one_complete_row_with_its_holds(
    exchange: Exchange, orders: Programme, sato: Agent
) -> None:
    agent, programme = ev.AgentId(sato.pk), ev.ProgrammeId(orders.pk)
    await exchange.write(arrival(orders, CALL, AT, cmd.Ring(CALL, agent, programme, 20.0)))
    await exchange.write(
        batch_of(
            (4, ev.AgentAnswered(CALL, agent), [cmd.Connect(CALL, agent)]),
            (10, ev.CallHeld(CALL), [cmd.Hold(CALL, agent)]),
        )
    )
    await exchange.write(batch_of((25.5, ev.CallResumed(CALL), [cmd.Resume(CALL, agent)])))
    await exchange.write(batch_of((60, ev.AgentHungUp(CALL, agent), [cmd.HangUp(CALL)])))
    await exchange.recording_kept(RecordingKept(CALL, "c.wav", "a.wav"))
    await exchange.write(batch_of((90, ev.WrapUpFinished(agent, CALL), [])))
    call = await Call.objects.select_related("client").aget()
    seconds = [
        (moment - NOON).total_seconds()
        for moment in (
            call.arrived_at,
            call.first_rang_at,
            call.answered_at,
            call.ended_at,
            call.wrap_up_ended_at,
        )
        if moment is not None
    ]
    assert seconds == [0, 0, 4, 60, 90]
    assert (call.client.code, call.programme_id, call.agent_id) == ("midori", orders.pk, sato.pk)
    assert (call.disposition, call.ended_by, call.held_s, call.ring_count) == ("answered", "agent", 15.5, 1)
    assert (call.number, call.caller) == ("0120000123", "0312345678")
    assert (call.recording_caller, call.recording_agent) == ("c.wav", "a.wav")
    hold = await HoldSpan.objects.aget()
    assert hold.ended_at is not None
    assert (hold.ended_at - hold.began_at, hold.client_id) == (timedelta(seconds=15.5), orders.client_id)
    assert await JournalEntry.objects.acount() == 6


async def test_a_new_switchboard_goes_on_with_the_rows_of_the_last_one(
    exchange: Exchange, orders: Programme, sato: Agent, database_urls: DatabaseUrls
) -> None:
    agent = ev.AgentId(sato.pk)
    await exchange.write(arrival(orders, CALL, AT, cmd.Ring(CALL, agent, ev.ProgrammeId(orders.pk), 20.0)))
    await exchange.write(
        batch_of(
            (4, ev.AgentAnswered(CALL, agent), [cmd.Connect(CALL, agent)]),
            (10, ev.CallHeld(CALL), [cmd.Hold(CALL, agent)]),
        )
    )
    await exchange.close()
    successor = Exchange(database_urls.app)
    await successor.take_the_line()
    await successor.write(batch_of((30, ev.CallerHungUp(CALL), [])))
    await successor.close()
    call = await Call.objects.aget()
    assert (call.disposition, call.held_s, call.agent_id) == ("answered", 20.0, sato.pk)
    assert await HoldSpan.objects.filter(ended_at=None).acount() == 0


async def test_an_arrival_told_twice_is_one_row(exchange: Exchange, orders: Programme) -> None:
    await exchange.write(arrival(orders))
    await exchange.write(arrival(orders, CALL, AT + 5))
    call = await Call.objects.aget()
    assert call.arrived_at == NOON
    assert await JournalEntry.objects.acount() == 2


async def test_a_batch_whose_connection_dies_is_written_once(
    exchange: Exchange, orders: Programme, database_urls: DatabaseUrls
) -> None:
    await exchange.write(arrival(orders))
    await cut(database_urls.app)
    end = batch_of((7, ev.CallerHungUp(CALL), []))
    with pytest.raises(Trouble) as trouble:
        await exchange.write(end)
    assert trouble.value.code == "books_away"
    await exchange.write(end)
    call = await Call.objects.aget()
    assert (call.disposition, await JournalEntry.objects.acount()) == ("abandoned", 2)


async def test_a_batch_whose_confirmation_got_lost_is_not_written_again(
    exchange: Exchange, orders: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit arrives, its answer does not: the one case in which nobody can know."""
    execute = psycopg.AsyncConnection.execute

    async def execute_and_lose_the_answer(self: Any, *args: Any, **how: Any) -> Any:
        cursor = await execute(self, *args, **how)
        if args[0] is PUT_DOWN:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return cursor

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.AsyncConnection, "execute", execute_and_lose_the_answer)
        with pytest.raises(Trouble):
            await exchange.write(arrival(orders))
    assert await JournalEntry.objects.acount() == 1
    await exchange.write(arrival(orders))
    assert await JournalEntry.objects.acount() == 1
    await exchange.write(arrival(orders, ev.CallId("another")))
    assert await JournalEntry.objects.acount() == 2


async def test_one_impossible_row_keeps_no_other_call_out_of_the_books(
    exchange: Exchange, orders: Programme
) -> None:
    unknown_agent = ev.AgentId(999_999)
    await exchange.write(arrival(orders))
    await exchange.write(
        batch_of((1, ev.AgentAnswered(CALL, unknown_agent), [cmd.Connect(CALL, unknown_agent)]))
    )
    await exchange.write(arrival(orders, ev.CallId("next")))
    assert await JournalEntry.objects.acount() == 3
    assert [call.pk async for call in Call.objects.order_by("pk")] == [CALL, "next"]


async def test_a_call_of_no_programme_is_in_the_journal_only(exchange: Exchange) -> None:
    event = ev.CallArrived(CALL, ev.ProgrammeId(999_999), "")
    reject = cmd.Reject(CALL, cmd.RejectReason.UNKNOWN_PROGRAMME)
    await exchange.write(batch_of((0, event, [reject])))
    assert (await Call.objects.acount(), await JournalEntry.objects.acount()) == (0, 1)


async def test_the_journal_is_read_back_from_the_newest_snapshot_on(
    exchange: Exchange, orders: Programme
) -> None:
    await exchange.write(arrival(orders))
    await exchange.write(batch_of((1, ev.CallHeld(CALL), []), snapshot={"version": 1, "calls": ["一"]}))
    after = batch_of(
        (2, ev.AgentWentAway(ev.AgentId(3), ev.AwayReason.BREAK), []),
        (3, ev.CallerHungUp(CALL), [cmd.StopRinging(CALL, ev.AgentId(3))]),
    )
    await exchange.write(after)
    memory = await exchange.remembered()
    assert memory.snapshot == {"version": 1, "calls": ["一"]}
    assert memory.entries == after.entries
    assert await JournalEntry.objects.acount() == 4


async def test_without_a_snapshot_everything_is_remembered(exchange: Exchange, orders: Programme) -> None:
    assert (await exchange.remembered()).entries == ()
    batch = arrival(orders)
    await exchange.write(batch)
    memory = await exchange.remembered()
    assert (memory.snapshot, memory.entries) == (None, batch.entries)


async def test_old_snapshots_go_and_the_journal_stays(exchange: Exchange) -> None:
    for number in range(5):
        await exchange.write(batch_of((number, ev.CallHeld(CALL), []), snapshot={"number": number}))
    newest = await Snapshot.objects.order_by("-id").afirst()
    assert newest is not None
    assert (newest.state, await Snapshot.objects.acount()) == ({"number": 4}, 3)
    assert await JournalEntry.objects.acount() == 5


async def test_desks_hear_of_their_agent_and_of_the_queue(
    exchange: Exchange, orders: Programme, sato: Agent, database_urls: DatabaseUrls
) -> None:
    async with await psycopg.AsyncConnection.connect(database_urls.app, autocommit=True) as listener:
        await listener.execute("LISTEN madoguchi_desk")
        agent, programme = ev.AgentId(sato.pk), ev.ProgrammeId(orders.pk)
        for state, count in (("ready", 0), ("ringing", 1)):
            await exchange.write(
                Batch(
                    entries=(),
                    agents=(AgentSeen(agent, state, AT, CALL, programme, None),),
                    queues=(QueueSeen(programme, count, AT if count else None),),
                )
            )
        heard = {notice.payload async for notice in listener.notifies(timeout=2, stop_after=4)}
    assert heard == {str(sato.pk), "queue"}
    presence = await Presence.objects.aget()
    assert (presence.agent_id, presence.state, presence.call_id, presence.since) == (
        sato.pk,
        "ringing",
        CALL,
        NOON,
    )
    waiting = await Waiting.objects.aget()
    assert (waiting.waiting, waiting.oldest_arrived_at) == (1, NOON)


async def test_a_wish_is_told_once_and_is_done_when_it_is_answered(
    exchange: Exchange, sato: Agent, database_urls: DatabaseUrls
) -> None:
    async with aclosing(exchange.news()) as news:
        waiting = asyncio.ensure_future(anext(news))
        asked = await sync_to_async(ask_switchboard)(
            agent=sato, verb=DeskVerb.AWAY, reason=ev.AwayReason.BREAK, at=NOON
        )
        request = await asyncio.wait_for(waiting, 10)
        assert (request.id, request.agent, request.verb) == (asked.pk, sato.pk, DeskVerb.AWAY)  # type: ignore[union-attr]  # not CentreChanged
        assert request.reason is ev.AwayReason.BREAK  # type: ignore[union-attr]  # not CentreChanged
        await exchange.write(Batch(entries=(), answers=(DeskAnswer(asked.pk, "no_such_call"),)))
        second = await sync_to_async(ask_switchboard)(agent=sato, verb=DeskVerb.READY, at=NOON)
        told = await asyncio.wait_for(anext(news), 10)
        assert told.id == second.pk  # type: ignore[union-attr]  # not CentreChanged
    done = await DeskRequest.objects.aget(pk=asked.pk)
    assert done.done_at is not None
    assert done.refusal == "no_such_call"


@pytest.mark.parametrize("book", ["programme", "number", "agent", "certificate"])
async def test_a_changed_book_is_news(
    exchange: Exchange, book: str, orders: Programme, orders_number: Number, sato: Agent
) -> None:
    changes: dict[str, Callable[[], Any]] = {
        "programme": lambda: Programme.objects.filter(pk=orders.pk).update(contracted_lines=3),
        "number": orders_number.delete,
        "agent": lambda: Agent.objects.filter(pk=sato.pk).update(is_active=False),
        "certificate": lambda: sato.certificates.all().delete(),
    }
    async with aclosing(exchange.news()) as news:
        waiting = asyncio.ensure_future(anext(news))
        await eventually(is_listening)
        await sync_to_async(changes[book])()
        assert isinstance(await asyncio.wait_for(waiting, 10), CentreChanged)


def dsn() -> str:
    urls: DatabaseUrls = settings.MADOGUCHI_DATABASE_URLS
    return urls.app


def is_listening() -> bool:
    listens = (
        "SELECT FROM pg_stat_activity WHERE application_name = 'madoguchi-switchboard-news' AND query LIKE %s"
    )
    with psycopg.connect(dsn()) as connection:
        return connection.execute(listens, ["%done_at IS NULL%"]).fetchone() is not None


async def test_news_of_a_database_that_goes_away_is_trouble(
    exchange: Exchange, orders: Programme, database_urls: DatabaseUrls
) -> None:
    news = exchange.news()
    waiting = asyncio.ensure_future(anext(news))
    await eventually(is_listening)
    async with await psycopg.AsyncConnection.connect(database_urls.app, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'madoguchi-switchboard-news'"
        )
    with pytest.raises(Trouble):
        await asyncio.wait_for(waiting, 10)


async def test_a_standby_takes_over_when_the_one_in_charge_is_gone(
    exchange: Exchange, orders: Programme, database_urls: DatabaseUrls
) -> None:
    assert await sync_to_async(switchboard_in_charge)()
    standby = Exchange(database_urls.app)
    taking = asyncio.ensure_future(standby.take_the_line())
    done, _ = await asyncio.wait({taking}, timeout=0.3)
    assert not done
    await exchange.close()
    await asyncio.wait_for(taking, 10)
    await standby.write(arrival(orders))
    await standby.close()
    await eventually(lambda: not switchboard_in_charge())


async def test_who_lost_the_charge_cannot_write_any_more(
    exchange: Exchange, orders: Programme, database_urls: DatabaseUrls
) -> None:
    standby = Exchange(database_urls.app)
    taking = asyncio.ensure_future(standby.take_the_line())
    await asyncio.sleep(0)
    await eventually(a_standby_waits)
    await cut_the_one_in_charge(database_urls.app)
    await asyncio.wait_for(taking, 10)
    codes = set()
    for _ in range(3):
        with pytest.raises(Trouble) as trouble:
            await exchange.write(arrival(orders))
        codes.add(trouble.value.code)
    assert "another_in_charge" in codes
    assert await JournalEntry.objects.acount() == 0
    await standby.close()


def a_standby_waits() -> bool:
    with psycopg.connect(dsn()) as connection:
        waits = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return connection.execute(waits).fetchone() is not None


async def cut_the_one_in_charge(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )


async def test_a_busy_minute_is_written_in_seconds(
    exchange: Exchange, orders: Programme, sato: Agent
) -> None:
    """150 calls a second, each with its arrival, ringing, answer, end and after-call work: 750 entries."""
    agent, programme = ev.AgentId(sato.pk), ev.ProgrammeId(orders.pk)
    began = time.perf_counter()
    for turn in range(30):
        calls = [ev.CallId(f"busy-{turn}-{number}") for number in range(25)]
        await exchange.write(batch_of(*(life for call in calls for life in a_life(call, agent, programme))))
    took_s = time.perf_counter() - began
    assert await Call.objects.filter(disposition="answered").acount() == 750
    assert 750 / took_s > 150, f"{750 / took_s:.0f} calls a second"


def a_life(
    call: ev.CallId, agent: ev.AgentId, programme: ev.ProgrammeId
) -> list[tuple[float, ev.Event, list[cmd.Command]]]:
    return [
        (0, ev.CallArrived(call, programme, "0312345678"), [cmd.Ring(call, agent, programme, 20.0)]),
        (3, ev.AgentAnswered(call, agent), [cmd.Connect(call, agent)]),
        (90, ev.CallerHungUp(call), [cmd.ReleaseAgent(call, agent)]),
        (99, ev.WrapUpFinished(agent, call), []),
    ]
