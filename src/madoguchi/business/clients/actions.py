"""Writing clients and programmes. All are safe to repeat: the natural key finds what is there already."""

from __future__ import annotations

from django.db import transaction

from madoguchi.business.accounts.models import Role, User
from madoguchi.business.clients.models import Client, Membership, Mode, Programme
from madoguchi.kernel.errors import Refusal


def put_client(*, code: str, name: str, reading: str = "", colour: str = "#1f6f5c") -> Client:
    """Make the client with this code, or bring it to these values."""
    client, _ = Client.objects.update_or_create(
        code=code, defaults={"name": name, "reading": reading, "colour": colour.lower(), "is_active": True}
    )
    return client


def put_programme(
    *,
    client: Client,
    name: str,
    contracted_lines: int,
    greeting: str,
    mode: Mode = Mode.SHARED,
    ring_s: int = 20,
    wrap_up_s: int | None = None,
    record: bool = True,
    target_answer_rate: int = 85,
) -> Programme:
    """Make the client's programme of this name, or bring it to these values."""
    programme, _ = Programme.objects.update_or_create(
        client=client,
        name=name,
        defaults={
            "mode": mode,
            "contracted_lines": contracted_lines,
            "greeting": greeting,
            "ring_s": ring_s,
            "wrap_up_s": wrap_up_s,
            "record": record,
            "target_answer_rate": target_answer_rate,
            "is_active": True,
        },
    )
    return programme


@transaction.atomic
def put_membership(*, user: User, client: Client) -> Membership:
    """Let a client's user belong to this client and no other.

    Raises `Refusal("not_a_client_user")` for the centre's own people: they see every client anyway, and
    a membership would only look like a restriction.
    """
    if user.role != Role.CLIENT:
        raise Refusal(
            "not_a_client_user",
            ja="クライアントに所属できるのは、役割が「クライアント」の利用者だけです。役割を変更してください。",
            en="Only a user with the role Client can belong to a client. Change the role first.",
            field="user",
        )
    membership, _ = Membership.objects.update_or_create(user=user, defaults={"client": client})
    return membership
