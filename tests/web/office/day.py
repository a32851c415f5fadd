"""A day of a client, written down as the centre would have: calls of every kind, orders, deliveries in every state."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, Disposition, EndedBy
from madoguchi.business.clients.models import Programme
from madoguchi.business.handover.delivery import rules
from madoguchi.business.handover.delivery.actions import put_way
from madoguchi.business.handover.delivery.models import Attempt, Delivery, Outcome, Phase, State
from madoguchi.business.intake.actions import place_order
from madoguchi.business.intake.models import Order
from madoguchi.business.intake.rules import LineForm
from madoguchi.business.knowledge.models import Product
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal
from tests.business.intake.forms import order_form

FILE_PASSWORD = "midori-2026-kagi"

REFUSED = Refusal(
    "recipient_refused",
    ja="宛先 orders@midori.test が受け取りを拒否しました。宛先をクライアントに確かめてください。",
    en="The address orders@midori.test was refused. Check it with the client.",
)


@dataclass
class Day:
    """What there is to see of one client."""

    programme: Programme
    number: Number
    product: Product
    agent: Agent
    at: datetime
    calls: list[Call] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    @property
    def client_id(self) -> int:
        return self.programme.client_id

    def way(self) -> None:
        """Orders leave by mail."""
        domain = self.programme.client.code
        put_way(
            by=None,
            client=self.programme.client,
            recipient=f"orders@{domain}.test",
            password=FILE_PASSWORD,
            at=self.at,
        )

    def call(
        self,
        minutes_ago: int,
        *,
        caller: str = "09012345678",
        wait_s: int = 6,
        talk_s: int = 240,
        **more: Any,
    ) -> Call:
        """A call that was answered by the communicator and has ended."""
        arrived = self.at - timedelta(minutes=minutes_ago)
        told = {
            "answered_at": arrived + timedelta(seconds=wait_s),
            "ended_at": arrived + timedelta(seconds=wait_s + talk_s),
            "wrap_up_ended_at": arrived + timedelta(seconds=wait_s + talk_s + 40),
            "agent": self.agent,
            "disposition": Disposition.ANSWERED,
            "ended_by": EndedBy.CALLER,
        }
        return self._keep(arrived, caller=caller, **(told | more))

    def missed(
        self, minutes_ago: int, *, caller: str = "", disposition: Disposition = Disposition.ABANDONED
    ) -> Call:
        """A call that nobody answered."""
        arrived = self.at - timedelta(minutes=minutes_ago)
        by = EndedBy.CALLER if disposition == Disposition.ABANDONED else EndedBy.SYSTEM
        ended = arrived + timedelta(seconds=48)
        return self._keep(arrived, caller=caller, ended_at=ended, disposition=disposition, ended_by=by)

    def _keep(self, arrived: datetime, **told: Any) -> Call:
        call = Call.objects.create(
            id=f"{self.programme.client.code}-{uuid4()}",
            client_id=self.client_id,
            programme=self.programme,
            number=self.number.number,
            arrived_at=arrived,
            ring_count=1,
            **told,
        )
        self.calls.append(call)
        return call

    def order(self, *, by: User, call: Call | None = None, minutes_ago: int = 5, **typed: Any) -> Order:
        """An order that was taken, its delivery due."""
        at = self.at - timedelta(minutes=minutes_ago)
        form = order_form(
            uuid4(), lines=(LineForm(self.product.pk, "2"),), read_back_at=at - timedelta(seconds=9), **typed
        )
        order = place_order(
            by=by, agent=self.agent, programme=self.programme, call_id=call and call.pk, form=form, at=at
        )
        self.orders.append(order)
        return order


def delivered(order: Order, *, at: datetime) -> Delivery:
    """The client's mail server took it."""
    delivery = order.delivery
    return _settled(
        delivery, Outcome.DELIVERED, at=at,
        state=State.DELIVERED, delivered_at=at, next_at=None,
        receipt=f"250 2.0.0 Ok: queued as {str(delivery.pk)[:8].upper()}",
        message_id=f"<{delivery.pk}@madoguchi.test>",
    )  # fmt: skip


def parked(order: Order, problem: Refusal, *, at: datetime) -> Delivery:
    """It did not go, and a person must look at it."""
    outcome = Outcome.UNKNOWN if problem.code == "outcome_unknown" else Outcome.REFUSED
    return _settled(
        order.delivery, outcome, at=at, detail=problem.ja,
        state=State.PARKED, next_at=None, reason_code=problem.code, reason_ja=problem.ja, reason_en=problem.en,
    )  # fmt: skip


def unknown(order: Order, *, at: datetime) -> Delivery:
    """The worker was killed between the final dot and the server's answer."""
    return parked(order, rules.outcome_unknown(), at=at)


def refused(order: Order, *, at: datetime) -> Delivery:
    """The client's mail server refused the address."""
    return parked(order, REFUSED, at=at)


def _settled(
    delivery: Delivery, outcome: Outcome, *, at: datetime, detail: str = "", **columns: Any
) -> Delivery:
    Attempt.objects.create(
        delivery=delivery, client_id=delivery.client_id, began_at=at - timedelta(seconds=1), ended_at=at,
        phase=Phase.ENDED, outcome=outcome, detail=detail or columns.get("receipt", ""),
    )  # fmt: skip
    Delivery.objects.filter(pk=delivery.pk).update(attempts=1, **columns)
    delivery.refresh_from_db()
    return delivery


def voice(path: Path, *, seconds: int = 1, level: int = 1000) -> Path:
    """A recorded voice: a steady sound of 16-bit samples at 8 kHz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.full(8000 * seconds, level, dtype="<i2").tobytes())
    return path


def named(id: UUID | str) -> str:
    """Return how lists show an order's number."""
    return str(id)[:8]
