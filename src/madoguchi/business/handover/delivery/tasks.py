"""Jobs of this book. The worker's heartbeats tell which jobs died with their worker."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import actions, jobs


@app.task(name=jobs.DELIVER)
def deliver(delivery_id: str) -> None:
    """Try to hand over one delivery."""
    actions.attempt(delivery_id=UUID(delivery_id), clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(name="delivery.sweep", queueing_lock="delivery.sweep")
def sweep(timestamp: int) -> None:
    """Find what was forgotten: workers that died, jobs that were lost."""
    actions.sweep(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="delivery.retry_jobs_of_dead_workers", queueing_lock="delivery.retry", pass_context=True)
async def retry_jobs_of_dead_workers(context: JobContext, timestamp: int) -> None:
    """Give back the jobs of workers without a heartbeat; `deliver` is harmless when it comes twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(task_name=jobs.DELIVER):
        await manager.retry_job(job)
