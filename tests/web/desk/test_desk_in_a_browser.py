"""The desk as a communicator works at it: real browser, real server, real database; the switchboard is played."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from madoguchi.business.calls.models import DeskRequest
from madoguchi.business.calls.queries import SWITCHBOARD_LOCK
from madoguchi.business.clients.models import Programme
from madoguchi.business.handover.delivery.actions import put_way
from madoguchi.business.intake.models import Order
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.knowledge.models import Product, TaxRate
from madoguchi.business.staff.models import Agent
from madoguchi.web.shared.frontend import build
from madoguchi.web.shared.live import conninfo
from tests.web.desk import switchboard
from tests.web.desk.browser import Witness, chromium, web_server

pytestmark = [pytest.mark.scenario, pytest.mark.django_db(transaction=True)]

SIZES: tuple[tuple[int, int, Literal["light", "dark"]], ...] = (
    (1440, 900, "light"),
    (1920, 1080, "dark"),
    (390, 844, "light"),
)


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


@pytest.fixture
def in_charge(sato: Agent) -> Iterator[None]:
    """A switchboard is in charge."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [SWITCHBOARD_LOCK])
        yield


@pytest.fixture
def desk(browser: Browser, address: str, sato: Agent, in_charge: None) -> Iterator[Page]:
    """佐藤's desk, opened from the demo's door; at the end nobody may have complained."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(10_000)
    witness = Witness(page)
    sit_down(page, address)
    yield page
    context.close()
    assert witness.complaints == []


def sit_down(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/")
    page.get_by_role("button", name="佐藤").click()
    expect(page.locator("[data-state-name]")).not_to_have_text("接続しています")


@pytest.fixture(autouse=True)
def let_the_server_finish(transactional_db: None) -> Iterator[None]:
    """Wait for the last requests, or emptying the tables would meet them half-way."""
    yield
    busy = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
    busy += " AND (state = 'active' OR state LIKE 'idle in transaction%')"
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        quiet = 0
        while quiet < 3:
            time.sleep(0.05)
            row = connection.execute(busy).fetchone()
            quiet = quiet + 1 if row == (0,) else 0


def state_shown(page: Page, text: str) -> None:
    expect(page.locator("[data-state-name]")).to_have_text(text)


def talk(sato: Agent, programme: Programme, page: Page, *, call_id: str = "call-1") -> None:
    switchboard.answers(sato, switchboard.arrives(programme, call_id=call_id))
    expect(page.locator(f"[data-shown-call='{call_id}']")).to_be_visible()


def fill_order(page: Page) -> None:
    """Write an order by keyboard alone, from the first field on."""
    page.locator("#field-name").focus()
    for words in ("山田 花子", "やまだ はなこ", "090-1234-5678", "1000001"):
        page.keyboard.type(words) if page.evaluate("!document.activeElement.value") else None
        page.keyboard.press("Tab")
    page.get_by_role("button", name="東京都千代田区千代田").click()
    page.keyboard.type("1-1")
    page.keyboard.press("Escape")


def test_whoever_sits_down_is_signed_in_at_the_switchboard(desk: Page, sato: Agent) -> None:
    expect(desk.locator("[data-desk]")).to_have_attribute("data-state", "off")
    desk.wait_for_timeout(500)
    assert DeskRequest.objects.get().verb == "sign_in"
    switchboard.seats(sato, "away", reason="break")
    state_shown(desk, "離席(休憩)")


def test_a_key_asks_and_the_switchboards_word_is_what_shows(desk: Page, sato: Agent) -> None:
    switchboard.seats(sato, "away", reason="break")
    state_shown(desk, "離席(休憩)")
    with desk.expect_response("**/desk/state/"):
        desk.keyboard.press("F2")
    ready = desk.locator("button[value=ready]")
    expect(ready).to_have_attribute("data-pending", "")
    state_shown(desk, "離席(休憩)")
    DeskRequest.objects.filter(verb="ready").update(done_at=timezone.now())
    switchboard.seats(sato, "ready")
    state_shown(desk, "受付可")
    expect(ready).not_to_have_attribute("data-pending", "")


def test_a_wish_made_before_the_last_ones_answer_is_made_after_it(desk: Page, sato: Agent) -> None:
    switchboard.seats(sato, "away", reason="break")
    state_shown(desk, "離席(休憩)")
    with desk.expect_response("**/desk/state/"):
        desk.keyboard.press("F2")
    switchboard.seats(sato, "ready")
    state_shown(desk, "受付可")
    desk.keyboard.press("Shift+F2")
    with desk.expect_response("**/desk/state/"):
        DeskRequest.objects.filter(verb="ready").update(done_at=timezone.now())
        switchboard.tells(str(sato.pk))
    assert DeskRequest.objects.filter(verb="away", reason="work").count() == 1


def test_a_refused_wish_is_said_as_a_sentence(desk: Page, sato: Agent, orders: Programme) -> None:
    talk(sato, orders, desk)
    with desk.expect_response("**/desk/state/"):
        desk.keyboard.press("F4")
    DeskRequest.objects.filter(verb="hold").update(done_at=timezone.now(), refusal="call_is_over")
    switchboard.tells(str(sato.pk))
    expect(desk.locator("[data-notices]")).to_contain_text("この通話はもう終わっています。")


def test_the_next_call_brings_its_own_client_on_the_desk(
    desk: Page, sato: Agent, orders: Programme, aozora_orders: Programme
) -> None:
    switchboard.seats(sato, "ringing", call=switchboard.arrives(orders))
    expect(desk.locator(".band-name")).to_have_text("みどり本舗")
    expect(desk.locator("[data-band-state]")).to_have_text("着信中")
    expect(desk.get_by_role("button", name="応答 F1")).to_be_visible()
    switchboard.answers(sato, switchboard.arrives(aozora_orders, call_id="call-2"))
    expect(desk.locator(".band-name")).to_have_text("あおぞら堂")
    expect(desk.locator(".greeting")).to_have_text("あおぞら堂でございます。")


def test_the_greeting_is_the_biggest_sentence(desk: Page, sato: Agent, orders: Programme) -> None:
    talk(sato, orders, desk)
    sizes = desk.evaluate(
        "() => [...document.querySelectorAll('main *')].filter((e) => e.checkVisibility()"
        " && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))"
        ".map((e) => [parseFloat(getComputedStyle(e).fontSize), e.className])"
    )
    assert max(sizes)[1] == "greeting"


def test_enter_never_ends_a_call_nor_sends_the_form(
    desk: Page, sato: Agent, orders: Programme, green_juice: Product
) -> None:
    talk(sato, orders, desk)
    desk.get_by_role("button", name="終話 F10").focus()
    desk.keyboard.press("Enter")
    desk.locator("#field-name").fill("山田")
    desk.locator("#field-name").press("Enter")
    desk.wait_for_timeout(300)
    assert not DeskRequest.objects.filter(verb="hang_up").exists()
    expect(desk.locator("#field-name")).to_have_value("山田")
    expect(desk.locator(".field-error:not(:empty)")).to_have_count(0)
    with desk.expect_response("**/desk/state/"):
        desk.keyboard.press("F10")
    assert DeskRequest.objects.filter(verb="hang_up", call_id="call-1").exists()


def test_keys_sleep_while_japanese_is_being_converted(desk: Page, sato: Agent, orders: Programme) -> None:
    talk(sato, orders, desk)
    press = "(composing) => document.querySelector('#field-name').dispatchEvent(new KeyboardEvent('keydown', "
    press += "{ key: 'F10', bubbles: true, cancelable: true, isComposing: composing }))"
    desk.evaluate(press, True)
    desk.wait_for_timeout(300)
    assert not DeskRequest.objects.filter(verb="hang_up").exists()
    with desk.expect_response("**/desk/state/"):
        desk.evaluate(press, False)
    assert DeskRequest.objects.filter(verb="hang_up").count() == 1


@pytest.mark.requirement("K2")
def test_an_order_is_written_by_keyboard_and_its_receipt_appears(
    desk: Page, sato: Agent, orders: Programme, green_juice: Product
) -> None:
    put_way(
        by=None, client=orders.client, recipient="orders@midori.example", password="Aojiru-no-30-hou",
        at=timezone.now(),
    )  # fmt: skip
    talk(sato, orders, desk)
    fill_order(desk)
    desk.keyboard.press("/") if desk.evaluate("document.activeElement === document.body") else None
    desk.locator("[data-search-words]").fill("あおじる")
    desk.locator("[data-search-words]").fill("青汁")
    desk.keyboard.press("Enter")
    expect(desk.locator(".sum-total")).to_have_text("3,980円")
    expect(desk.locator(".read-back-words")).to_contain_text("国産青汁 30包を1点")
    desk.keyboard.press("F12")
    expect(desk.locator("#order")).to_contain_text("復唱確認がされていません")
    expect(desk.locator("#field-name")).to_have_value("山田 花子")
    desk.locator("#read-back-mark").check()
    expect(desk.locator(".terms")).to_contain_text(re.compile(r"復唱しました \d\d:\d\d:\d\d"))
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-receipt]")).to_contain_text("保存しました")
    order = Order.objects.get()
    assert (order.name, order.kana, order.street) == ("山田 花子", "ヤマダ ハナコ", "1-1")


def test_a_changed_quantity_takes_the_read_back_away(
    desk: Page, sato: Agent, orders: Programme, green_juice: Product
) -> None:
    talk(sato, orders, desk)
    desk.locator("[data-add-product]").click()
    desk.locator("#read-back-mark").check()
    expect(desk.locator(".terms")).to_contain_text(re.compile(r"復唱しました \d\d:"))
    desk.locator("#line-0-quantity").fill("3")
    expect(desk.locator(".sum-total")).to_have_text("11,940円")
    expect(desk.locator("#read-back-mark")).not_to_be_checked()


def test_what_is_typed_survives_a_reload_and_the_next_call(
    desk: Page, sato: Agent, orders: Programme, aozora_orders: Programme, green_juice: Product
) -> None:
    talk(sato, orders, desk)
    desk.locator("#field-note").fill("午前中に届けてほしい")
    expect(desk.locator("[data-draft-state]")).to_have_text("下書きを保存しました")
    desk.reload()
    expect(desk.locator("#field-note")).to_have_value("午前中に届けてほしい")
    desk.locator("#field-note").press("Control+End")
    desk.keyboard.type("。急ぎ")
    talk(sato, aozora_orders, desk, call_id="call-2")
    switchboard.seats(sato, "ready")
    expect(desk.locator("[data-idle]")).to_contain_text("書きかけ")
    desk.get_by_role("row", name=re.compile("みどり本舗")).get_by_role("link", name="開く").click()
    expect(desk.locator("#field-note")).to_have_value("午前中に届けてほしい。急ぎ")


def test_a_server_that_is_not_reached_loses_no_word(
    desk: Page, sato: Agent, orders: Programme, green_juice: Product
) -> None:
    talk(sato, orders, desk)
    desk.context.set_offline(True)
    desk.locator("#field-name").fill("山田")
    expect(desk.locator("[data-draft-state]")).to_contain_text("入力はこの画面に残っています")
    desk.keyboard.press("F12")
    expect(desk.locator("[data-notices]")).to_contain_text("サーバーに届きませんでした")
    expect(desk.locator("#field-name")).to_have_value("山田")
    desk.context.set_offline(False)
    expect(desk.locator("[data-draft-state]")).to_have_text("下書きを保存しました")


def test_a_lost_telephone_and_a_lost_switchboard_are_said(
    browser: Browser, address: str, sato: Agent
) -> None:
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP") as context:
        page = context.new_page()
        sit_down(page, address)
        expect(page.locator("[data-loss=switchboard]")).to_be_visible()
        expect(page.locator("[data-loss=phone]")).to_be_visible()
        expect(page.locator("[data-loss=stream]")).to_be_hidden()


def test_a_stream_that_breaks_is_said_and_comes_back(
    browser: Browser, sato: Agent, tmp_path: Path, django_db_setup: None
) -> None:
    with browser.new_context(locale="ja-JP") as context:
        page = context.new_page()
        with web_server(tmp_path / "web.log") as address:
            sit_down(page, address)
            expect(page.locator("[data-loss=stream]")).to_be_hidden()
        expect(page.locator("[data-loss=stream]")).to_be_visible()
        expect(page.locator("[data-loss=stream]")).to_contain_text("通話はそのまま続きます")


def test_the_desk_speaks_english_when_asked(desk: Page, sato: Agent) -> None:
    switchboard.seats(sato, "ready")
    desk.get_by_role("button", name="English").click()
    state_shown(desk, "Ready")
    expect(desk.locator("main")).to_contain_text("Today's calls")


@pytest.mark.parametrize(("width", "height", "scheme"), SIZES)
def test_the_desk_is_photographed(
    browser: Browser, address: str, sato: Agent, orders: Programme, green_juice: Product, in_charge: None,
    pictures: Path, width: int, height: int, scheme: Literal["light", "dark"],
) -> None:  # fmt: skip
    put_product(
        client=orders.client,
        code="0101",
        name="美容クリーム 30g",
        unit_price_yen=4950,
        tax_rate=TaxRate.STANDARD,
    )
    with browser.new_context(
        viewport={"width": width, "height": height}, locale="ja-JP", color_scheme=scheme
    ) as context:
        page = context.new_page()
        witness = Witness(page)
        sit_down(page, address)
        switchboard.seats(sato, "ready")
        state_shown(page, "受付可")
        shoot(page, pictures / f"desk-ready-{width}.png")
        talk(sato, orders, page)
        page.locator("[data-add-product]").first.click()
        expect(page.locator(".sum-total")).to_have_text("3,980円")
        shoot(page, pictures / f"desk-call-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            "the page is wider than the screen"
        )
        assert witness.complaints == []


def shoot(page: Page, path: Path) -> None:
    # The caret stays: Playwright hides it by an inline style, which our policy refuses.
    page.screenshot(path=path, caret="initial")
