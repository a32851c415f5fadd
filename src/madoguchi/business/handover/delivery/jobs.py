"""The jobs of this book by name, so that actions can defer what `tasks` defines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

DELIVER = "delivery.deliver"

#: Always Django's own connection, so that job and row commit together. The app's connector would not do: inside
#: a worker it is replaced by the worker's own connections, and the job would be seen before its row.
_MANAGER = JobManager(DjangoConnector())


def defer(delivery_id: UUID, *, at: datetime | None = None) -> None:
    """Add a job in the transaction of the caller."""
    job = configure_task(name=DELIVER, job_manager=_MANAGER, schedule_at=at)
    job.defer(delivery_id=str(delivery_id))


def without_job(delivery_ids: Iterable[UUID]) -> list[UUID]:
    """Return those for which no job is waiting or at work."""
    ids = list(delivery_ids)
    living = ProcrastinateJob.objects.filter(
        task_name=DELIVER, status__in=["todo", "doing"], args__delivery_id__in=[str(id) for id in ids]
    )
    cared_for = set(living.values_list("args__delivery_id", flat=True))
    return [id for id in ids if str(id) not in cared_for]
