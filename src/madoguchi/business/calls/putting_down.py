"""Putting a batch of the switchboard's down: one statement with one JSON document.

One statement is one round trip and one transaction, whatever the size of the batch; and a statement that
has been sent is carried out even when its sender is killed (docs/decisions/0005).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from madoguchi.business.calls.codec import encoded
from madoguchi.business.calls.projection import Projected
from madoguchi.switchboard.ports import AgentSeen, Batch, DeskAnswer, Entry

PUT_DOWN = """
    WITH given AS MATERIALIZED (SELECT %s::jsonb AS batch),
    entries AS (
        INSERT INTO calls_journalentry (at, call_id, agent_id, kind, event, commands, batch)
        SELECT
            to_timestamp((of->>0)::float8), of->>1, (of->>2)::bigint, of->>3, of->4, of->5,
            (batch->>'token')::uuid
        FROM given, jsonb_array_elements(batch->'entries') WITH ORDINALITY AS entry (of, place)
        ORDER BY place
    ),
    calls AS (
        INSERT INTO calls_call (
            id, client_id, programme_id, number, caller, arrived_at, ring_count, first_rang_at, answered_at,
            ended_at, wrap_up_ended_at, agent_id, disposition, ended_by, held_s, recording_caller,
            recording_agent
        )
        SELECT
            of->>0, (of->>1)::bigint, (of->>2)::bigint, of->>3, of->>4, to_timestamp((of->>5)::float8),
            (of->>6)::int, to_timestamp((of->>7)::float8), to_timestamp((of->>8)::float8),
            to_timestamp((of->>9)::float8), to_timestamp((of->>10)::float8), (of->>11)::bigint, of->>12,
            of->>13, (of->>14)::float8, '', ''
        FROM given, jsonb_array_elements(batch->'calls') AS of
        ON CONFLICT (id) DO UPDATE SET
            ring_count = excluded.ring_count, first_rang_at = excluded.first_rang_at,
            answered_at = excluded.answered_at, ended_at = excluded.ended_at,
            wrap_up_ended_at = excluded.wrap_up_ended_at, agent_id = excluded.agent_id,
            disposition = excluded.disposition, ended_by = excluded.ended_by, held_s = excluded.held_s
    ),
    spans AS (
        INSERT INTO calls_holdspan (call_id, client_id, began_at, ended_at)
        SELECT
            of->>0, (of->>1)::bigint, to_timestamp((of->>2)::float8), to_timestamp((of->>3)::float8)
        FROM given, jsonb_array_elements(batch->'spans') WITH ORDINALITY AS span (of, place)
        ORDER BY place
        ON CONFLICT (call_id, began_at) DO UPDATE SET ended_at = excluded.ended_at
    ),
    presence AS (
        INSERT INTO calls_presence (agent_id, state, since, call_id, programme_id, reason)
        SELECT
            (of->>0)::bigint, of->>1, to_timestamp((of->>2)::float8), of->>3, (of->>4)::bigint, of->>5
        FROM given, jsonb_array_elements(batch->'agents') AS of
        WHERE EXISTS (SELECT FROM staff_agent WHERE staff_agent.id = (of->>0)::bigint)
        ON CONFLICT (agent_id) DO UPDATE SET
            state = excluded.state, since = excluded.since, call_id = excluded.call_id,
            programme_id = excluded.programme_id, reason = excluded.reason
    ),
    queues AS (
        INSERT INTO calls_waiting (programme_id, waiting, oldest_arrived_at)
        SELECT (of->>0)::bigint, (of->>1)::int, to_timestamp((of->>2)::float8)
        FROM given, jsonb_array_elements(batch->'queues') AS of
        WHERE EXISTS (SELECT FROM clients_programme WHERE clients_programme.id = (of->>0)::bigint)
        ON CONFLICT (programme_id) DO UPDATE SET
            waiting = excluded.waiting, oldest_arrived_at = excluded.oldest_arrived_at
    ),
    answered AS (
        UPDATE calls_deskrequest AS request SET done_at = clock_timestamp(), refusal = of->>1
        FROM given, jsonb_array_elements(batch->'answers') AS of
        WHERE request.id = (of->>0)::bigint AND request.done_at IS NULL
        RETURNING request.agent_id::text AS word
    )
    SELECT pg_notify('madoguchi_desk', word)
    FROM (SELECT word FROM answered UNION SELECT jsonb_array_elements_text(batch->'words') FROM given) AS told
"""
"""Its parameter is what `document` returns; the tables stand in the order of the foreign keys."""

CALL_COLUMNS = (
    "id", "client", "programme", "number", "caller", "arrived_at", "ring_count", "first_rang_at", "answered_at",
    "ended_at", "wrap_up_ended_at", "agent", "disposition", "ended_by", "held_s",
)  # fmt: skip
SPAN_COLUMNS = ("call", "client", "began_at", "ended_at")
QUEUE_COLUMNS = ("programme", "waiting", "oldest_arrived_at")


def document(token: UUID, batch: Batch, projected: Projected) -> str:
    """Return the parameter of `PUT_DOWN`: every thing as a list, in the order of its columns."""
    return json.dumps(
        {
            "token": str(token),
            "entries": [_entry(entry) for entry in batch.entries],
            "calls": _lists(CALL_COLUMNS, projected.rows),
            "spans": _lists(SPAN_COLUMNS, projected.spans),
            "agents": [_agent(seen) for seen in _newest(batch.agents, "agent")],
            "queues": _lists(QUEUE_COLUMNS, _newest(batch.queues, "programme")),
            "answers": [_answer(answer) for answer in batch.answers],
            "words": [str(seen.agent) for seen in batch.agents] + (["queue"] if batch.queues else []),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _entry(entry: Entry) -> list[Any]:
    event = entry.event
    return [
        entry.at,
        getattr(event, "call", None),
        getattr(event, "agent", None),
        type(event).__name__,
        encoded(event),
        [encoded(command) for command in entry.commands],
    ]


def _agent(seen: AgentSeen) -> list[Any]:
    return [seen.agent, str(seen.state), seen.since, seen.call, seen.programme, str(seen.reason or "")]


def _answer(answer: DeskAnswer) -> list[Any]:
    return [answer.request, answer.refusal or ""]


def _lists(columns: Sequence[str], things: Iterable[Any]) -> list[tuple[Any, ...]]:
    values = attrgetter(*columns)
    return [values(thing) for thing in things]


def _newest(things: Iterable[Any], key: str) -> Iterable[Any]:
    """Return the last word on each: a statement must not touch a row twice."""
    return {getattr(thing, key): thing for thing in things}.values()
