"""extensions.conf: the little dialplan. A call for one of our numbers goes to the switchboard; nothing else is possible.

Only names made of digits match, one pattern for each length, so that no other character of a stranger's
SIP message is ever put into an expression. Where the switchboard is away, `arrival` keeps the caller:
it rings on, later plays guidance and music, and tries again every second with the arrival moment that
it took first, so the caller's place is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.telephony.settings import TelephoneSettings

from .sections import HEADER

LONGEST_NUMBER = 15
"""Digits; ITU-T E.164's limit."""
ANY_NUMBER = "_X!"
"""For contexts that only digits can reach."""
RINGS_BEFORE_GUIDANCE = 8
"""Seconds that a kept caller hears ringing, before we answer and say why it takes time."""
MUSIC_BETWEEN_GUIDANCE = 10
"""Tries, of two seconds each."""

PROMPT = "MADOGUCHI_PROMPT"
TIMES = "MADOGUCHI_TIMES"
SECONDS = "MADOGUCHI_SECONDS"
"""Variables that the test caller (`speak`) is given: prompt without extension, how often, at most how long."""
FROM_HEADER = "X-Madoguchi-From"
"""SIP header by which a test telephone says the caller's number to show: digits only."""


def render(settings: TelephoneSettings, *, away_guidance: str) -> str:
    """Return extensions.conf; `away_guidance` is the prompt (path without extension) for kept callers."""
    contexts = [
        "[general]\nstatic = yes\nwriteprotect = yes\nclearglobalvars = no\n",
        _context("inbound", _each_number(["Set(from=${CALLERID(num)})", "Goto(arrival,${EXTEN},1)"])),
        _context(
            "telephone",
            _each_number([f"Set(from=${{PJSIP_HEADER(read,{FROM_HEADER})}})", "Goto(own-number,${EXTEN},1)"]),
        ),
        _context("own-number", _own_number()),
        _context("arrival", _arrival(settings.app, away_guidance)),
        _context("speak", _speak()),
        "; A communicator's telephone can be called and can call nobody.\n[agent]\n",
    ]
    return "\n".join([HEADER, *contexts])


def _context(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"[{name}]", *lines]) + "\n"


def _steps(pattern: str, steps: Sequence[str]) -> list[str]:
    """Return one extension; a step may begin with `(label) `."""
    lines = []
    for position, step in enumerate(steps):
        label, _, application = step.partition(") ") if step.startswith("(") else ("", "", step)
        mark = f"{label})" if label else ""
        lines.append(
            f"exten => {pattern},1,{application}" if position == 0 else f" same => n{mark},{application}"
        )
    return lines


def _each_number(steps: Sequence[str]) -> list[str]:
    return [line for length in range(1, LONGEST_NUMBER + 1) for line in _steps("_" + "X" * length, steps)]


def _own_number() -> list[str]:
    """Check the number a test telephone gives; lengths are compared, so that no foreign text is evaluated."""
    same_length = "${LEN(${from})} = ${LEN(${digits})}"
    return _steps(
        ANY_NUMBER,
        [
            "Set(digits=${FILTER(0-9,${from})})",
            f"GotoIf($[{same_length} & ${{LEN(${{digits}})}} <= {LONGEST_NUMBER}]?good)",
            "Hangup(28)",
            "(good) Goto(arrival,${EXTEN},1)",
        ],
    )


def _arrival(app: str, away_guidance: str) -> list[str]:
    return _steps(
        ANY_NUMBER,
        [
            "Set(arrived=${STRFTIME(,,%s.%3q)})",
            # E.164 of a Japanese caller is shown as people here write it; anything but digits is withheld.
            "Set(from=${FILTER(0-9+,${from})})",
            'Set(national=${IF($["${from:0:3}" = "+81"]?0${from:3}:${from})})',
            "Set(CALLERID(num)=${FILTER(0-9,${national})})",
            "Set(CALLERID(name)=)",
            "Set(tries=0)",
            "Ringing()",
            f"(again) Stasis({app},inbound,${{EXTEN}},${{arrived}})",
            'GotoIf($["${STASISSTATUS}" != "FAILED"]?over)',
            "Set(tries=$[${tries} + 1])",
            f"GotoIf($[${{tries}} > {RINGS_BEFORE_GUIDANCE}]?music)",
            "Ringing()",
            "Wait(1)",
            "Goto(again)",
            f"(music) GotoIf($[(${{tries}} - {RINGS_BEFORE_GUIDANCE}) % {MUSIC_BETWEEN_GUIDANCE} != 1]?wait)",
            "Answer()",
            f"Playback({away_guidance})",
            "(wait) MusicOnHold(waiting,2)",
            "Goto(again)",
            "(over) Hangup()",
        ],
    )


def _speak() -> list[str]:
    return _steps(
        "s",
        [
            f"Set(TIMEOUT(absolute)=${{IF($[0${{{SECONDS}}} > 0]?${{{SECONDS}}}:60)}})",
            "Wait(0.3)",
            f"(again) Playback(${{{PROMPT}}})",
            f"Set({TIMES}=$[0${{{TIMES}}} - 1])",
            f"GotoIf($[${{{TIMES}}} > 0]?again)",
            "Hangup()",
        ],
    )
