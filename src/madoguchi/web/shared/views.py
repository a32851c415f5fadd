"""Coming in, going out, and what every person may set for the own eyes: language and light."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.business.accounts.models import Role, User
from madoguchi.web.shared.counters import COUNTERS
from madoguchi.web.shared.guards import SignedInRequest, requires_role

THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 60 * 60
DEMO_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
@requires_role(*Role)
def home(request: SignedInRequest) -> HttpResponse:
    counters = COUNTERS[Role(request.user.role)]
    if len(counters) == 1:
        return redirect(counters[0].address)
    return render(request, "shared/home.html", {"counters": counters})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _come_in(request, form.get_user())
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "people": demo_people(), "next": _next(request)}
    return render(request, "shared/sign_in.html", context, status=status)


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Come in as one of the demo's people without a password; elsewhere there is no such page."""
    if not settings.MADOGUCHI_DEMO:
        raise Http404
    user_id = request.POST.get("user", "")
    if not user_id.isdecimal():
        return HttpResponseBadRequest()
    user = get_object_or_404(User, id=user_id, is_active=True)
    user.backend = DEMO_BACKEND
    return _come_in(request, user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("shared:sign_in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(id=request.user.id).update(language=chosen)
    return _remember_language(redirect(_next(request)), chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest()
    response = redirect(_next(request))
    response.set_cookie("theme", chosen, max_age=YEAR_S, samesite="Lax")
    return response


def demo_people() -> list[User]:
    """Return whom one can enter as with one click: everybody of a demo, nobody of a real centre."""
    if not settings.MADOGUCHI_DEMO:
        return []
    order = {role: place for place, role in enumerate(Role)}
    people = User.objects.filter(is_active=True).order_by("id")
    return sorted(people, key=lambda person: order[Role(person.role)])


def _come_in(request: HttpRequest, user: User) -> HttpResponseRedirect:
    login(request, user)
    return _remember_language(redirect(_next(request)), user.language)


def _remember_language(response: HttpResponseRedirect, chosen: str) -> HttpResponseRedirect:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_S, samesite="Lax")
    return response


def _next(request: HttpRequest) -> str:
    """Return where the person wanted to go, if that is a place of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
