from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory

from madoguchi.business.accounts.models import User
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal, Trouble
from madoguchi.web.shared.refusals import refusal_response
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_whoever_has_the_password_comes_in(tanaka: User) -> None:
    answer = Browser().post("/sign-in/", {"username": "tanaka", "password": PASSWORD, "next": "/office/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/")


def test_a_wrong_password_is_said_and_the_name_stays(tanaka: User) -> None:
    answer = Browser().post("/sign-in/", {"username": "tanaka", "password": "wrong"})
    assert answer.status_code == 422
    assert 'value="tanaka"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_the_door_leads_to_our_own_pages_only(tanaka: User) -> None:
    form = {"username": "tanaka", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Browser().post("/sign-in/", form).headers["Location"] == "/"


def test_in_a_demo_one_click_is_enough(settings: Any, sato: Agent) -> None:
    settings.MADOGUCHI_DEMO = True
    browser = Browser()
    assert "佐藤" in browser.get("/sign-in/").content.decode()
    assert browser.post("/sign-in/demo/", {"user": str(sato.user_id)}).status_code == 302
    assert browser.get("/").headers["Location"] == "/desk/"


def test_a_real_centre_has_no_such_door(settings: Any, sato: Agent) -> None:
    settings.MADOGUCHI_DEMO = False
    browser = Browser()
    assert "佐藤" not in browser.get("/sign-in/").content.decode()
    assert browser.post("/sign-in/demo/", {"user": str(sato.user_id)}).status_code == 404


@pytest.mark.parametrize(("user", "status"), [("nobody", 400), ("999999999", 404)])
def test_the_demos_door_knows_its_people(settings: Any, db: None, user: str, status: int) -> None:
    settings.MADOGUCHI_DEMO = True
    assert Browser().post("/sign-in/demo/", {"user": user}).status_code == status


def test_the_demos_door_wants_a_token_of_the_page(settings: Any, sato: Agent) -> None:
    settings.MADOGUCHI_DEMO = True
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post("/sign-in/demo/", {"user": str(sato.user_id)})
    assert answer.status_code == 403
    assert "読み込み直して" in answer.content.decode()


@pytest.mark.parametrize(
    ("person", "address"),
    [("tanaka", "/office/"), ("yamada", "/office/"), ("midori_user", "/portal/")],
)
def test_everybody_is_led_to_the_own_counter(
    request: pytest.FixtureRequest, person: str, address: str
) -> None:
    browser = Browser()
    browser.force_login(request.getfixturevalue(person))
    assert browser.get("/").headers["Location"] == address


def test_who_has_several_counters_chooses(administrator: User) -> None:
    browser = Browser()
    browser.force_login(administrator)
    text = browser.get("/").content.decode()
    assert 'href="/office/"' in text
    assert 'href="/admin/"' in text


def test_going_out_is_posted(tanaka: User) -> None:
    browser = Browser()
    browser.force_login(tanaka)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/").headers["Location"].startswith("/sign-in/")


def test_the_language_is_kept_on_the_person(administrator: User) -> None:
    browser = Browser()
    browser.force_login(administrator)
    assert browser.post("/language/", {"language": "en", "next": "/"}).status_code == 302
    administrator.refresh_from_db()
    assert administrator.language == "en"
    assert "Where would you like to go?" in browser.get("/").content.decode()
    elsewhere = Browser()
    elsewhere.force_login(administrator)
    assert "Where would you like to go?" in elsewhere.get("/").content.decode()


@pytest.mark.parametrize(
    ("address", "form"), [("/language/", {"language": "xx"}), ("/theme/", {"theme": "pink"})]
)
def test_what_no_button_sends_is_a_bad_request(db: None, address: str, form: dict[str, str]) -> None:
    assert Browser().post(address, form).status_code == 400
    assert Browser().get(address).status_code == 405


def test_the_light_is_remembered(db: None) -> None:
    browser = Browser()
    browser.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/sign-in/").content.decode()


def test_an_unknown_page_is_said_calmly_in_both_languages(db: None) -> None:
    answer = Browser().get("/nowhere/")
    assert answer.status_code == 404
    assert "お探しのページはありません" in answer.content.decode()
    assert "There is no such page" in answer.content.decode()


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("not_found", ja="ありません。", en="Not there."), 404),
        (Refusal("forbidden", ja="できません。", en="Not allowed."), 403),
        (Refusal("already_done", ja="済んでいます。", en="Done already."), 409),
        (Trouble("disk_full", ja="いっぱいです。", en="Full."), 503),
    ],
)
def test_a_refusal_becomes_a_page_for_people_and_json_for_scripts(refusal: Refusal, status: int) -> None:
    page = refusal_response(RequestFactory().get("/"), refusal)
    assert page.status_code == status
    assert refusal.ja in page.content.decode()
    assert refusal.en in page.content.decode()
    answer = refusal_response(RequestFactory().get("/", headers={"HX-Request": "true"}), refusal)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")


def test_no_page_holds_style_or_script_of_its_own(sato: Agent, settings: Any) -> None:
    settings.MADOGUCHI_DEMO = True
    browser = Browser()
    pages = [browser.get("/sign-in/").content.decode()]
    browser.force_login(sato.user)
    pages.append(browser.get("/desk/").content.decode())
    for text in pages:
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
