"""`madoguchi demo`: two clients, three programmes, six communicators, and all that a first call needs."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from madoguchi.business.accounts.actions import audit, put_user
from madoguchi.business.accounts.models import Role, User
from madoguchi.business.clients.models import Client, Membership, Programme
from madoguchi.business.handover.delivery.actions import put_way
from madoguchi.business.handover.delivery.models import Way
from madoguchi.business.intake.models import Customer
from madoguchi.business.knowledge.models import Product
from madoguchi.business.lines.models import Number
from madoguchi.business.staff.actions import certify, put_agent
from madoguchi.business.staff.models import Agent, Certificate
from madoguchi.cli import demo_data
from madoguchi.cli.talk import say

JAPAN = ZoneInfo("Asia/Tokyo")


def command() -> None:
    """Put the demo into the books. Safe to repeat: what is there, and what you changed, stays.

    Example: madoguchi demo
    """
    if furnish(at=datetime.now(JAPAN)):
        say(
            f"デモのデータを用意しました。パスワードは全員 {demo_data.PASSWORD} です。",
            f"The demo's data are there. Everybody's password is {demo_data.PASSWORD}.",
        )
    else:
        say("デモのデータは用意できています。", "The demo's data are there already.")


@transaction.atomic
def furnish(*, at: datetime) -> bool:
    """Add what is missing of the demo and return whether there was anything to add."""
    before = _size()
    for client in demo_data.CLIENTS:
        _put_client(client, at=at)
    for communicator in demo_data.COMMUNICATORS:
        _put_communicator(communicator, today=at.astimezone(JAPAN).date())
    for username, name, role in demo_data.STAFF:
        _person(username, name, role)
    if _size() == before:
        return False
    audit(at=at, user=None, action="demo.furnished", object_type="demo", object_id="demo")
    return True


def _size() -> int:
    tables = (User, Client, Membership, Programme, Number, Product, Customer, Way, Agent, Certificate)
    return sum(table.objects.count() for table in tables)


def _person(username: str, name: str, role: Role) -> User:
    user = User.objects.filter(username=username).first()
    return user or put_user(username=username, password=demo_data.PASSWORD, role=role, display_name=name)


def _put_client(data: demo_data.ClientData, *, at: datetime) -> None:
    client, _ = Client.objects.get_or_create(
        code=data.code, defaults={"name": data.name, "reading": data.reading, "colour": data.colour}
    )
    Membership.objects.get_or_create(user=_person(*data.user, Role.CLIENT), defaults={"client": client})
    for programme in data.programmes:
        _put_programme(client, programme)
    for product in data.products:
        Product.objects.get_or_create(
            client=client,
            code=product.code,
            defaults={
                "name": product.name,
                "unit_price_yen": product.price_yen,
                "tax_rate": product.tax_rate,
            },
        )
    for customer in data.customers:
        _put_customer(client, customer)
    if not Way.objects.filter(client=client, is_active=True).exists():
        put_way(by=None, client=client, recipient=data.mailbox, password=data.file_password, at=at)


def _put_programme(client: Client, data: demo_data.ProgrammeData) -> None:
    programme, _ = Programme.objects.get_or_create(
        client=client,
        name=data.name,
        defaults={"mode": data.mode, "contracted_lines": data.lines, "greeting": data.greeting},
    )
    Number.objects.get_or_create(
        number=data.number, defaults={"client": client, "programme": programme, "label": data.name}
    )


def _put_customer(client: Client, data: demo_data.CustomerData) -> None:
    Customer.objects.get_or_create(
        client=client,
        phone=data.phone,
        kana=data.kana,
        defaults={
            "name": data.name,
            "postal_code": data.postal_code,
            "prefecture": data.prefecture,
            "city": data.city,
            "town": data.town,
            "street": data.street,
            "building": data.building,
            "note": data.note,
        },
    )


def _put_communicator(data: demo_data.CommunicatorData, *, today: date) -> None:
    user = _person(data.username, data.name, Role.COMMUNICATOR)
    agent = Agent.objects.filter(user=user).first() or put_agent(
        user=user, name=data.name, reading=data.reading
    )
    for number in data.numbers:
        programme = Programme.objects.get(numbers__number=number)
        if not Certificate.objects.filter(agent=agent, programme=programme).exists():
            certify(agent=agent, programme=programme, valid_from=today)
