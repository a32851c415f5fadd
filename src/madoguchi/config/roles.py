"""The database's roles, as SQL: run once by a superuser on a new server, harmless when run again."""

from __future__ import annotations

from psycopg import sql

from madoguchi.config.database import APP, DATABASE, OWNER, PORTAL


def role_statements(passwords: dict[str, str]) -> list[sql.Composed]:
    """Return the statements that make the three roles (`OWNER`, `APP`, `PORTAL`) with their passwords."""
    statements = []
    for role in (OWNER, APP, PORTAL):
        make = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)).as_string()
        statements.append(
            sql.SQL("DO $$ BEGIN {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$").format(sql.SQL(make))
        )
        statements.append(
            sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(passwords[role])
            )
        )
    return statements


def database_statement() -> sql.Composed:
    """Return the statement that makes the database; it fails with DuplicateDatabase when there is one."""
    return sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
        sql.Identifier(DATABASE), sql.Identifier(OWNER)
    )


def privilege_statements() -> list[sql.Composed]:
    """Return the statements, run inside the database, that give the app role what the owner will make.

    The portal role gets nothing here: each client-owned table grants it by name
    (`madoguchi.business.clients.rls`).
    """
    owner, app, database = sql.Identifier(OWNER), sql.Identifier(APP), sql.Identifier(DATABASE)
    mine = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT ").format(owner)
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(database, app, sql.Identifier(PORTAL)),
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, app),
        mine + sql.SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(app),
        mine + sql.SQL("USAGE, SELECT, UPDATE ON SEQUENCES TO {}").format(app),
    ]
