"""What the switchboard's refusals mean to a communicator (codes of `switchboard.wishes`)."""

from __future__ import annotations

from madoguchi.kernel.errors import Refusal

_REFUSALS = {
    refusal.code: refusal
    for refusal in (
        Refusal(
            "call_is_over",
            ja="この通話はもう終わっています。",
            en="That call is over already.",
        ),
        Refusal(
            "not_now",
            ja="いまの状態ではできません。画面の状態を確かめて、もう一度押してください。",
            en="That is not possible in the present state. Look at the state shown and press again.",
        ),
        Refusal(
            "unknown_agent",
            ja="交換台があなたの電話機を知りません。SV か管理者に知らせてください。",
            en="The switchboard does not know your desk. Tell your supervisor or an administrator.",
        ),
    )
}


def refusal_sentence(code: str, language: str) -> str:
    """Return the sentence for a refusal's code; a code we do not know is named in it."""
    known = _REFUSALS.get(code)
    if known is not None:
        return known.text(language)
    other = Refusal(
        code,
        ja=f"交換台に断られました({code})。もう一度押すか、SV に知らせてください。",
        en=f"The switchboard refused ({code}). Press again, or tell your supervisor.",
    )
    return other.text(language)
