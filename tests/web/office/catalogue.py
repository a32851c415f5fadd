"""The words of the office's and the portal's pages and their English.

`python -m tests.web.office.catalogue` makes both catalogues' binary form anew after their text was edited.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib

WEB = Path(__file__).parents[3] / "src" / "madoguchi" / "web"
COUNTERS = ("office", "portal")

_TRANSLATE = re.compile(r"""{%\s*translate\s+(["'])(.+?)\1""")
_BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.+?){%\s*(?:plural|endblocktranslate)\s*%}", re.DOTALL)
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")
_GETTEXT = ("_", "gettext", "gettext_lazy")


def catalogue_of(counter: str) -> Path:
    return WEB / counter / "locale" / "en" / "LC_MESSAGES" / "django.po"


def words_of(counter: str) -> set[str]:
    """Return every msgid that a counter's templates and modules use."""
    return set(_from_templates(counter)) | set(_from_modules(counter))


def _from_templates(counter: str) -> Iterator[str]:
    for path in (WEB / counter).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        yield from (found[2] for found in _TRANSLATE.finditer(text))
        yield from (_VARIABLE.sub(r"%(\1)s", found[1].replace("%", "%%")) for found in _BLOCK.finditer(text))


def _from_modules(counter: str) -> Iterator[str]:
    for path in (WEB / counter).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _GETTEXT:
                yield ast.literal_eval(node.args[0])


def compiled(counter: str) -> bytes:
    """Return a catalogue's binary form as its text gives it."""
    return bytes(polib.pofile(str(catalogue_of(counter))).to_binary())


if __name__ == "__main__":
    for counter in COUNTERS:
        catalogue_of(counter).with_suffix(".mo").write_bytes(compiled(counter))
