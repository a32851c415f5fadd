"""What goes wrong, said so that the reader knows what to do next, in Japanese and in English."""

from __future__ import annotations


class Refusal(Exception):
    """A request that the rules of the house refuse: expected, shown to a person, never logged as a bug.

    `code` is stable and machine-readable; `ja` and `en` are one or two full sentences that say what is
    wrong and what to do. `field` names the form field that is at fault, where there is one.
    """

    def __init__(self, code: str, *, ja: str, en: str, field: str | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.ja = ja
        self.en = en
        self.field = field

    def text(self, language: str) -> str:
        """Return the sentence for a language code such as `ja` or `en-gb`."""
        return self.ja if language.startswith("ja") else self.en


class Trouble(Refusal):
    """Something outside us stands in the way (a server down, a disk full): trying again may help."""
