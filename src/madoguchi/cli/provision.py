"""`madoguchi provision`: what a centre needs beside Python: Asterisk, the browser telephone, the voice."""

from __future__ import annotations

import sys

from django.conf import settings

from madoguchi.config.home import Home
from madoguchi.telephony import sound, wording
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.provision import find_or_make
from madoguchi.web.shared.frontend import build


def command() -> None:
    """Get Asterisk, the browser telephone's library and the spoken sentences. Does nothing twice.

    Example: madoguchi provision
    """
    provision(settings.MADOGUCHI_HOME)


def provision(home: Home) -> None:
    """Fetch and make what is missing. Raises `Trouble` or `Refusal` where a person must do something."""
    find_or_make(home.cache, _say)
    build(_say)
    sound.compose_missing(home.prompts / "music")
    prompts = Prompts(home.prompts)
    for sentence in wording.ALL:
        prompts.speak(sentence)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
