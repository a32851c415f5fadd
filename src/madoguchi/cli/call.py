"""`madoguchi call`: a call from a customer who does not exist."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Annotated

import typer

from madoguchi.cli.looped import Happening, Told, Wish, place
from madoguchi.cli.talk import choose
from madoguchi.cli.telephone import telephone_settings
from madoguchi.config.home import Home, Ports
from madoguchi.kernel.errors import Refusal
from madoguchi.telephony.prompts import Prompts
from madoguchi.telephony.settings import TelephoneSettings

WORDS = {
    Happening.RINGING: ("呼び出しています。", "Ringing."),
    Happening.ANSWERED: ("つながりました。", "Answered."),
    Happening.SPOKEN: ("話し終わりました。", "Everything has been said."),
    Happening.ENDED: ("切れました。", "Ended."),
}

CAUSES = {
    1: ("この番号は使われていません", "the number belongs to nobody"),
    16: ("通常の終話", "normal"),
    17: ("話し中", "busy"),
    18: ("応答なし", "no answer"),
    19: ("応答なし", "no answer"),
    21: ("拒否", "rejected"),
    34: ("回線なし", "no line free"),
}
"""Q.850 causes that a caller meets."""


def command(
    number: Annotated[str, typer.Argument(help="The number to call, such as 0120-000-123.")],
    caller: Annotated[
        str, typer.Option("--from", help="The caller's number to show; empty withholds it.")
    ] = "",
    say: Annotated[str, typer.Option("--say", help="What to say, in Japanese, once answered.")] = "",
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=3600, help="Hang up after so long.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print each happening as a line of JSON.")] = False,
) -> None:
    """Place a real call through the local trunk and print what happens. Exit code 1 if nobody answered.

    Example: madoguchi call 0120-000-123 --from 03-1234-5678 --say もしもし --seconds 20
    """
    home = Home.from_environment()
    wish = Wish(
        number=digits(number, field="number"),
        caller=digits(caller, field="from") if caller else "",
        media=[Prompts(home.prompts).media(say)] if say else [],
        seconds=seconds,
    )
    telephone = telephone_settings(home, Ports.from_environment())
    if not asyncio.run(_tell_all(telephone, wish, as_json)):
        raise typer.Exit(1)


def digits(text: str, *, field: str) -> str:
    """Return a telephone number's digits; raises `Refusal` for anything else."""
    bare = re.sub(r"[-\s()]", "", text)
    if not re.fullmatch(r"[0-9]{1,15}", bare):
        raise Refusal(
            "bad_number",
            ja=f"「{text}」は電話番号ではありません。0120-000-123 のように、数字で指定してください。",
            en=f"{text!r} is no telephone number. Give digits, such as 0120-000-123.",
            field=field,
        )
    return bare


async def _tell_all(telephone: TelephoneSettings, wish: Wish, as_json: bool) -> bool:
    answered = False
    async for told in place(telephone, wish):
        answered = answered or told.happening is Happening.ANSWERED
        print(as_line(told, as_json=as_json), flush=True)
    return answered


def as_line(told: Told, *, as_json: bool) -> str:
    """Return one happening for a reader or a program."""
    if as_json:
        return json.dumps({"happening": told.happening, "at": told.at, "cause": told.cause})
    text = choose(*WORDS[told.happening])
    if told.cause is None:
        return text
    ja, en = CAUSES.get(told.cause, ("その他", "other"))
    return f"{text} {choose(f'理由 {told.cause}: {ja}', f'Cause {told.cause}: {en}')}"
