"""How we log: one line per happening, structured, and with personal data made unreadable.

A log is read by people who have no business with a caller's name or number (Act on the Protection of
Personal Information, art. 23: keep personal data safe), so it is masked before it is rendered.
"""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL_KEYS = frozenset(
    {
        "name", "kana", "reading", "display_name", "customer", "customer_name", "recipient", "phone",
        "caller", "caller_number", "email", "mail", "to", "address", "postal_code", "prefecture", "city",
        "town", "street", "building", "note", "username", "password", "secret", "token",
    }
)  # fmt: skip
"""Keys whose value is hidden whole, whatever it looks like."""

HIDDEN = "***"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.:-])(?:\+81|0)[- ]?[0-9](?:[- ()]?[0-9]){7,9}(?![0-9A-Za-z_]|[.:-][0-9])"
)
"""A Japanese telephone number, with or without hyphens: ten or eleven digits from 0, or +81."""


def masked(text: str) -> str:
    """Return the text with e-mail addresses and all but the last two digits of telephone numbers hidden."""
    text = _EMAIL.sub(HIDDEN, text)
    return _PHONE.sub(lambda found: HIDDEN + found.group()[-2:], text)


def mask_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask an event before it is rendered (a structlog processor)."""
    return {key: _masked_value(key, value) for key, value in event.items()}


def _masked_value(key: str, value: Any) -> Any:
    if key in PERSONAL_KEYS:
        return HIDDEN if value else value
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {inner: _masked_value(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_value("", item) for item in value]
    return value


SHARED_PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    mask_personal_data,
]
"""For our own loggers and for everybody else's; masking comes last, over the traceback too."""


def configure_structlog() -> None:
    """Let `structlog.get_logger()` write through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def django_logging(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error, one masked line each."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.LogfmtRenderer(
                        key_order=["timestamp", "level", "logger", "event"],
                        drop_missing=True,
                        bool_as_flag=False,
                    ),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django.db.backends": {"level": "INFO"},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            "uvicorn.access": {"level": "WARNING"},
        },
    }
