"""What a desk shows, and what it may ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from madoguchi.acd.events import AwayReason
from madoguchi.business.calls.actions import ask_switchboard
from madoguchi.business.calls.models import Call, DeskRequest, Disposition, EndedBy, Presence, Waiting
from madoguchi.business.calls.queries import call_for_agent, calls_of_client, desk_view, switchboard_in_charge
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal
from madoguchi.switchboard.ports import DeskVerb

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
"""Noon in Japan."""


def answered(agent: Agent, programme: Programme, at: datetime, talk_s: int, wrap_up_s: int | None) -> Call:
    ended_at = at + timedelta(seconds=talk_s)
    return Call.objects.create(
        id=f"call-{at.timestamp()}", client=programme.client, programme=programme, number="0120000123",
        caller="0312345678", arrived_at=at - timedelta(seconds=5), answered_at=at, ended_at=ended_at, agent=agent,
        disposition=Disposition.ANSWERED, ended_by=EndedBy.CALLER, ring_count=1,
        wrap_up_ended_at=None if wrap_up_s is None else ended_at + timedelta(seconds=wrap_up_s),
    )  # fmt: skip


def test_a_communicator_who_was_never_seen_is_signed_out(sato: Agent) -> None:
    view = desk_view(sato.pk, NOW)
    assert (view["state"], view["since"], view["call"]) == ("off", None, None)
    assert view["waiting"] == {"count": 0, "oldest_arrived_at": None, "programmes": []}
    assert view["today"] == {"answered": 0, "average_s": None}
    json.dumps(view)


def test_the_call_at_the_desk_is_shown_with_whose_it_is(sato: Agent, orders: Programme) -> None:
    call = answered(sato, orders, NOW, 60, None)
    Presence.objects.create(agent=sato, state="wrap_up", since=NOW, call_id=call.pk, programme_id=orders.pk)
    view = desk_view(sato.pk, NOW)
    assert (view["state"], view["since"]) == ("wrap_up", NOW.timestamp())
    assert view["call"] == {
        "id": call.pk, "client": "みどり本舗", "colour": "#1f6f5c", "programme": "注文受付", "number": "0120000123",
        "caller": "0312345678", "arrived_at": NOW.timestamp() - 5, "answered_at": NOW.timestamp(),
    }  # fmt: skip
    json.dumps(view)


def test_waiting_counts_the_programmes_the_communicator_may_answer_only(
    sato: Agent, suzuki: Agent, orders: Programme, aozora_orders: Programme
) -> None:
    Waiting.objects.create(programme=orders, waiting=2, oldest_arrived_at=NOW - timedelta(seconds=30))
    Waiting.objects.create(programme=aozora_orders, waiting=7, oldest_arrived_at=NOW - timedelta(seconds=90))
    assert desk_view(sato.pk, NOW)["waiting"] == {
        "count": 2,
        "oldest_arrived_at": NOW.timestamp() - 30,
        "programmes": [{"programme": orders.pk, "name": "注文受付", "count": 2}],
    }
    assert desk_view(suzuki.pk, NOW)["waiting"]["count"] == 0


def test_today_is_the_japanese_day_and_handling_includes_after_call_work(
    sato: Agent, orders: Programme
) -> None:
    midnight_in_japan = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    answered(sato, orders, midnight_in_japan - timedelta(minutes=1), talk_s=1000, wrap_up_s=1000)
    answered(sato, orders, midnight_in_japan, talk_s=100, wrap_up_s=20)
    answered(sato, orders, NOW, talk_s=60, wrap_up_s=None)
    assert desk_view(sato.pk, NOW)["today"] == {"answered": 2, "average_s": 90.0}


def test_what_became_of_the_last_wish_is_shown(sato: Agent) -> None:
    done = DeskRequest.objects.create(agent=sato, verb=DeskVerb.HOLD, at=NOW, done_at=NOW, refusal="no_call")
    DeskRequest.objects.create(agent=sato, verb=DeskVerb.READY, at=NOW)
    assert desk_view(sato.pk, NOW)["answer"] == {"request": done.pk, "refusal": "no_call"}


def test_an_unknown_communicator_has_no_desk(db: None) -> None:
    with pytest.raises(Agent.DoesNotExist):
        desk_view(999_999, NOW)


def test_a_call_is_shown_to_the_communicator_who_has_it_and_to_no_other(
    sato: Agent, suzuki: Agent, orders: Programme
) -> None:
    call = answered(sato, orders, NOW, 60, None)
    assert call_for_agent(sato, call.pk) == call
    for stranger, call_id in ((suzuki, call.pk), (sato, "unknown")):
        with pytest.raises(Refusal) as refused:
            call_for_agent(stranger, call_id)
        assert refused.value.code == "not_found"
    Presence.objects.create(agent=suzuki, state="ringing", since=NOW, call_id=call.pk)
    assert call_for_agent(suzuki, call.pk) == call


@pytest.mark.requirement("K4")
def test_the_calls_of_a_client_are_its_own_newest_first(
    sato: Agent, orders: Programme, aozora: Client, midori: Client
) -> None:
    older = answered(sato, orders, NOW, 60, 0)
    newer = answered(sato, orders, NOW + timedelta(hours=1), 60, 0)
    assert list(calls_of_client(midori)) == [newer, older]
    assert list(calls_of_client(aozora)) == []


def test_a_wish_is_put_down_with_the_call_that_was_seen(sato: Agent) -> None:
    request = ask_switchboard(agent=sato, verb=DeskVerb.HOLD, call_id="c-1", at=NOW)
    away = ask_switchboard(agent=sato, verb=DeskVerb.AWAY, reason=AwayReason.BREAK, at=NOW)
    assert list(
        DeskRequest.objects.order_by("id").values_list("id", "verb", "call_id", "reason", "done_at")
    ) == [
        (request.pk, "hold", "c-1", None, None),
        (away.pk, "away", None, "break", None),
    ]


def test_without_a_switchboard_none_is_in_charge(db: None) -> None:
    assert switchboard_in_charge() is False


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"disposition": "vanished"}, "call_disposition_known"),
        ({"disposition": "in_progress"}, "call_in_progress_until_it_ended"),
        ({"ended_by": ""}, "call_in_progress_until_it_ended"),
        ({"agent": None}, "call_answered_by_somebody"),
        ({"answered_at": None, "agent": None}, "call_answered_means_answered"),
        ({"disposition": "abandoned"}, "call_abandoned_means_unanswered"),
        ({"ended_at": NOW - timedelta(days=1)}, "call_in_order_of_time"),
        ({"held_s": -1}, "call_held_not_negative"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_by_the_database(
    sato: Agent, orders: Programme, change: dict[str, object], constraint: str
) -> None:
    call = answered(sato, orders, NOW, 60, 10)
    with pytest.raises(IntegrityError, match=constraint):
        Call.objects.filter(pk=call.pk).update(**change)
