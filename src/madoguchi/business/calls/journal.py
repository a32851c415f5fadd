"""What the switchboard's exchange reads, and the snapshots that it keeps (`putting_down` writes the rest).

The schema is the one of `models`; tests run every statement against it.
"""

from __future__ import annotations

WAS_WRITTEN = """
    SELECT EXISTS (
        SELECT FROM (SELECT batch FROM calls_journalentry ORDER BY id DESC LIMIT 5000) AS newest WHERE batch = %s
    )
"""
"""Only the newest entries can be those of a write whose answer got lost."""


KEEP_SNAPSHOT = """
    INSERT INTO calls_snapshot (at, last_entry_id, state)
    SELECT clock_timestamp(), coalesce(max(id), 0), %s FROM calls_journalentry
"""

FORGET_OLD_SNAPSHOTS = """
    DELETE FROM calls_snapshot WHERE id NOT IN (SELECT id FROM calls_snapshot ORDER BY id DESC LIMIT 3)
"""

NEWEST_SNAPSHOT = "SELECT last_entry_id, state FROM calls_snapshot ORDER BY id DESC LIMIT 1"

ENTRIES_AFTER = """
    SELECT extract(epoch FROM at)::float8, event, commands FROM calls_journalentry WHERE id > %s ORDER BY id
"""

CALLS = """
    SELECT
        call.id, call.client_id, programme_id, number, caller, extract(epoch FROM arrived_at)::float8, ring_count,
        extract(epoch FROM first_rang_at)::float8, extract(epoch FROM answered_at)::float8,
        extract(epoch FROM call.ended_at)::float8, extract(epoch FROM wrap_up_ended_at)::float8, agent_id,
        disposition, ended_by, held_s, extract(epoch FROM span.began_at)::float8
    FROM calls_call AS call
    LEFT JOIN calls_holdspan AS span ON span.call_id = call.id AND span.ended_at IS NULL
    WHERE call.id = ANY(%s)
"""

CLIENTS_OF_PROGRAMMES = "SELECT id, client_id FROM clients_programme WHERE id = ANY(%s)"

PROGRAMMES = """
    SELECT programme.id, contracted_lines, ring_s, wrap_up_s
    FROM clients_programme AS programme JOIN clients_client AS client ON client.id = programme.client_id
    WHERE programme.is_active AND client.is_active
    ORDER BY programme.id
"""

AGENTS = """
    SELECT agent.id, array_remove(array_agg(DISTINCT valid.programme_id), NULL)
    FROM staff_agent AS agent LEFT JOIN ({certificates}) AS valid ON valid.agent_id = agent.id
    WHERE agent.is_active
    GROUP BY agent.id
    ORDER BY agent.id
"""

LINES = """
    SELECT number, programme.id, record
    FROM lines_number JOIN clients_programme AS programme ON programme.id = lines_number.programme_id
    JOIN clients_client AS client ON client.id = programme.client_id
    WHERE programme.is_active AND client.is_active
    ORDER BY number
"""

OPEN_REQUESTS = """
    SELECT id, agent_id, verb, call_id, reason FROM calls_deskrequest WHERE done_at IS NULL ORDER BY id
"""

TODAY = "SELECT (now() AT TIME ZONE 'Asia/Tokyo')::date"
"""Certificates are valid by the day, and days are Japanese ones."""

KEEP_RECORDING = "UPDATE calls_call SET recording_caller = %s, recording_agent = %s WHERE id = %s"
