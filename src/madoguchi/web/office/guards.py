"""Who comes to this counter, and to the tools of the demo."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest

from madoguchi.business.accounts.models import Role
from madoguchi.web.shared.guards import View, requires_role

OFFICE = (Role.SUPERVISOR, Role.BACK_OFFICE, Role.ADMINISTRATOR)

office_only = requires_role(*OFFICE)
"""The office's people may know of every client, and only they."""


def demo_only(view: View) -> View:
    """Hide a page from a real centre: it exists in the demo only."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.MADOGUCHI_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return enter


def open_in_demo(*roles: Role) -> Callable[[View], View]:
    """Let anybody at this very machine in while the demo runs; otherwise only these roles."""

    def guard(view: View) -> View:
        guarded = requires_role(*roles)(view)

        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if settings.MADOGUCHI_DEMO and is_at_this_machine(request):
                return view(request, *args, **kwargs)
            return guarded(request, *args, **kwargs)

        return enter

    return guard


def is_at_this_machine(request: HttpRequest) -> bool:
    """Return whether the request came over loopback, and not through a proxy that stands there."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
