"""When to try again, and when to stop and ask a person. Pure."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.kernel.errors import Refusal, Trouble

#: The wait after the first, second … failed attempt. Short at first, for a server that restarts; then long
#: enough for greylisting and for a morning's outage.
BACK_OFF = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=1),
    timedelta(hours=1),
)

#: After so many attempts in a row a person is asked.
MOST_ATTEMPTS = len(BACK_OFF) + 1


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the failed attempt of that number (from 1), or None: stop trying."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def next_wait(problem: Refusal, *, attempts: int) -> timedelta | None:
    """Return how long to wait after this problem; None when trying again cannot help or was tried enough."""
    return wait_after(attempts) if isinstance(problem, Trouble) else None


def gave_up(problem: Refusal) -> Refusal:
    """Return the reason to show when a passing trouble did not pass."""
    return Refusal(
        problem.code,
        ja=f"{MOST_ATTEMPTS}回送信しましたが届きませんでした。原因を取り除いてから「再送する」を押してください。最後の原因: {problem.ja}",
        en=f"It was tried {MOST_ATTEMPTS} times without success. Remove the cause, then press “send again”. The last cause: {problem.en}",
    )


def no_way(programme: str) -> Refusal:
    """Return the reason when nobody has said how a programme's orders are handed over."""
    return Refusal(
        "no_way",
        ja=f"業務「{programme}」の納品方法が設定されていません。管理画面の「納品方法」で宛先とパスワードを登録し、「再送する」を押してください。受注は保存されています。",
        en=f"No way of delivery is set up for “{programme}”. Enter address and password under “納品方法” in the administration, then press “send again”. The order is safe.",
    )


def outcome_unknown() -> Refusal:
    """Return the reason when the process died between the dot and the server's answer."""
    return Refusal(
        "outcome_unknown",
        ja="送信の最後に処理が中断し、相手に届いたかどうか分かりません。二重送信を防ぐため自動では再送しません。クライアントに受信を確かめ、届いていれば「納品済みにする」、届いていなければ「再送する」を押してください。",
        en="The work broke off at the very end; it is not known whether the mail arrived. To avoid a second mail it is not sent again by itself. Ask the client, then press “mark as delivered” if it did, or “send again” if it did not.",
    )


def worker_died() -> Trouble:
    """Return the reason when the process died before anything can have arrived."""
    return Trouble(
        "worker_died",
        ja="送信の途中で処理が止まりました。まだ何も届いていないので、自動で再送します。",
        en="The work stopped on the way. Nothing has arrived yet, so it is tried again by itself.",
    )


def our_mistake(error: Exception) -> Trouble:
    """Return the reason for a failure that we did not foresee; only its kind is shown, the log has the rest."""
    kind = type(error).__name__
    return Trouble(
        "internal_error",
        ja=f"納品データの作成中に問題が起きました（{kind}）。自動で再送します。続くときは、ログを添えて管理者に知らせてください。",
        en=f"Something went wrong while preparing the data ({kind}). It is tried again by itself. If this goes on, tell the administrator and show the log.",
    )
