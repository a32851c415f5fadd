"""The books of the bench's centre: one client, one programme, and as many communicators as are tried."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from bench.live.plant import OUR_NUMBER
from madoguchi.business.accounts.models import Role, User
from madoguchi.business.calls.actions import ask_switchboard
from madoguchi.business.calls.models import JournalEntry, Presence
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent, Certificate
from madoguchi.config.postgres import EmbeddedPostgres
from madoguchi.switchboard.ports import DeskVerb

LINES = 30_000
"""Contracted lines: more than there will ever be calls."""
PATIENCE_S = 60


def open_books() -> EmbeddedPostgres:
    """Start the database and bring its tables up to date."""
    postgres = EmbeddedPostgres(settings.MADOGUCHI_HOME)
    postgres.start()
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    return postgres


@transaction.atomic
def furnish(agents: int) -> range:
    """Put the centre into the books and return its communicators' ids, which are consecutive."""
    client = Client.objects.create(code="bench", name="ベンチ商店")
    programme = Programme.objects.create(
        client=client, name="測定", contracted_lines=LINES, greeting="—", wrap_up_s=0, record=False
    )
    Number.objects.create(number=OUR_NUMBER, client=client, programme=programme)
    users = User.objects.bulk_create(
        User(username=f"bench-{n}", role=Role.COMMUNICATOR, password="!") for n in range(agents)
    )
    staff = Agent.objects.bulk_create(
        Agent(user=user, name=user.username, sip_secret="unused") for user in users
    )
    today = datetime(2020, 1, 1, tzinfo=UTC).date()
    Certificate.objects.bulk_create(
        Certificate(agent=agent, programme=programme, valid_from=today) for agent in staff
    )
    ids = range(staff[0].pk, staff[-1].pk + 1)
    if [agent.pk for agent in staff] != list(ids):
        raise RuntimeError("the communicators' ids are not consecutive")
    return ids


def call_to_work(crew: range) -> int:
    """Let exactly these communicators be ready; return how many of them had not been.

    A communicator whose telephone was not answered in time is away: so an overload shows here.
    """
    _wait_until_known()
    missing = _not_ready(crew)
    with transaction.atomic():
        for agent in Agent.objects.filter(pk__in=missing):
            ask_switchboard(agent=agent, verb=DeskVerb.READY, at=datetime.now(UTC))
        for agent in Agent.objects.filter(presence__state="ready").exclude(pk__in=crew):
            ask_switchboard(agent=agent, verb=DeskVerb.SIGN_OUT, at=datetime.now(UTC))
    _wait_for(lambda: not _not_ready(crew), "the communicators are not ready")
    return len(missing)


def journal_size() -> int:
    """Return how many lines the journal has."""
    return JournalEntry.objects.count()


def _wait_until_known() -> None:
    _wait_for(lambda: Presence.objects.exists(), "the switchboard has not taken charge")


def _not_ready(crew: range) -> set[int]:
    ready = Presence.objects.filter(pk__in=crew, state="ready").values_list("pk", flat=True)
    return set(crew) - set(ready)


def _wait_for(what: object, words: str) -> None:
    for _ in range(PATIENCE_S * 10):
        if callable(what) and what():
            return
        time.sleep(0.1)
    raise TimeoutError(words)
