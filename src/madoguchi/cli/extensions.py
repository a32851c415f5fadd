"""Whose browser telephones Asterisk serves: from the books and the settings."""

from __future__ import annotations

from django.conf import settings

from madoguchi.business.staff.models import Agent
from madoguchi.telephony.settings import Extension


def communicators() -> list[Extension]:
    """Return the telephones of the communicators on the books."""
    return [
        Extension(agent.endpoint, agent.sip_secret)
        for agent in Agent.objects.filter(is_active=True).order_by("pk")
    ]


def test_telephones() -> list[Extension]:
    """Return the test telephones that the pages hand out."""
    return [Extension(name, password) for name, password in settings.MADOGUCHI_TELEPHONES]
