"""The office and the portal in a real browser: nothing breaks the security policy, nothing sticks out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, Disposition
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.correspondence import sink
from madoguchi.business.handover.delivery.models import Delivery, State
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.lines.actions import put_number
from madoguchi.business.staff.models import Agent
from madoguchi.web.shared.frontend import build
from madoguchi.web.shared.live import conninfo
from tests.web.desk.browser import Witness, chromium, web_server
from tests.web.office.day import Day, delivered, refused, unknown, voice

pytestmark = [pytest.mark.scenario, pytest.mark.django_db(transaction=True)]

SIZES = ((1440, 900, "light"), (1920, 1080, "dark"), (390, 844, "light"))
NAMES = ("髙橋 さくら", "林 次郎", "山本 花子", "森 太郎", "川口 一", "阿部 みどり", "小野 健", "石井 桃子")


@pytest.fixture(scope="module")
def pictures() -> Path:
    folder: Path = settings.MADOGUCHI_HOME.root / "screenshots"
    folder = Path(os.environ.get("MADOGUCHI_SCREENSHOTS", folder))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    build(print)
    with web_server(tmp_path_factory.mktemp("web") / "web.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread, which Django would take for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def let_the_server_finish(transactional_db: None) -> Iterator[None]:
    """Wait for the last requests, or emptying the tables would meet them half-way."""
    yield
    busy = "SELECT count(*) FROM pg_stat_activity WHERE usename <> 'postgres' AND pid <> pg_backend_pid()"
    busy += " AND (state = 'active' OR state LIKE 'idle in transaction%')"
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        quiet = 0
        while quiet < 3:
            time.sleep(0.05)
            row = connection.execute(busy).fetchone()
            quiet = quiet + 1 if row == (0,) else 0


@pytest.fixture
def aozora_day(aozora: Client, aozora_orders: Programme, sato: Agent) -> Day:
    number = put_number(number="0120-000-456", programme=aozora_orders)
    soap = put_product(client=aozora, code="S-1", name="はちみつ石けん", unit_price_yen=1200)
    day = Day(programme=aozora_orders, number=number, product=soap, agent=sato, at=timezone.now())
    day.way()
    return day


@pytest.fixture
def busy(midori_day: Day, aozora_day: Day, support: Programme) -> Day:
    """A day with everything in it; returns みどり本舗's."""
    folder: Path = settings.MADOGUCHI_HOME.recordings
    voice(folder / "caller.wav", seconds=3)
    voice(folder / "agent.wav", seconds=3)
    user = midori_day.agent.user
    for index, name in enumerate(NAMES):
        day = aozora_day if index % 3 == 2 else midori_day
        phone = f"0901{index}11{2000 + index}"
        call = day.call(
            60 - index * 6, caller=phone, wait_s=3 + index * 2, talk_s=150 + index * 31, held_s=index % 3 * 11,
            recording_caller="caller.wav", recording_agent="agent.wav",
        )  # fmt: skip
        order = day.order(
            by=user, call=call, name=name, kana="カナ カナ", phone=phone, minutes_ago=57 - index * 6
        )
        if index == 2:
            unknown(order, at=order.taken_at + timedelta(seconds=3))
        elif index == 5:
            refused(order, at=order.taken_at + timedelta(seconds=3))
        elif index < 7:
            delivered(order, at=order.taken_at + timedelta(seconds=4))
    midori_day.missed(22, caller="0355556666")
    midori_day.missed(14)
    aozora_day.missed(31, caller="08022223333")
    aozora_day.missed(9, caller="0677778888", disposition=Disposition.LOST)
    _keep_on_this_side_of_midnight()
    return midori_day


def _keep_on_this_side_of_midnight() -> None:
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for call in Call.objects.filter(arrived_at__lt=since):
        late = since - call.arrived_at
        for name in ("arrived_at", "answered_at", "ended_at", "wrap_up_ended_at"):
            if (moment := getattr(call, name)) is not None:
                setattr(call, name, moment + late)
        call.save()


@pytest.fixture
def mail() -> str:
    """The client's mailbox with one message; returns its id."""
    message = EmailMessage()
    message["From"], message["To"] = "madoguchi@localhost", "orders@midori.test"
    message["Subject"], message["Message-ID"] = "受注データのご送付", "<1@madoguchi.test>"
    message.set_content(
        "みどり本舗 ご担当者様\n\nお世話になっております。受注データを添付のファイルでお送りします。\n"
        "ファイルは、前もってお知らせしたパスワードで開いてください。\n"
    )
    message.add_attachment(b"PK" * 4000, maintype="application", subtype="octet-stream", filename="受注.xlsx")
    return sink.keep(settings.MADOGUCHI_HOME.mail, message.as_bytes(), at=time.time())


@pytest.fixture
def window(browser: Browser) -> Iterator[Any]:
    """Opens a page as somebody; at the end nobody may have complained."""
    opened = []

    def open_as(
        name: str, address: str, path: str, *, width: int = 1440, height: int = 900, theme: str = "light"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="ja-JP", color_scheme=theme, timezone_id="Asia/Tokyo"
        )  # fmt: skip
        context.grant_permissions(["microphone"])
        page = context.new_page()
        page.set_default_timeout(10_000)
        opened.append((context, Witness(page)))
        page.goto(f"{address}{path}")
        if name:
            page.get_by_role("button", name=name).click()
        return page

    yield open_as
    for context, witness in opened:
        context.close()
        assert witness.complaints == []


