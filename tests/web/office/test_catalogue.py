from __future__ import annotations

import polib
import pytest

from tests.web.office.catalogue import COUNTERS, catalogue_of, compiled, words_of

pytestmark = pytest.mark.parametrize("counter", COUNTERS)


def _known(counter: str) -> set[str]:
    return {entry.msgid for entry in polib.pofile(str(catalogue_of(counter))) if entry.translated()}


def test_every_word_on_a_page_has_its_english(counter: str) -> None:
    assert words_of(counter) - _known(counter) == set()


def test_the_catalogue_holds_no_word_that_no_page_says(counter: str) -> None:
    assert _known(counter) - words_of(counter) == set()


def test_the_binary_catalogue_is_made_from_the_text_as_it_is(counter: str) -> None:
    assert catalogue_of(counter).with_suffix(".mo").read_bytes() == compiled(counter)
