"""The states of a delivery, and every step between them as one short transaction that compares and swaps.

    due ──claim──▶ sending ──delivered──▶ delivered
     ▲                │ ├────park───────▶ parked ──resend──▶ due, ──mark_delivered──▶ delivered
     └────put_off─────┘ └── (process died) ── recover ──▶ due or parked

The open attempt is the fencing token: a worker that was given up (its attempt was ended by somebody else) finds
at `committing` that it may not send any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from madoguchi.business.accounts.actions import audit
from madoguchi.business.accounts.models import User
from madoguchi.kernel.errors import Refusal

from . import jobs
from .models import Attempt, Delivery, Outcome, Phase, State, Way

#: A job may come this much before its time: the clocks of two machines differ.
_EARLY = timedelta(seconds=2)


class Superseded(Exception):
    """The attempt was ended by somebody else; nothing may be sent for it."""


@transaction.atomic(durable=True)
def claim(delivery_id: UUID, *, at: datetime) -> Attempt | None:
    """due → sending. Return the new attempt, or None when the delivery is not due."""
    claimed = Delivery.objects.filter(pk=delivery_id, state=State.DUE, next_at__lte=at + _EARLY).update(
        state=State.SENDING, attempts=F("attempts") + 1, next_at=None
    )
    if not claimed:
        return None
    client_id = Delivery.objects.values_list("client_id", flat=True).get(pk=delivery_id)
    return Attempt.objects.create(delivery_id=delivery_id, client_id=client_id, began_at=at)


@transaction.atomic(durable=True)
def committing(attempt: Attempt, *, way: Way, message_id: str) -> None:
    """Write down that the next byte may make it arrive. Raise `Superseded` when it may not be sent any more."""
    if not Attempt.objects.filter(pk=attempt.pk, phase=Phase.PREPARING).update(phase=Phase.COMMITTING):
        raise Superseded(f"attempt {attempt.pk} of delivery {attempt.delivery_id}")
    Delivery.objects.filter(pk=attempt.delivery_id).update(way=way, message_id=message_id)
    attempt.phase = Phase.COMMITTING


@transaction.atomic(durable=True)
def delivered(attempt: Attempt, *, receipt: str, at: datetime) -> None:
    """sending → delivered.

    Also from parked as "outcome unknown" by this very attempt: the worker was only slow, and knows better.
    """
    delivery = _locked(attempt.delivery_id)
    last = delivery.tries.order_by("-pk").first()
    if last is None or last.pk != attempt.pk or delivery.state not in (State.SENDING, State.PARKED):
        _end(attempt, Outcome.DELIVERED, f"{receipt} (too late: the delivery is {delivery.state})", at=at)
        return
    _end(attempt, Outcome.DELIVERED, receipt, at=at)
    _mark(delivery, State.DELIVERED, delivered_at=at, receipt=receipt)
    _note(delivery, "delivery.delivered", at=at, receipt=receipt)


@transaction.atomic(durable=True)
def put_off(attempt: Attempt, problem: Refusal, *, wait: timedelta, at: datetime) -> None:
    """sending → due again, with a job for then."""
    delivery = _locked(attempt.delivery_id)
    if _end(attempt, Outcome.PUT_OFF, problem.en, at=at) and delivery.state == State.SENDING:
        _mark(delivery, State.DUE, next_at=at + wait, problem=problem)
        jobs.defer(delivery.pk, at=at + wait)


@transaction.atomic(durable=True)
def park(attempt: Attempt, problem: Refusal, *, outcome: Outcome, at: datetime) -> None:
    """sending → parked, for a person."""
    delivery = _locked(attempt.delivery_id)
    if _end(attempt, outcome, problem.en, at=at) and delivery.state == State.SENDING:
        _mark(delivery, State.PARKED, problem=problem)
        _note(delivery, "delivery.parked", at=at, reason=problem.code)


@transaction.atomic
def requeue(delivery_id: UUID, *, by: User, at: datetime) -> Delivery:
    """parked or due → due now, because a person says so. Raise `Refusal` from any other state."""
    delivery = _locked(delivery_id)
    if not delivery.may_resend:
        raise _not_now(delivery)
    audit_detail = {"from": delivery.state, "reason": delivery.reason_code}
    _mark(delivery, State.DUE, next_at=at, attempts=0)
    jobs.defer(delivery.pk)
    _note(delivery, "delivery.resent", at=at, by=by, **audit_detail)
    return delivery


@transaction.atomic
def settled_by_hand(delivery_id: UUID, *, by: User, note: str, at: datetime) -> Delivery:
    """parked or due → delivered, because a person has checked. Raise `Refusal` from any other state."""
    delivery = _locked(delivery_id)
    if not delivery.may_resend:
        raise _not_now(delivery)
    _mark(delivery, State.DELIVERED, delivered_at=at, receipt=f"{by}: {note}")
    _note(delivery, "delivery.marked_delivered", at=at, by=by, note=note)
    return delivery


def _locked(delivery_id: UUID) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery_id)


def _end(attempt: Attempt, outcome: Outcome, detail: str, *, at: datetime) -> bool:
    """End an attempt; False when it was ended before, except by the truth: `delivered` overrides `unknown`."""
    open_ones = Attempt.objects.filter(pk=attempt.pk)
    if outcome != Outcome.DELIVERED:
        open_ones = open_ones.filter(ended_at=None)
    return bool(open_ones.update(phase=Phase.ENDED, outcome=outcome, detail=detail, ended_at=at))


def _mark(
    delivery: Delivery,
    state: State,
    *,
    next_at: datetime | None = None,
    delivered_at: datetime | None = None,
    receipt: str = "",
    attempts: int | None = None,
    problem: Refusal | None = None,
) -> None:
    delivery.state = state
    delivery.next_at = next_at
    delivery.delivered_at = delivered_at
    delivery.receipt = receipt
    delivery.attempts = delivery.attempts if attempts is None else attempts
    delivery.reason_code = problem.code if problem else ""
    delivery.reason_ja = problem.ja if problem else ""
    delivery.reason_en = problem.en if problem else ""
    delivery.save()


def _note(delivery: Delivery, action: str, *, at: datetime, by: User | None = None, **detail: str) -> None:
    audit(
        at=at,
        user=by,
        action=action,
        object_type="delivery.Delivery",
        object_id=delivery.pk,
        client_id=delivery.client_id,
        detail=detail,
    )


def _not_now(delivery: Delivery) -> Refusal:
    if delivery.state == State.SENDING:
        return Refusal(
            "sending_now",
            ja="いま送信しているところです。結果が出てから操作してください。",
            en="It is being sent right now. Wait for the outcome.",
        )
    return Refusal(
        "already_delivered",
        ja="この受注はすでに納品済みです。二重に送ることはできません。",
        en="This order has been delivered already and is not sent twice.",
    )
