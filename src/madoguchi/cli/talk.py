"""How the command line speaks: results on standard output, talk on standard error.

Talk is in Japanese where the environment is (`LANG=ja_JP.UTF-8`), else in English;
`MADOGUCHI_LANGUAGE` decides otherwise. What went wrong is said in both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from madoguchi.kernel.errors import Refusal


def language(environ: Mapping[str, str] = os.environ) -> str:
    """Return `ja` or `en`."""
    for name in ("MADOGUCHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "ja" if value.startswith("ja") else "en"
    return "en"


def choose(ja: str, en: str) -> str:
    """Return the one of two sentences that is in the reader's language."""
    return ja if language() == "ja" else en


def say(ja: str, en: str) -> None:
    """Tell the reader what is going on, if there is one: a closed terminal must not keep us from stopping."""
    with suppress(OSError):
        print(choose(ja, en), file=sys.stderr, flush=True)


def explain(refusal: Refusal) -> None:
    """Tell the reader what is wrong and what to do, in both languages."""
    print(f"エラー: {refusal.ja}", file=sys.stderr)
    print(f"Error: {refusal.en}", file=sys.stderr, flush=True)
