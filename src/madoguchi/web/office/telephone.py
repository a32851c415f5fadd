"""The test telephone: the browser calls a 0120 number as a customer would."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.business.accounts.models import Role
from madoguchi.business.intake.models import Customer
from madoguchi.business.lines.models import Number
from madoguchi.web.office.guards import open_in_demo
from madoguchi.web.shared.counters import DESK

CALLERS_PER_CLIENT = 6
KEYPAD = "123456789*0#"


@require_safe
@open_in_demo(Role.SUPERVISOR, Role.ADMINISTRATOR)
def telephone(request: HttpRequest) -> HttpResponse:
    numbers = list(
        Number.objects.filter(programme__is_active=True, client__is_active=True)
        .select_related("client", "programme")
        .order_by("client__reading", "number")
    )
    lines = getattr(settings, "MADOGUCHI_TELEPHONES", ())
    context = {
        "numbers": numbers,
        "callers": known_callers(),
        "keypad": KEYPAD,
        "desk": DESK.address,
        "has_lines": bool(lines),
        "telephone": {
            "lines": [{"name": name, "password": password} for name, password in lines],
            **_exchange(request),
            "numbers": [number.number for number in numbers],
            "words": _words(),
        },
    }
    response = render(request, "office/telephone.html", context)
    response["Cache-Control"] = "no-store"
    return response


def known_callers() -> list[Customer]:
    """Return some customers to call as; outside the demo nobody's number may be borrowed."""
    if not settings.MADOGUCHI_DEMO:
        return []
    found: dict[int, list[Customer]] = {}
    for customer in Customer.objects.select_related("client").order_by("client__reading", "id"):
        known = found.setdefault(customer.client_id, [])
        if len(known) < CALLERS_PER_CLIENT:
            known.append(customer)
    return [customer for known in found.values() for customer in known]


def _exchange(request: HttpRequest) -> dict[str, str]:
    """Return where the telephone registers: Asterisk is on another port of the page's host."""
    host, _port = split_domain_port(request.get_host())
    scheme = "wss" if request.is_secure() else "ws"
    return {
        "uri": f"{scheme}://{host}:{settings.MADOGUCHI_PORTS.asterisk_http}/ws",
        "realm": host.strip("[]"),
    }


def _words() -> dict[str, Any]:
    return {
        "lost": _("つながっていません"),
        "registering": _("接続しています"),
        "registered": _("発信できます"),
        "ringing": _("呼出中"),
        "talking": _("通話中"),
        "ended": _("終了"),
        "all_in_use": _(
            "テスト電話機はすべてほかの画面で使用中です。使っていない画面を閉じてから、このページを読み込み直してください。"
        ),
        "lost_microphone": _(
            "マイクを使えません。アドレス欄のマイクの表示から許可し、このページを読み込み直してください。"
        ),
        "lost_connection": _(
            "電話システムに接続できません。自動でつなぎ直しています。続くときは管理者に連絡してください。"
        ),
        "lost_registration": _(
            "電話システムがこの電話機を登録しませんでした。センターを再起動し、このページを読み込み直してください。"
        ),
        "unknown_number": _("この番号は使われていません。番号を確かめるか、一覧から選んでください。"),
        "busy": _("話し中です。しばらくしてからかけ直してください。"),
        "not_connected": _("つながりませんでした。もう一度かけてください。"),
        "no_number": _("かける番号を入力するか、一覧から選んでください。"),
    }
