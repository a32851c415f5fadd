"""`madoguchi provision`: what a centre needs beside Python: Asterisk, the browser telephone, the voice."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from django.conf import settings

from madoguchi.config.home import Home
from madoguchi.telephony import sound, wording
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.provision import find_or_make, in_cache, on_host
from madoguchi.web.shared.frontend import bundle


def command() -> None:
    """Get Asterisk, the browser telephone's library and the spoken sentences. Does nothing twice.

    Example: madoguchi provision
    """
    signal.signal(signal.SIGTERM, _leave_tidily)
    provision(settings.MADOGUCHI_HOME)


def provision(home: Home) -> None:
    """Fetch and make what is missing. Raises `Trouble` or `Refusal` where a person must do something."""
    find_or_make(home.cache, _say)
    bundle.build(_say)
    sound.compose_missing(home.prompts / "music")
    prompts = Prompts(home.prompts)
    for sentence in wording.ALL:
        prompts.speak(sentence)


def fetched(home: Home) -> bool:
    """Tell whether all that takes a network is there; what is left to do then takes seconds."""
    stamp = bundle.VENDOR / bundle.STAMP
    return (
        (on_host() or in_cache(home.cache)) is not None
        and (bundle.VENDOR / bundle.BUNDLE).exists()
        and stamp.exists()
        and stamp.read_text() == bundle.fingerprint()
    )


def _leave_tidily(number: int, frame: FrameType | None) -> None:
    """End as an exception does, so that nothing half made stays behind."""
    sys.exit(128 + number)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
