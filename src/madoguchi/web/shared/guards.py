"""The one door of every page: who may come in, and how a refusal from within is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import translation

from madoguchi.business.accounts.models import Role, User
from madoguchi.kernel.errors import Refusal
from madoguchi.web.shared.refusals import refusal_body, refusal_response, wants_page

View = Callable[..., Any]


class SignedInRequest(HttpRequest):
    """A request behind `requires_role`: its user is one of ours."""

    user: User


def requires_role(*roles: Role) -> Callable[[View], View]:
    """Let only signed-in people of these roles reach the view, plain or async.

    Others are led to the sign-in page, or told 401 where the request cannot show one; a person of
    another role gets 403. The page speaks the person's language. A `Refusal` raised inside becomes a page, or JSON.
    """

    def guard(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def enter_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                turned_away = _turned_away(request, cast(User, await request.auser()), roles)
                if turned_away is not None:
                    return turned_away
                try:
                    return cast(HttpResponseBase, await view(request, *args, **kwargs))
                except Refusal as refusal:
                    return refusal_response(request, refusal)

            return enter_async

        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            turned_away = _turned_away(request, cast(User, request.user), roles)
            if turned_away is not None:
                return turned_away
            try:
                return cast(HttpResponseBase, view(request, *args, **kwargs))
            except Refusal as refusal:
                return refusal_response(request, refusal)

        return enter

    return guard


def _turned_away(request: HttpRequest, user: User, roles: tuple[Role, ...]) -> HttpResponseBase | None:
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path()) if wants_page(request) else _signed_out()
    if user.role not in roles:
        raise PermissionDenied
    translation.activate(user.language)
    request.LANGUAGE_CODE = translation.get_language() or user.language
    return None


def _signed_out() -> JsonResponse:
    refusal = Refusal(
        "signed_out",
        ja="サインインの期限が切れました。もう一度サインインしてください。",
        en="You are signed out. Please sign in again.",
    )
    return JsonResponse({"refusal": refusal_body(refusal)}, status=401)
