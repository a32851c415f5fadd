"""Reading who may answer what."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from madoguchi.business.staff.models import Agent, Certificate

VALID_CERTIFICATES = """
    SELECT certificate.agent_id, certificate.programme_id
    FROM staff_certificate AS certificate
    JOIN staff_agent AS agent ON agent.id = certificate.agent_id AND agent.is_active
    WHERE certificate.valid_from <= %(on)s AND (certificate.valid_to IS NULL OR certificate.valid_to > %(on)s)
"""
"""The same gate as `valid_certificates`, for the switchboard's own connection; a test holds them equal."""


def valid_certificates(on: date) -> QuerySet[Certificate]:
    """Return the certificates by which calls may be routed on a day (requirement T2, as a plain gate).

    Valid from its first day on and until the day before `valid_to`, and only while the communicator is
    with us.
    """
    return Certificate.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on, agent__is_active=True
    )


def certified_programmes(agent: Agent, on: date) -> list[int]:
    """Return the ids of the programmes whose calls may be given to an agent on a day."""
    found = valid_certificates(on).filter(agent=agent, programme__is_active=True)
    return sorted(set(found.values_list("programme_id", flat=True)))
