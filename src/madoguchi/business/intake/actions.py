"""Taking an order, and keeping a form that is not finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from madoguchi.business.accounts.actions import audit
from madoguchi.business.accounts.models import User
from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.models import Agent
from madoguchi.kernel.errors import Refusal

from . import signals
from .addresses import prefectures_of
from .models import Addressee, Customer, Draft, Order, OrderLine
from .queries import draft_of, offered_products
from .rules import CheckedOrder, OrderForm, check_order, refuse_card_number

_PARTICULARS = [field.name for field in Addressee._meta.get_fields()]


@transaction.atomic
def place_order(
    *, by: User, agent: Agent | None, programme: Programme, call_id: str | None, form: OrderForm, at: datetime
) -> Order:
    """Take an order: customer, order, lines, audit and delivery together, or nothing of it.

    The same form sent again (`form.token`) gives the order it made the first time. Raise `OrderRefused`
    with every mistake of the form, or `Refusal` for a call or customer that is not this client's.
    """
    _hold(f"order {form.token}")
    if (already := Order.objects.filter(pk=form.token).first()) is not None:
        return _same_programme(already, programme)
    prefectures = prefectures_of(form.postal_code)
    checked = check_order(form, offered=offered_products(programme), prefectures_of_code=prefectures, at=at)
    call = _call_of(programme, call_id)
    customer = _put_customer(programme, checked)
    order = _write(checked, programme=programme, call=call, customer=customer, agent=agent, at=at)
    if agent is not None:
        discard_draft(agent=agent, programme=programme, call_id=call_id or "")
    audit(
        at=at,
        user=by,
        action="intake.order_placed",
        object_type="intake.Order",
        object_id=order.pk,
        client_id=programme.client_id,
        detail={"total_yen": order.total_yen, "lines": len(checked.lines), "call": call_id},
    )
    signals.announce(order, at=at)
    return order


def _hold(*names: str) -> None:
    """Let one transaction at a time pass for each name; names in a fixed order, so that none wait in a ring."""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _same_programme(order: Order, programme: Programme) -> Order:
    if order.programme_id != programme.pk:
        raise Refusal(
            "token_of_other_order",
            ja="この入力画面は別の業務の受注に使われています。画面を開き直してください。",
            en="This form has already made an order of another programme. Open the form anew.",
        )
    return order


def _call_of(programme: Programme, call_id: str | None) -> Call | None:
    if not call_id:
        return None
    call = Call.objects.filter(pk=call_id, client_id=programme.client_id).first()
    if call is None:
        raise Refusal(
            "call_unknown",
            ja="この通話の記録が見つかりません。画面を読み込み直し、もう一度登録してください。",
            en="There is no record of this call. Reload the page and save again.",
        )
    return call


def _put_customer(programme: Programme, checked: CheckedOrder) -> Customer:
    """Bring the chosen customer, or the one of the same number and reading, up to date; else make a new one.

    Several people share a number, so number and reading together make the same person.
    """
    _hold(f"customer {programme.client_id} {checked.phone}")
    ours = Customer.objects.select_for_update().filter(client_id=programme.client_id)
    if checked.customer_id is not None:
        customer = ours.filter(pk=checked.customer_id).first()
        if customer is None:
            raise Refusal(
                "not_found",
                ja="選んだお客様が見つかりません。もう一度お客様を選び直してください。",
                en="The chosen customer is not there. Choose the customer again.",
                field="customer",
            )
    else:
        customer = ours.filter(phone=checked.phone, kana=checked.kana).order_by("id").first()
    if customer is None:
        customer = Customer(client_id=programme.client_id)
    for name, value in _particulars(checked).items():
        setattr(customer, name, value)
    customer.save()
    return customer


def _particulars(checked: CheckedOrder) -> dict[str, str]:
    return {name: value for name, value in asdict(checked).items() if name in _PARTICULARS}


def _write(
    checked: CheckedOrder,
    *,
    programme: Programme,
    call: Call | None,
    customer: Customer,
    agent: Agent | None,
    at: datetime,
) -> Order:
    order = Order.objects.create(
        id=checked.token,
        client_id=programme.client_id,
        programme=programme,
        call=call,
        customer=customer,
        taken_by=agent,
        taken_at=at,
        note=checked.note,
        total_yen=checked.total_yen,
        read_back_at=checked.read_back_at,
        **_particulars(checked),
    )
    _write_lines(order, checked)
    return order


def _write_lines(order: Order, checked: CheckedOrder) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            client_id=order.client_id,
            position=position,
            product_id=line.product.id,
            product_code=line.product.code,
            product_name=line.product.name,
            quantity=line.quantity,
            unit_price_yen=line.product.unit_price_yen,
            tax_rate=line.product.tax_rate,
        )
        for position, line in enumerate(checked.lines, start=1)
    )


def save_draft(
    *, agent: Agent, programme: Programme, call_id: str | None, data: Mapping[str, Any], at: datetime
) -> None:
    """Keep an unfinished form. Raise `Refusal` when it holds a card number (requirement K6: none is stored)."""
    for field, text in _texts("", data):
        refuse_card_number(text, field=field)
    Draft.objects.update_or_create(
        agent=agent,
        client_id=programme.client_id,
        call_id=call_id or "",
        defaults={"data": dict(data), "at": at},
    )


def _texts(field: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(str(key), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(field, inner)


def read_draft(*, agent: Agent, programme: Programme, call_id: str | None) -> dict[str, Any] | None:
    """Return the unfinished form, or None."""
    draft = draft_of(agent_id=agent.pk, client_id=programme.client_id, call_id=call_id or "")
    return dict(draft.data) if draft is not None else None


def discard_draft(*, agent: Agent, programme: Programme, call_id: str | None) -> None:
    """Forget the unfinished form, if there is one."""
    Draft.objects.filter(agent=agent, client_id=programme.client_id, call_id=call_id or "").delete()