def _fits(page: Page) -> bool:
    """Whether the page is no wider than the window: lists may scroll within themselves, the page may not."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
def test_every_page_of_the_office_fits_and_keeps_to_the_policy(
    width: int,
    height: int,
    theme: str,
    window: Any,
    address: str,
    busy: Day,
    mail: str,
    yamada: User,
    pictures: Path,
) -> None:
    page = window("山田", address, "/office/", width=width, height=height, theme=theme)
    parked = Delivery.objects.filter(state=State.PARKED, reason_code="outcome_unknown").get()
    paths = {
        "today": "/office/",
        "deliveries": "/office/deliveries/",
        "delivery": f"/office/deliveries/{parked.pk}/",
        "calls": "/office/calls/",
        "call": f"/office/calls/{busy.calls[0].pk}/",
        "inbox": "/office/inbox/",
        "letter": f"/office/inbox/{mail}/",
        "telephone": "/office/telephone/",
    }
    for name, path in paths.items():
        page.goto(f"{address}{path}")
        page.screenshot(path=pictures / f"office-{name}-{width}.png")
        assert _fits(page), name


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
def test_every_page_of_the_portal_fits_and_keeps_to_the_policy(
    width: int,
    height: int,
    theme: str,
    window: Any,
    address: str,
    busy: Day,
    midori_user: User,
    pictures: Path,
) -> None:
    page = window("緑川", address, "/portal/", width=width, height=height, theme=theme)
    paths = {
        "landing": "/portal/",
        "orders": "/portal/orders/",
        "order": f"/portal/orders/{busy.orders[0].pk}/",
        "deliveries": "/portal/deliveries/",
        "calls": "/portal/calls/",
    }
    for name, path in paths.items():
        page.goto(f"{address}{path}")
        expect(page.locator(".client-name b")).to_have_text("みどり本舗")
        page.screenshot(path=pictures / f"portal-{name}-{width}.png")
        assert _fits(page), name


def test_the_pages_fit_in_english_too(
    window: Any, address: str, busy: Day, yamada: User, pictures: Path
) -> None:
    page = window("山田", address, "/office/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("What is due today")
    for name, path in {"deliveries": "/office/deliveries/", "telephone": "/office/telephone/"}.items():
        page.goto(f"{address}{path}")
        page.screenshot(path=pictures / f"office-{name}-english.png")
        assert _fits(page), name
        text = page.locator("main").inner_text()
        assert "納品" not in text
        assert "電話" not in text


def test_the_list_of_deliveries_lives(window: Any, address: str, busy: Day, yamada: User) -> None:
    page = window("山田", address, "/office/deliveries/")
    expect(page.locator("#state-parked b")).to_have_text("2")
    Delivery.objects.filter(reason_code="outcome_unknown").update(reason_code="recipient_refused")
    Delivery.objects.filter(state=State.DUE).update(
        state=State.PARKED, reason_code="no_way", reason_ja="納品方法がありません。", reason_en="No way."
    )
    expect(page.locator("#state-parked b")).to_have_text("3", timeout=15_000)
    expect(page.locator(".parked-row")).to_have_count(3)


def test_a_delivery_in_doubt_is_settled_by_keyboard(
    window: Any, address: str, busy: Day, yamada: User
) -> None:
    page = window("山田", address, "/office/deliveries/")
    page.get_by_role("link", name=str(busy.orders[0].pk)[:8]).first.wait_for()
    page.locator(".parked-row", has_text="届いたか不明").locator("a").click()
    page.locator("#note").press("Enter")
    expect(page.locator("#note-error")).to_contain_text("誰に、どのように")
    page.locator("#note").fill("鈴木様に電話で確認")
    page.locator("#note").press("Enter")
    expect(page.locator(".tag").first).to_have_text("納品済み")


def test_a_recording_is_played_in_the_browser(window: Any, address: str, busy: Day, yamada: User) -> None:
    page = window("山田", address, f"/office/calls/{busy.calls[0].pk}/")
    player = page.locator("audio").first
    player.evaluate("player => player.play()")
    page.wait_for_function("() => document.querySelector('audio').duration === 3")
    player.evaluate("player => { player.currentTime = 2; }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 2.2")


def test_a_telephone_that_reaches_no_exchange_says_so_and_goes_on_working(
    window: Any, address: str, busy: Day
) -> None:
    page = window("", address, "/office/telephone/")
    expect(page.locator("[data-trouble]")).to_contain_text("電話システムに接続できません")
    page.locator("[data-number='0120000456']").click()
    expect(page.locator("#number")).to_have_value("0120000456")
    page.locator("#number").fill("")
    for key in "0120":
        page.locator(f"[data-key='{key}']").click()
    expect(page.locator("#number")).to_have_value("0120")
    page.locator("#caller").select_option("own")
    expect(page.locator("#own")).to_be_visible()
