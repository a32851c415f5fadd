"""The journal comes before the deed; when the books are away the calls go on and the journal catches up."""

from __future__ import annotations

import asyncio

import pytest

from madoguchi.acd import events as ev
from madoguchi.kernel.errors import Trouble
from madoguchi.switchboard import writing
from madoguchi.switchboard.ports import Batch, Centre, Entry, HandedOver
from madoguchi.switchboard.writing import Writing
from tests.switchboard.twins import MemoryBooks

pytestmark = pytest.mark.requirement("B3")


class AwayBooks(MemoryBooks):
    """Books that refuse every word while they are away."""

    away: str = ""
    slow_s: float = 0.0
    """From the hand-over to the commit."""

    async def write(self, batch: Batch, handed_over: HandedOver = lambda: None) -> None:
        if self.away:
            raise Trouble(self.away, ja="書き込めません。", en="They do not take it.")
        if self.slow_s:
            handed_over()
            await asyncio.sleep(self.slow_s)
        await super().write(batch, handed_over)


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> AwayBooks:
    monkeypatch.setattr(writing, "PATIENCE_S", 0.05)
    monkeypatch.setattr(writing, "RETRY_S", 0.01)
    return AwayBooks(Centre((), (), ()))


def batch(name: str) -> Batch:
    return Batch(entries=(Entry(1.0, ev.CallerHungUp(ev.CallId(name)), ()),))


def calls(books: MemoryBooks) -> list[str]:
    return [event.call for event in books.events if isinstance(event, ev.CallerHungUp)]


async def test_a_batch_is_written_before_the_turn_goes_on(books: AwayBooks) -> None:
    await Writing(books).put_down(batch("a"))
    assert calls(books) == ["a"]


async def test_a_turn_goes_on_when_its_batch_is_handed_over_and_the_next_one_waits_for_the_commit(
    books: AwayBooks,
) -> None:
    books.slow_s = 0.03
    put = Writing(books)
    await put.put_down(batch("a"))
    assert calls(books) == [], "the commit is still under way"
    await put.put_down(batch("b"))
    assert calls(books) == ["a"]
    await asyncio.sleep(0.05)
    assert calls(books) == ["a", "b"]


async def test_what_could_not_be_written_is_written_in_order_when_the_books_are_back(
    books: AwayBooks,
) -> None:
    books.away = "books_away"
    put = Writing(books)
    async with asyncio.timeout(1):
        for name in "abc":
            await put.put_down(batch(name))
    assert calls(books) == []
    books.away = ""
    await asyncio.sleep(0.1)
    assert calls(books) == ["a", "b", "c"]
    await put.put_down(batch("d"))
    assert calls(books) == ["a", "b", "c", "d"]


async def test_who_is_no_longer_in_charge_is_told_so(books: AwayBooks) -> None:
    books.away = writing.ANOTHER_IN_CHARGE
    with pytest.raises(Trouble, match="They do not take it"):
        await Writing(books).put_down(batch("a"))
