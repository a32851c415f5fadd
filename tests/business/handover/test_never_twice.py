"""Two workers, slow workers, and workers that were given up: still one mail."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import pytest
from django.db import connections

from madoguchi.business.handover.delivery import actions
from madoguchi.business.handover.delivery.models import Attempt, Delivery, Outcome, Phase, State
from madoguchi.kernel.errors import Refusal
from tests.business.books import Shop
from tests.business.correspondence.postbox import Manner, Postbox

from .centre import Clock, an_order, attempted, mails_per_delivery

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("B3")]


def in_threads(*works: Callable[[], object]) -> list[threading.Thread]:
    def on_own_connection(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=on_own_connection, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    return threads


@contextmanager
def slow_worker(box: Postbox, delivery: Delivery, clock: Clock, manner: Manner) -> Iterator[None]:
    """Another worker is at the delivery and hangs at a mute server; it goes on when the block ends."""
    box.manner = manner
    (worker,) = in_threads(lambda: actions.attempt(delivery_id=delivery.pk, clock=clock))
    assert box.reached.wait(10)
    box.manner = Manner.ACCEPT
    yield
    box.release()
    worker.join(20)
    assert not worker.is_alive()
    delivery.refresh_from_db()


def test_workers_that_take_the_same_job_send_one_mail(shop: Shop, box: Postbox, clock: Clock) -> None:
    delivery = an_order(shop)
    for worker in in_threads(*[lambda: actions.attempt(delivery_id=delivery.pk, clock=clock)] * 6):
        worker.join(30)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(box.letters)) == (State.DELIVERED, 1, 1)


@pytest.mark.parametrize("manner", [Manner.MUTE_DATA, Manner.MUTE_DOT])
def test_a_slow_worker_is_not_taken_for_a_dead_one(
    shop: Shop, box: Postbox, clock: Clock, manner: Manner
) -> None:
    delivery = an_order(shop)
    with slow_worker(box, delivery, clock, manner):
        clock.turn(hours=6)
        assert actions.recover_stalled(at=clock.now) == 0
        assert attempted(delivery, clock).state == State.SENDING
        with pytest.raises(Refusal) as refused:
            actions.resend(delivery, by=shop.user, at=clock.now)
        assert refused.value.code == "sending_now"
    assert (delivery.state, len(box.letters)) == (State.DELIVERED, 1)


def test_a_worker_that_was_given_up_finds_so_before_the_dot(shop: Shop, box: Postbox, clock: Clock) -> None:
    delivery = an_order(shop)
    with slow_worker(box, delivery, clock, Manner.MUTE_DATA):
        # As if its connection to the database, and with it its lock, had been lost.
        actions.settle_dead(delivery.pk, at=clock.now)
    assert (delivery.state, box.letters) == (State.DUE, [])
    assert [attempt.outcome for attempt in delivery.tries.all()] == [Outcome.PUT_OFF]
    assert attempted(delivery, clock).state == State.DELIVERED
    assert len(box.letters) == 1


def test_a_worker_given_up_after_the_dot_still_brings_its_receipt(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    delivery = an_order(shop)
    with slow_worker(box, delivery, clock, Manner.MUTE_DOT):
        actions.settle_dead(delivery.pk, at=clock.now)
        delivery.refresh_from_db()
        assert delivery.reason_code == "outcome_unknown"
    assert (delivery.state, delivery.reason_code, len(box.letters)) == (State.DELIVERED, "", 1)


def test_a_receipt_that_comes_after_a_person_decided_changes_nothing(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    delivery = an_order(shop)
    with slow_worker(box, delivery, clock, Manner.MUTE_DOT):
        actions.settle_dead(delivery.pk, at=clock.now)
        actions.mark_delivered(delivery, by=shop.user, at=clock.now, note="電話で確認")
    assert "電話で確認" in delivery.receipt
    assert "too late" in delivery.tries.get().detail


def test_what_a_dead_worker_left_is_settled_by_how_far_it_had_come(shop: Shop, clock: Clock) -> None:
    preparing, committing = an_order(shop), an_order(shop)
    for delivery, phase in ((preparing, Phase.PREPARING), (committing, Phase.COMMITTING)):
        Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING, next_at=None, attempts=1)
        Attempt.objects.create(delivery=delivery, client=shop.client, began_at=clock.now, phase=phase)
    assert actions.recover_stalled(at=clock.turn(minutes=1)) == 2
    preparing.refresh_from_db()
    committing.refresh_from_db()
    assert (preparing.state, preparing.next_at) == (State.DUE, clock.now)
    assert (committing.state, committing.reason_code) == (State.PARKED, "outcome_unknown")


def test_a_delivery_that_kills_its_worker_each_time_is_parked(shop: Shop, clock: Clock) -> None:
    delivery = an_order(shop)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING, next_at=None, attempts=8)
    Attempt.objects.create(delivery=delivery, client=shop.client, began_at=clock.now)
    actions.recover_stalled(at=clock.now)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == (State.PARKED, "worker_died")
    assert delivery.tries.get().outcome == Outcome.ABANDONED


FAULTS = {
    Manner.ACCEPT: 55,
    Manner.DEFER_MESSAGE: 8,
    Manner.DEFER_RECIPIENT: 8,
    Manner.DROP_AT_BANNER: 6,
    Manner.DROP_AT_DATA: 6,
    Manner.DROP_IN_BODY: 5,
    Manner.KEEP_THEN_DROP: 4,
    Manner.DROP_AT_DOT: 4,
    Manner.REFUSE_RECIPIENT: 2,
    Manner.REFUSE_MESSAGE: 2,
}


def attempt_all(ids: list[UUID], clock: Clock) -> None:
    for delivery_id in ids:
        actions.attempt(delivery_id=delivery_id, clock=clock)


def test_two_hundred_orders_through_random_faults_arrive_once_or_say_why_not(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    dice = random.Random(20261124)
    box.manner = lambda _: dice.choices(list(FAULTS), weights=list(FAULTS.values()))[0]
    deliveries = [an_order(shop) for _ in range(200)]
    rounds = 0
    while open_ones := list(Delivery.objects.filter(state=State.DUE).values_list("pk", flat=True)):
        rounds += 1
        # Two workers that both want every delivery, in different orders.
        wishes = [open_ones, dice.sample(open_ones, len(open_ones))]
        for worker in in_threads(*[partial(attempt_all, ids, clock) for ids in wishes]):
            worker.join(200)
        clock.turn(hours=1)
    assert rounds <= 8

    arrived = mails_per_delivery(box.letters)
    by_state: dict[str, set[UUID]] = {state: set() for state in State.values}
    for delivery in Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]):
        by_state[delivery.state].add(delivery.pk)
        if delivery.state == State.DELIVERED:
            assert arrived[delivery.pk] == 1
        else:
            assert arrived[delivery.pk] == 0 or delivery.reason_code == "outcome_unknown"
            assert delivery.reason_ja
            assert delivery.reason_en
    assert max(arrived.values()) == 1
    assert len(by_state[State.DELIVERED]) + len(by_state[State.PARKED]) == 200
    assert set(arrived) <= {delivery.pk for delivery in deliveries}
    # The faults did happen: some of each end.
    assert by_state[State.DELIVERED]
    assert by_state[State.PARKED]
    assert box.connections > 200
