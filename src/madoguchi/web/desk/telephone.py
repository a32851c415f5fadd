"""What the softphone on the page must know; it goes to the one communicator whose telephone it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from madoguchi.business.staff.models import Agent


def telephone_settings(request: HttpRequest, agent: Agent) -> dict[str, str]:
    """Return address, name and password for `softphone.js`: Asterisk is on another port of the page's host."""
    host, _port = split_domain_port(request.get_host())
    scheme = "wss" if request.is_secure() else "ws"
    return {
        "uri": f"{scheme}://{host}:{settings.MADOGUCHI_PORTS.asterisk_http}/ws",
        "user": agent.endpoint,
        "password": agent.sip_secret,
        "realm": host.strip("[]"),
    }
