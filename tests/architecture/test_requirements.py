"""Every requirement that a test claims to prove exists, and the page that lists them is fresh."""

from __future__ import annotations

from tests import requirements_page


def test_markers_name_requirements_that_exist() -> None:
    known = {requirement.id for requirement in requirements_page.known()}
    unknown = {id: places for id, places in requirements_page.proofs().items() if id not in known}
    assert unknown == {}


def test_the_page_of_requirements_is_fresh() -> None:
    """Made anew by: python -m tests.requirements_page."""
    assert requirements_page.PAGE.read_text(encoding="utf-8") == requirements_page.render()
