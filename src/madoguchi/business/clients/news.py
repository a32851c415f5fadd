"""Telling the switchboard that the books it routes by have changed: SQL for migrations."""

from __future__ import annotations

CHANNEL = "madoguchi_centre"

MAKE_FUNCTION = f"""
CREATE FUNCTION madoguchi_centre_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY {CHANNEL};
    RETURN NULL;
END $$;
"""

DROP_FUNCTION = "DROP FUNCTION madoguchi_centre_changed();"


def tell(table: str) -> tuple[str, str]:
    """Return SQL (and its undoing) by which every change of a table is told on the channel.

    PostgreSQL sends equal notices of one transaction once, so a bulk load is one piece of news.
    """
    return (
        f"CREATE TRIGGER {table}_told AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION madoguchi_centre_changed();",
        f"DROP TRIGGER {table}_told ON {table};",
    )
