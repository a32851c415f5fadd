"""`kill -9` of a real worker process at every stage of a delivery (requirement B3)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from madoguchi.business.handover.delivery import actions
from madoguchi.business.handover.delivery.models import Attempt, Delivery, Phase, State
from tests.business.books import Shop
from tests.business.correspondence.postbox import Manner, Postbox
from tests.business.intake.forms import NOON

from .centre import an_order, mails_per_delivery

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("B3"),
    pytest.mark.scenario,
]

ROOT = Path(__file__).parents[3]


def start_worker(stage: str, box: Postbox) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.business.handover.worker_process", stage],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
            # As in a centre: connections come from a pool.
            "MADOGUCHI_NO_DATABASE_POOL": "",
            "MADOGUCHI_SMTP_HOST": "127.0.0.1",
            "MADOGUCHI_SMTP_PORT": str(box.port),
            "MADOGUCHI_MAIL_FROM": "madoguchi@centre.test",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def killed_at(stage: str, box: Postbox) -> Iterator[None]:
    """Run a worker until it stands still at the stage, and kill it."""
    worker = start_worker(stage, box)
    try:
        if stage in ("unconnected", "committed"):
            assert worker.stdout is not None
            assert any("standing still" in line for line in worker.stdout)
        else:
            assert box.reached.wait(30)
        yield
    finally:
        worker.kill()
        worker.communicate(timeout=10)


def drain(box: Postbox) -> None:
    worker = start_worker("drain", box)
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0, said


def eventually(true: Callable[[], bool], *, within_s: float = 10) -> None:
    """PostgreSQL needs a moment to see that a killed worker's connection is gone."""
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


def has_letters(box: Postbox, number: int) -> bool:
    return len(box.letters) >= number


def give_back_jobs_of_dead_workers(box: Postbox) -> None:
    """Do what happens half a minute later, when the dead workers' heartbeats are missed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    # One of the killed workers may have put the minute's job there itself.
    with suppress(AlreadyEnqueued):
        app.configure_task("delivery.retry_jobs_of_dead_workers").defer(timestamp=0)
    drain(box)


STAGES = {
    "unconnected": (Manner.ACCEPT, Phase.PREPARING),
    "connecting": (Manner.MUTE_BANNER, Phase.PREPARING),
    "body": (Manner.MUTE_DATA, Phase.PREPARING),
    "committed": (Manner.ACCEPT, Phase.COMMITTING),
    "dot": (Manner.MUTE_DOT, Phase.COMMITTING),
}


@pytest.mark.parametrize(
    ("stage", "state", "mails"),
    [
        ("unconnected", State.DELIVERED, 1),
        ("connecting", State.DELIVERED, 1),
        ("body", State.DELIVERED, 1),
        ("committed", State.PARKED, 0),
        ("dot", State.PARKED, 1),
    ],
)
def test_a_worker_killed_at_any_stage_never_makes_a_second_mail(
    shop: Shop, box: Postbox, stage: str, state: State, mails: int
) -> None:
    box.manner, phase = STAGES[stage]
    delivery = an_order(shop)
    with killed_at(stage, box):
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries.get().phase) == (State.SENDING, phase)
        assert actions.recover_stalled(at=NOON) == 0
    box.manner = Manner.ACCEPT
    box.release()

    eventually(lambda: actions.recover_stalled(at=NOON) == 1)
    drain(box)

    delivery.refresh_from_db()
    assert (delivery.state, len(box.letters)) == (state, mails)
    if state == State.PARKED:
        assert delivery.reason_code == "outcome_unknown"
    assert not Attempt.objects.filter(ended_at=None).exists()


def test_a_parked_delivery_of_a_killed_worker_can_be_sent_by_a_person(shop: Shop, box: Postbox) -> None:
    delivery = an_order(shop)
    with killed_at("committed", box):
        pass
    eventually(lambda: actions.recover_stalled(at=NOON) == 1)
    actions.resend(delivery, by=shop.user, at=NOON)
    drain(box)
    delivery.refresh_from_db()
    assert (delivery.state, len(box.letters)) == (State.DELIVERED, 1)


def test_the_job_of_a_dead_worker_is_given_back_and_delivers(shop: Shop, box: Postbox) -> None:
    box.manner = Manner.MUTE_DATA
    delivery = an_order(shop)
    with killed_at("body", box):
        pass
    box.manner = Manner.ACCEPT
    give_back_jobs_of_dead_workers(box)
    drain(box)
    delivery.refresh_from_db()
    assert (delivery.state, len(box.letters)) == (State.DELIVERED, 1)
    assert not ProcrastinateJob.objects.filter(status="doing").exists()


def test_the_sweep_finds_what_a_killed_worker_left(shop: Shop, box: Postbox) -> None:
    box.manner = Manner.MUTE_BANNER
    delivery = an_order(shop)
    with killed_at("connecting", box):
        pass
    box.manner = Manner.ACCEPT
    with suppress(AlreadyEnqueued):
        app.configure_task("delivery.sweep").defer(timestamp=0)
    drain(box)
    drain(box)
    assert Delivery.objects.get(pk=delivery.pk).state == State.DELIVERED
    assert len(box.letters) == 1


def test_twenty_orders_and_a_worker_that_is_killed_again_and_again(shop: Shop, box: Postbox) -> None:
    deliveries = [an_order(shop) for _ in range(20)]
    for kill_after in (1, 4, 9, 15):
        worker = start_worker("go on", box)
        eventually(partial(has_letters, box, kill_after), within_s=30)
        worker.kill()
        worker.communicate(timeout=10)
        eventually(
            lambda: (
                actions.recover_stalled(at=NOON) >= 0
                and not Delivery.objects.filter(state=State.SENDING).exists()
            )
        )
    # A worker may also have died after taking the job and before claiming the delivery.
    give_back_jobs_of_dead_workers(box)
    drain(box)
    found = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    unknown = {delivery.pk for delivery in found if delivery.reason_code == "outcome_unknown"}
    delivered = {delivery.pk for delivery in found if delivery.state == State.DELIVERED}
    arrived = mails_per_delivery(box.letters)
    assert delivered | unknown == {delivery.pk for delivery in deliveries}
    assert delivered <= set(arrived) <= delivered | unknown
    assert max(arrived.values()) == 1
