"""An order leaves as one encrypted file in one mail, or is shown with the reason why not."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.clients.models import Programme
from madoguchi.business.handover.delivery import actions, rules
from madoguchi.business.handover.delivery.consignments import way_of
from madoguchi.business.handover.delivery.models import Delivery, Outcome, State, Way
from madoguchi.business.handover.delivery.ways import excel_mail
from madoguchi.business.intake.models import Order
from madoguchi.kernel.errors import Refusal
from tests.business.books import PASSWORD, Shop, a_shop
from tests.business.correspondence.postbox import Manner, Postbox
from tests.business.intake.forms import NOON

from .centre import Clock, an_order, attempted, opened
from .test_workbook import opened as decrypted

pytestmark = pytest.mark.django_db(transaction=True)


def jobs_of(delivery: Delivery) -> list[Any]:
    jobs = ProcrastinateJob.objects.filter(args__delivery_id=str(delivery.pk)).order_by("id")
    return list(jobs.values_list("scheduled_at", flat=True))


@pytest.mark.requirement("D3")
def test_an_order_arrives_as_a_file_that_opens_with_the_clients_password(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    delivery = attempted(an_order(shop, phone="090-1234-5678"), clock)

    (letter,) = box.letters
    message = opened(letter)
    assert message["Message-ID"] == delivery.message_id == f"<{delivery.pk}@centre.test>"
    assert str(message["To"]) == "orders@midori.test"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename().startswith("受注_20251020_1200_")
    sheet: Any = openpyxl.load_workbook(BytesIO(decrypted(attachment.get_content(), PASSWORD))).active
    assert sheet.max_row == 3
    assert "090-1234-5678" in [cell.value for cell in sheet[2]]

    assert (delivery.state, delivery.receipt) == (State.DELIVERED, "250 2.0.0 kept as 1")
    assert (delivery.delivered_at, delivery.attempts, delivery.reason_code) == (NOON, 1, "")
    assert [attempt.outcome for attempt in delivery.tries.all()] == [Outcome.DELIVERED]
    assert AuditEntry.objects.filter(action="delivery.delivered", object_id=str(delivery.pk)).count() == 1


@pytest.mark.requirement("K12")
def test_the_password_is_neither_in_the_mail_nor_in_the_log_nor_in_the_database(
    shop: Shop, box: Postbox, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    attempted(an_order(shop), clock)
    text = opened(box.letters[0]).get_body().get_content()
    assert PASSWORD not in text
    assert PASSWORD.encode() not in box.letters[0]
    assert PASSWORD not in caplog.text
    assert PASSWORD not in Way.objects.get(client=shop.client).password_encrypted
    assert PASSWORD not in "".join(str(entry.detail) for entry in AuditEntry.objects.all())


def test_a_delivered_order_is_not_sent_again(shop: Shop, box: Postbox, clock: Clock) -> None:
    delivery = attempted(an_order(shop), clock)
    attempted(delivery, clock)
    with pytest.raises(Refusal) as refused:
        actions.resend(delivery, by=shop.user, at=NOON)
    assert refused.value.code == "already_delivered"
    assert len(box.letters) == 1


def test_an_address_that_is_refused_parks_the_delivery_at_once(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    box.manner = Manner.REFUSE_RECIPIENT
    delivery = attempted(an_order(shop), clock)
    assert (delivery.state, delivery.reason_code) == (State.PARKED, "mail_recipient_refused")
    assert "no such mailbox" in delivery.reason("ja")
    assert "no such mailbox" in delivery.reason("en")
    assert [attempt.outcome for attempt in delivery.tries.all()] == [Outcome.REFUSED]
    assert Order.objects.filter(pk=delivery.order_id).exists()


def test_a_corrected_address_and_send_again_deliver_it(shop: Shop, box: Postbox, clock: Clock) -> None:
    box.manner = Manner.REFUSE_RECIPIENT
    delivery = attempted(an_order(shop), clock)
    box.manner = Manner.ACCEPT
    shop.way(recipient="new@midori.test")
    actions.resend(delivery, by=shop.user, at=clock.turn(hours=1))
    assert attempted(delivery, clock).state == State.DELIVERED
    assert str(opened(box.letters[0])["To"]) == "new@midori.test"
    entry = AuditEntry.objects.get(action="delivery.resent")
    assert (entry.user, entry.detail) == (shop.user, {"from": "parked", "reason": "mail_recipient_refused"})


def test_a_passing_trouble_is_tried_again_by_the_table_and_then_asks_a_person(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    box.manner = Manner.DEFER_MESSAGE
    delivery = an_order(shop)
    for wait in rules.BACK_OFF:
        attempted(delivery, clock)
        assert (delivery.state, delivery.next_at) == (State.DUE, clock.now + wait)
        assert delivery.reason_code == "mail_message_deferred"
        assert jobs_of(delivery)[-1] == clock.now + wait
        clock.turn(seconds=wait.total_seconds())
    attempted(delivery, clock)
    assert (delivery.state, delivery.attempts) == (State.PARKED, rules.MOST_ATTEMPTS)
    assert "8回" in delivery.reason_ja
    assert "try again" in delivery.reason_en
    assert delivery.tries.count() == 8
    assert box.letters == []


def test_nothing_is_tried_before_its_time(shop: Shop, box: Postbox, clock: Clock) -> None:
    box.manner = Manner.DEFER_RECIPIENT
    delivery = attempted(an_order(shop), clock)
    clock.turn(seconds=5)
    assert attempted(delivery, clock).attempts == 1
    box.manner = Manner.ACCEPT
    clock.turn(seconds=5)
    delivery = attempted(delivery, clock)
    assert (delivery.state, delivery.attempts, delivery.reason_code) == (State.DELIVERED, 2, "")


def test_a_server_that_is_away_is_waited_for(
    shop: Shop, box: Postbox, clock: Clock, settings: Settings
) -> None:
    settings.EMAIL_HOST = "127.0.0.2"
    delivery = attempted(an_order(shop), clock)
    assert (delivery.state, delivery.reason_code) == (State.DUE, "mail_server_unreachable")
    assert f"127.0.0.2:{box.port}" in delivery.reason_ja


def test_a_line_that_breaks_after_the_dot_is_never_sent_again_by_itself(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    box.manner = Manner.KEEP_THEN_DROP
    delivery = attempted(an_order(shop), clock)
    assert (delivery.state, delivery.reason_code) == (State.PARKED, "outcome_unknown")
    box.manner = Manner.ACCEPT
    actions.sweep(at=clock.turn(days=2))
    attempted(delivery, clock)
    assert (delivery.state, len(box.letters)) == (State.PARKED, 1)


def test_a_person_who_checked_can_mark_it_delivered(shop: Shop, box: Postbox, clock: Clock) -> None:
    box.manner = Manner.KEEP_THEN_DROP
    delivery = attempted(an_order(shop), clock)
    with pytest.raises(Refusal) as refused:
        actions.mark_delivered(delivery, by=shop.user, at=clock.now, note=" ")
    assert refused.value.field == "note"
    found = actions.mark_delivered(delivery, by=shop.user, at=clock.turn(hours=1), note="緑川様に電話で確認")
    assert (found.state, found.delivered_at, found.reason_code) == (State.DELIVERED, clock.now, "")
    assert "緑川様に電話で確認" in found.receipt
    entry = AuditEntry.objects.get(action="delivery.marked_delivered")
    assert entry.user == shop.user


def test_a_person_who_checked_can_send_it_again_under_the_same_message_id(
    shop: Shop, box: Postbox, clock: Clock
) -> None:
    box.manner = Manner.DROP_AT_DOT
    delivery = attempted(an_order(shop), clock)
    first_id = delivery.message_id
    assert (delivery.reason_code, box.letters) == ("outcome_unknown", [])
    box.manner = Manner.ACCEPT
    actions.resend(delivery, by=shop.user, at=clock.now)
    attempted(delivery, clock)
    assert delivery.state == State.DELIVERED
    assert [opened(letter)["Message-ID"] for letter in box.letters] == [first_id]


def test_without_a_way_the_order_is_kept_and_says_what_to_set_up(
    transactional_db: None, box: Postbox, clock: Clock
) -> None:
    shop = a_shop()
    delivery = an_order(shop)
    assert (delivery.state, delivery.reason_code, jobs_of(delivery)) == (State.PARKED, "no_way", [])
    assert "通販受付" in delivery.reason_ja
    with pytest.raises(Refusal) as refused:
        actions.resend(delivery, by=shop.user, at=NOON)
    assert refused.value.code == "no_way"
    shop.way()
    actions.resend(delivery, by=shop.user, at=NOON)
    assert attempted(delivery, clock).state == State.DELIVERED


def test_a_way_switched_off_meanwhile_parks_what_is_due(shop: Shop, box: Postbox, clock: Clock) -> None:
    delivery = an_order(shop)
    Way.objects.filter(client=shop.client).update(is_active=False)
    assert attempted(delivery, clock).reason_code == "no_way"
    assert box.letters == []


def test_a_password_that_cannot_be_read_any_more_says_so(
    shop: Shop, box: Postbox, clock: Clock, settings: Settings
) -> None:
    delivery = an_order(shop)
    settings.MADOGUCHI_FIELD_KEY = Fernet.generate_key().decode()
    assert attempted(delivery, clock).reason_code == "password_unreadable"
    assert delivery.state == State.PARKED


def test_a_mistake_of_ours_is_put_down_and_raised(
    shop: Shop, box: Postbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = an_order(shop)
    monkeypatch.setattr(excel_mail, "protected_workbook", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.attempt(delivery_id=delivery.pk, clock=clock)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == (State.DUE, "internal_error")
    assert "ZeroDivisionError" in delivery.reason_ja


def test_a_mistake_of_ours_after_the_note_is_an_unknown_outcome(
    shop: Shop, box: Postbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = an_order(shop)

    def break_down(*_: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("madoguchi.business.correspondence.courier.commit", break_down)
    with pytest.raises(ZeroDivisionError):
        actions.attempt(delivery_id=delivery.pk, clock=clock)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == (State.PARKED, "outcome_unknown")


def test_order_delivery_and_job_are_undone_together(shop: Shop) -> None:
    with transaction.atomic():
        job_of = jobs_of(an_order(shop))
        assert len(job_of) == 1
        transaction.set_rollback(True)
    assert not Order.objects.exists()
    assert not Delivery.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_an_order_is_only_enqueued_in_its_own_transaction(shop: Shop) -> None:
    order = an_order(shop).order
    with pytest.raises(RuntimeError, match="transaction"):
        actions.enqueue(order, at=NOON)


def test_the_sweep_gives_a_job_to_what_is_due_and_has_none(shop: Shop) -> None:
    forgotten, waiting = an_order(shop), an_order(shop)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'delivery_id' = %s", [str(forgotten.pk)])
    actions.sweep(at=NOON + actions.GRACE - timedelta(seconds=1))
    assert jobs_of(forgotten) == []
    for _ in range(2):
        actions.sweep(at=NOON + actions.GRACE)
    assert (len(jobs_of(forgotten)), len(jobs_of(waiting))) == (1, 1)


def test_a_programmes_own_way_comes_before_its_clients(shop: Shop) -> None:
    own = shop.way(programme=shop.programme, recipient="tsuhan@midori.test")
    other = Programme.objects.create(client=shop.client, name="別", contracted_lines=1, greeting="はい")
    assert way_of(shop.programme) == own
    found = way_of(other)
    assert found is not None
    assert found.recipient == "orders@midori.test"


def test_setting_a_way_again_changes_it_and_never_makes_a_second(shop: Shop) -> None:
    way = shop.way(recipient="a@midori.test")
    assert shop.way(recipient="b@midori.test") == way
    with pytest.raises(IntegrityError, match="way_one_active"):
        Way.objects.create(client=shop.client, recipient="c@midori.test", password_encrypted="x")


@pytest.mark.parametrize(
    ("changes", "field"), [({"password": "short"}, "password"), ({"recipient": "x"}, "recipient")]
)
def test_a_way_that_cannot_work_is_refused(shop: Shop, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        shop.way(**changes)
    assert refused.value.field == field
