"""Who is sending: a lock that lives exactly as long as the process that holds it.

A row that says "sending" does not tell whether its worker is slow or dead. So the worker holds a session-level
advisory lock of PostgreSQL meanwhile; the server lets it go when the worker's connection ends, by `kill -9` or
a pulled plug (within tcp_keepalives) alike. No clock is asked, so a slow worker is never taken for a dead one.

The database must be reached directly or through a pooler in session mode: pooling by transaction would hand
the session, lock and all, to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import DatabaseError, connection

#: The first half of the lock's key: "deliveries", whatever else takes advisory locks in this database.
_DELIVERIES = 0x4E4F5559


@contextmanager
def sole_sender(delivery_id: UUID) -> Iterator[bool]:
    """Hold a delivery's lock for the block; yields False, and holds nothing, when another process has it."""
    key = [_DELIVERIES, _half(delivery_id)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        # When the connection is gone so is the lock.
        if held:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _half(delivery_id: UUID) -> int:
    """Return 32 bits of the id; two deliveries that share them only wait for each other."""
    return int.from_bytes(delivery_id.bytes[-4:], "big", signed=True)
