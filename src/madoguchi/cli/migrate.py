"""`madoguchi migrate`: the tables, as their owner."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from madoguchi.cli.talk import say


def command() -> None:
    """Bring the database's tables up to date, as the role that owns them.

    Example: madoguchi migrate
    """
    migrate()


def migrate() -> None:
    """Apply the migrations that are missing."""
    open_steps = missing()
    if not open_steps:
        say("データベースの表は最新です。", "The database's tables are up to date.")
        return
    say(
        f"データベースの表を更新しています({len(open_steps)} 段階)。",
        f"Bringing the database's tables up to date ({len(open_steps)} steps).",
    )
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def missing() -> list[str]:
    """Return the names of the migrations that have not been applied."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
