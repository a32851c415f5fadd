"""Handing orders over: enqueue, attempt, recover, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.dispatch import receiver

from madoguchi.business.accounts.actions import audit
from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.correspondence.mail import checked_address
from madoguchi.business.intake.models import Order
from madoguchi.business.intake.signals import order_placed
from madoguchi.kernel.errors import Refusal

from . import jobs, ledger, rules, secrets
from .consignments import consignment, way_of
from .locks import sole_sender
from .models import Attempt, Delivery, Kind, Outcome, Phase, State, Way
from .ways import HAND_OVER, OutcomeUnknown

log = structlog.get_logger(__name__)

#: How long a due delivery may go without a job before a new one is made: a job may be just about to come.
GRACE = timedelta(seconds=30)


@receiver(order_placed, dispatch_uid="delivery.enqueue")
def on_order_placed(sender: type[Order], *, order: Order, at: datetime, **_: object) -> None:
    """Receive intake's word of a new order, in its transaction."""
    enqueue(order, at=at)


def enqueue(order: Order, *, at: datetime) -> Delivery:
    """Write down that an order is to be delivered, with its job; in the order's own transaction.

    Without a way the delivery is parked at once, with what to do. Raise `RuntimeError` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue belongs into the transaction that writes the order")
    way = way_of(order.programme)
    delivery = Delivery(client_id=order.client_id, order=order, way=way, enqueued_at=at)
    if way is None:
        problem = rules.no_way(str(order.programme))
        delivery.state, delivery.reason_code = State.PARKED, problem.code
        delivery.reason_ja, delivery.reason_en = problem.ja, problem.en
    else:
        delivery.state, delivery.next_at = State.DUE, at
    delivery.save(force_insert=True)
    if way is not None:
        jobs.defer(delivery.pk)
    return delivery


def attempt(*, delivery_id: UUID, clock: Callable[[], datetime]) -> None:
    """Try to hand over what is due; do nothing when it is not due or another process is at it.

    Never raises for what goes wrong outside; raises again what we did not foresee, after putting it down.
    """
    with sole_sender(delivery_id) as held:
        if not held:
            return
        settle_dead(delivery_id, at=clock())
        began = ledger.claim(delivery_id, at=clock())
        if began is not None:
            _carry_out(began, clock=clock)


def _carry_out(began: Attempt, *, clock: Callable[[], datetime]) -> None:
    try:
        receipt = _hand_over(began, at=clock())
    except ledger.Superseded:
        log.warning("delivery_superseded", delivery=str(began.delivery_id), attempt=began.pk)
    except OutcomeUnknown as unknown:
        ledger.park(began, unknown, outcome=Outcome.UNKNOWN, at=clock())
    except Refusal as problem:
        _failed(began, problem, at=clock())
    except Exception as error:
        _unforeseen(began, error, at=clock())
        raise
    else:
        ledger.delivered(began, receipt=receipt, at=clock())


def _hand_over(began: Attempt, *, at: datetime) -> str:
    goods, way = consignment(began.delivery_id, at=at)
    hand_over = HAND_OVER[way.kind]
    message_id = hand_over.address_of(began.delivery_id)
    return hand_over(goods, before_commit=lambda: ledger.committing(began, way=way, message_id=message_id))


def _failed(began: Attempt, problem: Refusal, *, at: datetime) -> None:
    """Put off what may go later, park what will not."""
    attempts = Delivery.objects.values_list("attempts", flat=True).get(pk=began.delivery_id)
    wait = rules.next_wait(problem, attempts=attempts)
    if wait is not None:
        ledger.put_off(began, problem, wait=wait, at=at)
    elif attempts >= rules.MOST_ATTEMPTS:
        ledger.park(began, rules.gave_up(problem), outcome=Outcome.REFUSED, at=at)
    else:
        ledger.park(began, problem, outcome=Outcome.REFUSED, at=at)


def _unforeseen(began: Attempt, error: Exception, *, at: datetime) -> None:
    if began.phase == Phase.COMMITTING:
        ledger.park(began, rules.outcome_unknown(), outcome=Outcome.UNKNOWN, at=at)
    else:
        _failed(began, rules.our_mistake(error), at=at)


def settle_dead(delivery_id: UUID, *, at: datetime) -> None:
    """Deal with what a dead worker left in "sending"; only for the holder of the delivery's lock."""
    left = Attempt.objects.filter(
        delivery_id=delivery_id, delivery__state=State.SENDING, ended_at=None
    ).first()
    if left is None:
        return
    log.warning("delivery_worker_died", delivery=str(delivery_id), phase=left.phase)
    if left.phase == Phase.COMMITTING:
        ledger.park(left, rules.outcome_unknown(), outcome=Outcome.UNKNOWN, at=at)
        return
    attempts = Delivery.objects.values_list("attempts", flat=True).get(pk=delivery_id)
    if attempts >= rules.MOST_ATTEMPTS:
        ledger.park(left, rules.gave_up(rules.worker_died()), outcome=Outcome.ABANDONED, at=at)
    else:
        ledger.put_off(left, rules.worker_died(), wait=timedelta(0), at=at)


