"""Keeping clients apart in the database itself: SQL for migrations (requirement K4).

Use in a migration, right after the table is made::

    migrations.RunSQL(rls.protect("intake_order", client_column="client_id"), rls.unprotect("intake_order"))
    migrations.RunSQL(*rls.same_client("intake_order", "programme_id", "clients_programme"))

The portal's connection says for whom it looks with `set_config('madoguchi.client_id', …, true)`
(`clients.access.portal_of`); while it has not said so, it sees no row at all.
"""

from __future__ import annotations

OWNER = "madoguchi_owner"
APP = "madoguchi_app"
PORTAL = "madoguchi_portal"

CURRENT_CLIENT = "nullif(current_setting('madoguchi.client_id', true), '')::bigint"
"""NULL while nobody has said it (a setting that was reset reads as an empty text), and NULL equals no row."""


def protect(table: str, *, client_column: str = "client_id", portal: bool = True) -> str:
    """Return SQL that holds a client-owned table to row-level security.

    The centre's own role sees all; the portal's role may read the rows of its client, or, with
    `portal=False`, may not even ask. The owner is named too: FORCE binds it as well, and a later data
    migration that silently sees no row would be worse than one that is let in by name.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_centre ON {table} FOR ALL TO {APP}, {OWNER} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}",
    ]
    if portal:
        statements += [
            f"CREATE POLICY {table}_portal ON {table} FOR SELECT TO {PORTAL} "
            f"USING ({client_column} = {CURRENT_CLIENT})",
            f"GRANT SELECT ON {table} TO {PORTAL}",
        ]
    return ";\n".join(statements) + ";"


def unprotect(table: str) -> str:
    """Return SQL that undoes `protect`."""
    return (
        f"REVOKE ALL ON {table} FROM {PORTAL};\n"
        f"DROP POLICY IF EXISTS {table}_portal ON {table};\n"
        f"DROP POLICY {table}_centre ON {table};\n"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )


def same_client(table: str, column: str, target: str) -> tuple[str, str]:
    """Return SQL (and its undoing) by which `column` can only point to a row of the same client.

    `target` needs a unique constraint over (id, client_id). Checked at the end of the transaction, as
    Django's own foreign keys are.
    """
    name = f"{table}_{column}_same_client"
    add = (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, client_id) "
        f"REFERENCES {target} (id, client_id) DEFERRABLE INITIALLY DEFERRED;"
    )
    return add, f"ALTER TABLE {table} DROP CONSTRAINT {name};"
