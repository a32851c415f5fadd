"""The office's first page: what is due today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.calls.models import Call, Disposition, Waiting
from madoguchi.web.office.today import ProgrammeToday, today
from tests.web.office.day import Day, delivered, refused, unknown

pytestmark = pytest.mark.django_db

PAGE = "/office/"


def move_to_today(day: Day) -> None:
    """Keep the calls on this side of midnight, at whatever hour the tests run."""
    now = timezone.now()
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for call in Call.objects.filter(arrived_at__lt=since):
        late = since - call.arrived_at
        for name in ("arrived_at", "answered_at", "ended_at", "wrap_up_ended_at"):
            if (moment := getattr(call, name)) is not None:
                setattr(call, name, moment + late)
        call.save()


def test_a_calm_day_says_so(yamada_browser: Browser, midori_day: Day) -> None:
    midori_day.call(5)
    move_to_today(midori_day)
    assert "いま人の手が要るものはありません。" in yamada_browser.get(PAGE).content.decode()


def test_everything_that_is_due_is_counted(yamada_browser: Browser, midori_day: Day) -> None:
    user = midori_day.agent.user
    orders = [midori_day.order(by=user, minutes_ago=minutes) for minutes in range(1, 5)]
    refused(orders[0], at=midori_day.at)
    unknown(orders[1], at=midori_day.at)
    delivered(orders[2], at=midori_day.at)
    midori_day.missed(3)
    midori_day.missed(2, caller="0355556666", disposition=Disposition.LOST)
    move_to_today(midori_day)
    figures = today(at=timezone.now())
    assert (figures.parked, figures.unknown, figures.lost, figures.abandoned) == (2, 1, 1, 1)
    assert [call.disposition for call in figures.missed_calls] == ["lost", "abandoned"]
    page = yamada_browser.get(PAGE).content.decode()
    assert "うち届いたか不明 1 件" in page
    assert "03-5555-6666" in page


@pytest.mark.requirement("S3")
def test_each_programmes_answer_rate_stands_beside_its_guideline(
    yamada_browser: Browser, midori_day: Day
) -> None:
    for minutes in range(1, 6):
        midori_day.call(minutes, wait_s=4, talk_s=20)
    midori_day.missed(3)
    move_to_today(midori_day)
    [day] = today(at=timezone.now()).programmes
    assert (day.answered, day.missed, day.rate, day.is_below) == (5, 1, 83, True)
    assert (day.mean_wait_s, day.longest_wait_s) == (4, 4)
    page = yamada_browser.get(PAGE).content.decode()
    assert "応答率が目標を下回っている業務が 1 件あります" in page
    assert 'aria-label="応答率 83 %、目標 85 %"' in page


def test_yesterday_is_not_today(midori_day: Day) -> None:
    call = midori_day.call(5)
    midori_day.missed(4)
    for one in midori_day.calls:
        for name in ("arrived_at", "answered_at", "ended_at", "wrap_up_ended_at"):
            if (moment := getattr(one, name)) is not None:
                setattr(one, name, moment - timedelta(days=1))
        one.save()
    [day] = today(at=call.arrived_at + timedelta(days=1)).programmes
    assert (day.offered, day.rate, day.is_below) == (0, None, False)


def test_who_still_waits_counts_neither_way(midori_day: Day) -> None:
    midori_day.call(1, answered_at=None, ended_at=None, wrap_up_ended_at=None, agent=None,
                    disposition=Disposition.IN_PROGRESS, ended_by="")  # fmt: skip
    Waiting.objects.create(programme=midori_day.programme, waiting=1, oldest_arrived_at=midori_day.at)
    move_to_today(midori_day)
    [day] = today(at=timezone.now()).programmes
    assert (day.offered, day.waiting) == (0, 1)


@pytest.mark.parametrize(
    ("answered", "missed", "rate"), [(0, 0, None), (17, 3, 85), (849, 151, 84), (0, 4, 0)]
)
def test_the_rate_is_rounded_down(answered: int, missed: int, rate: int | None, midori_day: Day) -> None:
    day = ProgrammeToday(midori_day.programme, answered, missed, None, None, 0)
    assert day.rate == rate


def test_without_programmes_the_page_says_what_to_do(yamada_browser: Browser) -> None:
    assert "管理画面でクライアントと業務を登録してください" in yamada_browser.get(PAGE).content.decode()


def test_the_living_part_comes_alone(yamada_browser: Browser) -> None:
    assert "<html" not in yamada_browser.get(PAGE, headers={"HX-Request": "true"}).content.decode()


def test_strangers_may_not(sato_browser: Browser, midori_browser: Browser) -> None:
    assert sato_browser.get(PAGE).status_code == midori_browser.get(PAGE).status_code == 403
    assert Browser().get(PAGE).headers["Location"].startswith("/sign-in/")


def test_the_wrong_verb_is_told_so(yamada_browser: Browser) -> None:
    assert yamada_browser.post(PAGE).status_code == 405
