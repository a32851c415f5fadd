"""What a communicator may open: the own desk, and the own calls."""

from __future__ import annotations

from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call, Presence
from madoguchi.business.intake.models import Draft
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal


def agent_of(user: User) -> Agent:
    """Return the communicator that a user is. Raise `Refusal` when the user has no desk."""
    agent = Agent.objects.filter(user=user, is_active=True).first()
    if agent is None:
        raise Refusal(
            "no_desk",
            ja="この利用者には電話機が割り当てられていません。管理者にコミュニケーター登録を依頼してください。",
            en="You have no desk yet. Ask an administrator to register you as a communicator.",
        )
    return agent


def access_call(agent: Agent, call_id: str) -> Call:
    """Return a call that is the communicator's own. Raise `Refusal("not_found")` for any other.

    Its own are: the one that rings or talks now, the last one answered, and one whose form it has not
    finished, so that nothing typed is out of reach when the next call comes.
    """
    call = Call.objects.select_related("client", "programme").filter(id=call_id).first()
    if call is None or not _is_own(agent, call):
        raise Refusal(
            "not_found",
            ja="この通話は見つからないか、あなたの通話ではありません。",
            en="There is no such call, or it is not yours.",
        )
    return call


def _is_own(agent: Agent, call: Call) -> bool:
    if Presence.objects.filter(agent=agent, call_id=call.id).exists():
        return True
    last = Call.objects.filter(agent=agent).order_by("-answered_at").values_list("id", flat=True).first()
    if last == call.id:
        return True
    return Draft.objects.filter(agent=agent, client_id=call.client_id, call_id=call.id).exists()
