"""What every way of handing over has in common.

A way prepares as long as it likes, calls `before_commit` at the one moment after which the client may have
it, and returns a receipt. It says how sure it is when it fails: `Trouble` (certainly not arrived, may go
later), any other `Refusal` (certainly not arrived, will not go like this), `OutcomeUnknown` (may have arrived).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from madoguchi.business.handover.delivery.workbook import OrderSheet
from madoguchi.kernel.errors import Trouble


class OutcomeUnknown(Trouble):
    """The client may have it or not: a person must find out, and nothing is sent again by itself."""


@dataclass(frozen=True, slots=True, repr=False)
class Consignment:
    """All that a way needs, read before anything is sent. Never printed: it holds the file's password."""

    delivery_id: UUID
    at: datetime
    client: str
    order: OrderSheet
    recipient: str
    subject: str
    password: str


class HandOver(Protocol):
    """One way of handing over, such as Excel by mail."""

    def address_of(self, delivery_id: UUID) -> str:
        """Return what the thing sent is called for ever, so that the other side can tell a repetition."""

    def __call__(self, consignment: Consignment, *, before_commit: Callable[[], None]) -> str:
        """Hand over, and return the receipt."""