def recover_stalled(*, at: datetime) -> int:
    """Deal with every delivery whose worker is dead; return how many. Those of slow workers are left alone."""
    settled = 0
    for delivery_id in Delivery.objects.filter(state=State.SENDING).values_list("pk", flat=True):
        with sole_sender(delivery_id) as held:
            if held:
                settle_dead(delivery_id, at=at)
                settled += 1
    return settled


def sweep(*, at: datetime) -> None:
    """Every minute: recover what dead workers left, and give a job to what is due and has none."""
    recover_stalled(at=at)
    due = Delivery.objects.filter(state=State.DUE, next_at__lte=at - GRACE).order_by("next_at")
    for delivery_id in jobs.without_job(due.values_list("pk", flat=True)[:1000]):
        jobs.defer(delivery_id)


def resend(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """Send a parked delivery again, or one that waits for its next attempt now. Raise `Refusal`."""
    if way_of(delivery.order.programme) is None:
        raise rules.no_way(str(delivery.order.programme))
    return ledger.requeue(delivery.pk, by=by, at=at)


def mark_delivered(delivery: Delivery, *, by: User, at: datetime, note: str) -> Delivery:
    """Note that a person has found the delivery to have arrived, and how. Raise `Refusal`."""
    if not note.strip():
        raise Refusal(
            "note_missing",
            ja="確認した内容が入力されていません。誰に、どのように確かめたかを入力してください。",
            en="It is not said how this was checked. Enter whom you asked and how.",
            field="note",
        )
    return ledger.settled_by_hand(delivery.pk, by=by, note=" ".join(note.split()), at=at)


@transaction.atomic
def put_way(
    *,
    by: User | None,
    client: Client,
    recipient: str,
    password: str,
    at: datetime,
    programme: Programme | None = None,
    kind: Kind = Kind.EXCEL_MAIL,
    subject: str = "受注データのご送付",
) -> Way:
    """Set how a client's (or one programme's) orders are handed over; replaces the active way. Safe to repeat."""
    Client.objects.select_for_update().get(pk=client.pk)
    checked = {"kind": kind, "recipient": checked_address(recipient), "subject": subject}
    way = Way.objects.filter(client=client, programme=programme, is_active=True).first()
    way = way or Way(client=client, programme=programme)
    for name, value in checked.items():
        setattr(way, name, value)
    way.password_encrypted = secrets.sealed(checked_password(password))
    way.save()
    audit(
        at=at,
        user=by,
        action="delivery.way_set",
        object_type="delivery.Way",
        object_id=way.pk,
        client_id=client.pk,
        detail={"kind": kind, "recipient": way.recipient, "programme": programme and programme.pk},
    )
    return way


def checked_password(password: str) -> str:
    """Return a password that Excel takes. Raise `Refusal`."""
    if not 8 <= len(password) <= 255 or not password.isprintable():
        raise Refusal(
            "file_password",
            ja="ファイルのパスワードは8文字以上255文字以内で入力してください。",
            en="The file's password must have 8 to 255 characters.",
            field="password",
        )
    return password
