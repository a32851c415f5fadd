"""The SQL of the switchboard's exchange: one statement per kind of thing, whatever the size of the batch.

Columns travel as arrays (`unnest`), so that a batch of one call and a batch of a hundred cost the same
number of round trips. The schema is the one of `models`; tests run every statement against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from madoguchi.business.calls.codec import encoded
from madoguchi.business.calls.projection import CallRow, Span
from madoguchi.switchboard.ports import AgentSeen, DeskAnswer, Entry, QueueSeen

Parameters = Sequence[Any]

ADD_ENTRIES = """
    INSERT INTO calls_journalentry (at, call_id, agent_id, kind, event, commands, batch)
    SELECT to_timestamp(at), call_id, agent_id, kind, event, commands, %s
    FROM unnest(%s::float8[], %s::text[], %s::bigint[], %s::text[], %s::jsonb[], %s::jsonb[])
        WITH ORDINALITY AS entry (at, call_id, agent_id, kind, event, commands, place)
    ORDER BY place
"""

WAS_WRITTEN = """
    SELECT EXISTS (
        SELECT FROM (SELECT batch FROM calls_journalentry ORDER BY id DESC LIMIT 5000) AS newest WHERE batch = %s
    )
"""
"""Only the newest entries can be those of a write whose answer got lost."""

PUT_CALLS = """
    INSERT INTO calls_call (
        id, client_id, programme_id, number, caller, arrived_at, ring_count, first_rang_at, answered_at, ended_at,
        wrap_up_ended_at, agent_id, disposition, ended_by, held_s, recording_caller, recording_agent
    )
    SELECT
        id, client_id, programme_id, number, caller, to_timestamp(arrived_at), ring_count,
        to_timestamp(first_rang_at), to_timestamp(answered_at), to_timestamp(ended_at),
        to_timestamp(wrap_up_ended_at), agent_id, disposition, ended_by, held_s, '', ''
    FROM unnest(
        %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::float8[], %s::int[], %s::float8[],
        %s::float8[], %s::float8[], %s::float8[], %s::bigint[], %s::text[], %s::text[], %s::float8[]
    ) AS row (
        id, client_id, programme_id, number, caller, arrived_at, ring_count, first_rang_at, answered_at, ended_at,
        wrap_up_ended_at, agent_id, disposition, ended_by, held_s
    )
    ON CONFLICT (id) DO UPDATE SET
        ring_count = excluded.ring_count, first_rang_at = excluded.first_rang_at,
        answered_at = excluded.answered_at, ended_at = excluded.ended_at,
        wrap_up_ended_at = excluded.wrap_up_ended_at, agent_id = excluded.agent_id,
        disposition = excluded.disposition, ended_by = excluded.ended_by, held_s = excluded.held_s
"""

PUT_SPANS = """
    INSERT INTO calls_holdspan (call_id, client_id, began_at, ended_at)
    SELECT call_id, client_id, to_timestamp(began_at), to_timestamp(ended_at)
    FROM unnest(%s::text[], %s::bigint[], %s::float8[], %s::float8[])
        WITH ORDINALITY AS span (call_id, client_id, began_at, ended_at, place)
    ORDER BY place
    ON CONFLICT (call_id, began_at) DO UPDATE SET ended_at = excluded.ended_at
"""

PUT_PRESENCE = """
    INSERT INTO calls_presence (agent_id, state, since, call_id, programme_id, reason)
    SELECT agent_id, state, to_timestamp(since), call_id, programme_id, reason
    FROM unnest(%s::bigint[], %s::text[], %s::float8[], %s::text[], %s::bigint[], %s::text[])
        AS seen (agent_id, state, since, call_id, programme_id, reason)
    WHERE EXISTS (SELECT FROM staff_agent WHERE staff_agent.id = seen.agent_id)
    ON CONFLICT (agent_id) DO UPDATE SET
        state = excluded.state, since = excluded.since, call_id = excluded.call_id,
        programme_id = excluded.programme_id, reason = excluded.reason
"""

PUT_WAITING = """
    INSERT INTO calls_waiting (programme_id, waiting, oldest_arrived_at)
    SELECT programme_id, waiting, to_timestamp(oldest_arrived_at)
    FROM unnest(%s::bigint[], %s::int[], %s::float8[]) AS seen (programme_id, waiting, oldest_arrived_at)
    WHERE EXISTS (SELECT FROM clients_programme WHERE clients_programme.id = seen.programme_id)
    ON CONFLICT (programme_id) DO UPDATE SET
        waiting = excluded.waiting, oldest_arrived_at = excluded.oldest_arrived_at
"""

ANSWER_REQUESTS = """
    WITH answered AS (
        UPDATE calls_deskrequest AS request SET done_at = clock_timestamp(), refusal = answer.refusal
        FROM unnest(%s::bigint[], %s::text[]) AS answer (id, refusal)
        WHERE request.id = answer.id AND request.done_at IS NULL
        RETURNING request.agent_id
    )
    SELECT pg_notify('madoguchi_desk', agent_id::text) FROM answered
"""

TELL_DESKS = "SELECT pg_notify('madoguchi_desk', word) FROM unnest(%s::text[]) AS word"

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


def entry_columns(batch: UUID, entries: Sequence[Entry]) -> Parameters:
    """Return the parameters of `ADD_ENTRIES`."""
    events = [entry.event for entry in entries]
    return [
        batch,
        [entry.at for entry in entries],
        [getattr(event, "call", None) for event in events],
        [getattr(event, "agent", None) for event in events],
        [type(event).__name__ for event in events],
        [Jsonb(encoded(event)) for event in events],
        [Jsonb([encoded(command) for command in entry.commands]) for entry in entries],
    ]


def call_columns(rows: Iterable[CallRow]) -> Parameters:
    """Return the parameters of `PUT_CALLS`, in its order."""
    names = (
        "id", "client", "programme", "number", "caller", "arrived_at", "ring_count", "first_rang_at",
        "answered_at", "ended_at", "wrap_up_ended_at", "agent", "disposition", "ended_by", "held_s",
    )  # fmt: skip
    return _columns(rows, names)


def span_columns(spans: Iterable[Span]) -> Parameters:
    """Return the parameters of `PUT_SPANS`."""
    return _columns(spans, ("call", "client", "began_at", "ended_at"))


def presence_columns(agents: Iterable[AgentSeen]) -> Parameters:
    """Return the parameters of `PUT_PRESENCE`."""
    newest = {seen.agent: seen for seen in agents}.values()
    columns = _columns(newest, ("agent", "state", "since", "call", "programme", "reason"))
    return [
        *columns[:1],
        [str(state) for state in columns[1]],
        *columns[2:5],
        [str(why or "") for why in columns[5]],
    ]


def waiting_columns(queues: Iterable[QueueSeen]) -> Parameters:
    """Return the parameters of `PUT_WAITING`."""
    newest = {seen.programme: seen for seen in queues}.values()
    return _columns(newest, ("programme", "waiting", "oldest_arrived_at"))


def answer_columns(answers: Iterable[DeskAnswer]) -> Parameters:
    """Return the parameters of `ANSWER_REQUESTS`."""
    requests, refusals = _columns(answers, ("request", "refusal"))
    return [requests, [refusal or "" for refusal in refusals]]


def _columns(things: Iterable[Any], names: Sequence[str]) -> list[list[Any]]:
    kept = list(things)
    return [[attrgetter(name)(thing) for thing in kept] for name in names]
