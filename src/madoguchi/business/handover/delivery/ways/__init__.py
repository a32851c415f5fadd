"""The ways of handing over, one module each. A new one is a module, a line here, and a value of `models.Kind`."""

from __future__ import annotations

from .base import Consignment, HandOver, OutcomeUnknown
from .excel_mail import ExcelMail

HAND_OVER: dict[str, HandOver] = {"excel_mail": ExcelMail()}

__all__ = ["HAND_OVER", "Consignment", "HandOver", "OutcomeUnknown"]
