"""Our words and their English: what the pages say, what the catalogue knows.

`python -m tests.web.shared.catalogue` makes the catalogue's binary form anew after its text was edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

WEB = Path(__file__).parents[3] / "src" / "madoguchi" / "web"
CATALOGUE = WEB / "shared" / "locale" / "en" / "LC_MESSAGES" / "django.po"
COUNTERS = ("shared", "desk")

_TRANSLATE = re.compile(r"""{%\s*translate\s+(["'])(.+?)\1""")
_BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.+?){%\s*endblocktranslate\s*%}", re.DOTALL)
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")
_GETTEXT = re.compile(r"""\b_\(\s*"(.+?)"\s*\)""")


def words_of_pages() -> set[str]:
    """Return every msgid that templates and modules of the shared part and the desk use."""
    return set(_from_templates()) | set(_from_modules())


def _from_templates() -> Iterator[str]:
    for counter in COUNTERS:
        for path in (WEB / counter).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            yield from (found[2] for found in _TRANSLATE.finditer(text))
            yield from (_VARIABLE.sub(r"%(\1)s", found[1]) for found in _BLOCK.finditer(text))


def _from_modules() -> Iterator[str]:
    for counter in COUNTERS:
        for path in (WEB / counter).rglob("*.py"):
            yield from (found[1] for found in _GETTEXT.finditer(path.read_text(encoding="utf-8")))


def compiled() -> bytes:
    """Return the catalogue's binary form as its text gives it."""
    return bytes(polib.pofile(str(CATALOGUE)).to_binary())


if __name__ == "__main__":
    CATALOGUE.with_suffix(".mo").write_bytes(compiled())
