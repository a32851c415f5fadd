from __future__ import annotations

import polib

from tests.web.shared.catalogue import CATALOGUE, compiled, words_of_pages


def test_every_word_on_a_page_has_its_english() -> None:
    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if entry.msgstr}
    assert words_of_pages() - known == set()


def test_the_catalogue_holds_no_word_that_no_page_says() -> None:
    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    assert known - words_of_pages() == set()


def test_the_binary_catalogue_is_made_from_the_text_as_it_is() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled()
