from __future__ import annotations

import json
import re

import pytest
from django.test import Client as Browser

from madoguchi.acd.events import AwayReason
from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, DeskRequest
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent
from tests.web.desk import switchboard

pytestmark = pytest.mark.django_db


def test_the_desk_opens_for_its_communicator(sato_browser: Browser, sato: Agent) -> None:
    page = sato_browser.get("/desk/")
    assert page.status_code == 200
    assert "佐藤 花子" in page.content.decode()


def test_the_page_holds_the_telephone_of_this_communicator_only(
    sato_browser: Browser, sato: Agent, suzuki: Agent
) -> None:
    text = sato_browser.get("/desk/", headers={"host": "127.0.0.1:8000"}).content.decode()
    found = re.search(r'<script id="telephone" type="application/json">(.*?)</script>', text)
    assert found is not None
    telephone = json.loads(found[1])
    assert telephone["user"] == sato.endpoint
    assert telephone["password"] == sato.sip_secret
    assert telephone["uri"].startswith("ws://127.0.0.1:")
    assert suzuki.sip_secret not in text


def test_behind_https_the_telephone_is_encrypted_too(sato_browser: Browser) -> None:
    text = sato_browser.get("/desk/", secure=True).content.decode()
    assert '"wss://' in text


def test_the_supervisor_has_no_desk(tanaka: User) -> None:
    browser = Browser()
    browser.force_login(tanaka)
    assert browser.get("/desk/").status_code == 403


def test_a_clients_user_never_comes_to_a_desk(midori_user: User, sato_calls: Call) -> None:
    browser = Browser()
    browser.force_login(midori_user)
    assert browser.get("/desk/").status_code == 403
    assert browser.get(f"/desk/calls/{sato_calls.id}/").status_code == 403
    assert browser.post("/desk/state/", {"verb": "ready"}).status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_door(db: None) -> None:
    answer = Browser().get("/desk/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/desk/"


def test_a_script_that_is_not_signed_in_is_told_so(db: None) -> None:
    answer = Browser().get("/desk/recent/", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["refusal"]["code"] == "signed_out"


def test_a_communicator_without_a_desk_is_told_what_to_do(sato: Agent, sato_browser: Browser) -> None:
    Agent.objects.filter(pk=sato.pk).update(is_active=False)
    answer = sato_browser.get("/desk/")
    assert answer.status_code == 409
    assert "管理者" in answer.content.decode()


def test_a_wish_goes_to_the_switchboard_and_is_not_done_yet(sato_browser: Browser, sato: Agent) -> None:
    answer = sato_browser.post("/desk/state/", {"verb": "away", "reason": "break"})
    assert answer.status_code == 202
    request = DeskRequest.objects.get(pk=answer.json()["request"])
    assert (request.agent_id, request.verb, request.reason) == (sato.pk, "away", "break")
    assert request.done_at is None


def test_a_wish_about_a_call_names_the_call_that_was_seen(sato_browser: Browser, sato_calls: Call) -> None:
    sato_browser.post("/desk/state/", {"verb": "hold", "call": sato_calls.id})
    assert DeskRequest.objects.get().call_id == sato_calls.id


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"verb": "fly"},
        {"verb": "away"},
        {"verb": "away", "reason": "tired"},
        {"verb": "away", "reason": AwayReason.UNREACHABLE.value},
        {"verb": "hold", "call": "x" * 200},
    ],
)
def test_a_wish_that_no_button_makes_is_a_bad_request(sato_browser: Browser, payload: dict[str, str]) -> None:
    assert sato_browser.post("/desk/state/", payload).status_code == 400
    assert not DeskRequest.objects.exists()


def test_wishes_are_posted(sato_browser: Browser) -> None:
    assert sato_browser.get("/desk/state/").status_code == 405


def test_pages_are_fetched(sato_browser: Browser, sato_calls: Call) -> None:
    for address in (
        "/desk/",
        "/desk/recent/",
        "/desk/stream/",
        f"/desk/calls/{sato_calls.id}/",
        "/desk/addresses/",
    ):
        assert sato_browser.post(address).status_code == 405, address


@pytest.mark.requirement("S2")
def test_the_call_shows_whose_line_it_is_and_what_to_say(sato_browser: Browser, sato_calls: Call) -> None:
    text = sato_browser.get(f"/desk/calls/{sato_calls.id}/").content.decode()
    assert "みどり本舗" in text
    assert "お電話ありがとうございます。みどり本舗でございます。" in text
    assert "0120-000-123" in text
    assert 'fill="#1f6f5c"' in text


@pytest.mark.requirement("K4")
def test_the_colleagues_call_cannot_be_opened(sato_calls: Call, suzuki: Agent) -> None:
    browser = Browser()
    browser.force_login(suzuki.user)
    for address in ("", "order/", "receipt/"):
        assert browser.get(f"/desk/calls/{sato_calls.id}/{address}").status_code == 404
    for address in ("order/", "draft/", "total/"):
        assert browser.post(f"/desk/calls/{sato_calls.id}/{address}").status_code == 404


def test_a_ringing_call_can_be_looked_at_before_it_is_answered(
    sato_browser: Browser, sato: Agent, orders: Programme
) -> None:
    call = switchboard.arrives(orders)
    assert sato_browser.get(f"/desk/calls/{call.id}/").status_code == 404
    switchboard.seats(sato, "ringing", call=call)
    assert sato_browser.get(f"/desk/calls/{call.id}/").status_code == 200


def test_only_the_last_call_stays_open(
    sato_browser: Browser, sato: Agent, orders: Programme, sato_calls: Call
) -> None:
    switchboard.ends(sato, sato_calls)
    switchboard.seats(sato, "ready")
    assert sato_browser.get(f"/desk/calls/{sato_calls.id}/").status_code == 200
    switchboard.answers(sato, switchboard.arrives(orders, call_id="call-2"))
    assert sato_browser.get(f"/desk/calls/{sato_calls.id}/").status_code == 404


def test_between_calls_the_desk_shows_todays_calls(sato_browser: Browser, sato_calls: Call) -> None:
    text = sato_browser.get("/desk/recent/").content.decode()
    assert "みどり本舗" in text
    assert f"/desk/calls/{sato_calls.id}/" in text
