"""From the books to the goods: which way a programme's orders go, and what is in the parcel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from madoguchi.business.clients.models import Programme
from madoguchi.business.intake.models import Order, OrderLine
from madoguchi.business.intake.rules import tax_shares

from . import rules, secrets
from .models import Delivery, Way
from .ways import Consignment
from .workbook import OrderSheet, SheetLine


def way_of(programme: Programme) -> Way | None:
    """Return the programme's own active way, else its client's, else None."""
    ways = Way.objects.filter(client_id=programme.client_id, is_active=True)

    return ways.filter(programme=programme).first() or ways.filter(programme=None).first()


def consignment(delivery_id: UUID, *, at: datetime) -> tuple[Consignment, Way]:
    """Read all that is to be sent, by the way as it is set up now. Raise `Refusal` when there is none."""
    delivery = Delivery.objects.select_related("client", "order__programme__client").get(pk=delivery_id)
    way = way_of(delivery.order.programme)
    if way is None:
        raise rules.no_way(str(delivery.order.programme))
    goods = Consignment(
        delivery_id=delivery.pk,
        at=at,
        client=delivery.client.name,
        order=order_sheet(delivery.order),
        recipient=way.recipient,
        subject=way.subject,
        password=secrets.opened(way.password_encrypted),
    )
    return goods, way


def order_sheet(order: Order) -> OrderSheet:
    """Return an order as the client's file shows it."""
    lines = list(order.lines.order_by("position"))
    shares = tax_shares((line.tax_rate, line.total_yen) for line in lines)
    return OrderSheet(
        id=order.pk,
        programme=order.programme.name,
        taken_at=order.taken_at,
        name=order.name,
        kana=order.kana,
        phone=order.shown_phone,
        postal_code=order.shown_postal_code,
        prefecture=order.prefecture,
        city=order.city,
        town=order.town,
        street=order.street,
        building=order.building,
        note=order.note,
        total_yen=order.total_yen,
        tax_yen={share.rate: share.tax_yen for share in shares},
        lines=[_sheet_line(line) for line in lines],
    )


def _sheet_line(line: OrderLine) -> SheetLine:
    return SheetLine(
        product_code=line.product_code,
        product_name=line.product_name,
        quantity=line.quantity,
        unit_price_yen=line.unit_price_yen,
        tax_rate=line.tax_rate,
    )
