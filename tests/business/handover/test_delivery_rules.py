"""When a delivery is tried again, as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.business.handover.delivery import rules
from madoguchi.kernel.errors import Refusal, Trouble

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, 10 * SECOND),
        (2, MINUTE),
        (3, 5 * MINUTE),
        (4, 15 * MINUTE),
        (5, HOUR),
        (6, HOUR),
        (7, HOUR),
        (8, None),
        (9, None),
    ],
)
def test_a_passing_trouble_waits_longer_each_time_and_then_asks_a_person(
    attempts: int, wait: timedelta | None
) -> None:
    assert rules.next_wait(Trouble("t", ja="。", en="."), attempts=attempts) == wait


def test_a_refusal_is_not_tried_again() -> None:
    assert rules.next_wait(Refusal("r", ja="。", en="."), attempts=1) is None


def test_every_reason_says_what_to_do_in_both_languages() -> None:
    trouble = rules.worker_died()
    for reason in (
        trouble,
        rules.gave_up(trouble),
        rules.no_way("青汁"),
        rules.outcome_unknown(),
        rules.our_mistake(ValueError("secret")),
    ):
        assert reason.ja.endswith("。")
        assert reason.en.endswith(".")
        assert "secret" not in reason.ja + reason.en
