"""Customers and orders. Every row carries its client, and the database holds the rows of one order together.

The composite foreign keys (`clients.rls.same_client`, in the migrations) make it impossible to join an order
with the programme, customer, call or product of another client (requirement K4).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from madoguchi.business.calls.models import Call
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.knowledge.models import Product, TaxRate
from madoguchi.business.staff.models import Agent

from .rules import MOST_OF_ONE, NAME_LENGTH, NOTE_LENGTH, PART_LENGTH, shown_phone, shown_postal_code


class Addressee(models.Model):
    """A person and where parcels reach them: columns that a customer and an order's copy share."""

    name = models.CharField("氏名", max_length=NAME_LENGTH)
    kana = models.CharField("フリガナ", max_length=NAME_LENGTH)
    """Full-width katakana."""
    phone = models.CharField("電話番号", max_length=11)
    """Digits as dialled within Japan."""
    postal_code = models.CharField("郵便番号", max_length=7)
    """Seven digits."""
    prefecture = models.CharField("都道府県", max_length=4)
    city = models.CharField("市区町村", max_length=PART_LENGTH)
    town = models.CharField("町名", max_length=PART_LENGTH, blank=True)
    street = models.CharField("番地", max_length=PART_LENGTH, blank=True)
    building = models.CharField("建物名・部屋番号", max_length=PART_LENGTH, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address on one line, without its postal code."""
        return " ".join(
            filter(None, [f"{self.prefecture}{self.city}{self.town}{self.street}", self.building])
        )

    @property
    def shown_phone(self) -> str:
        return shown_phone(self.phone)

    @property
    def shown_postal_code(self) -> str:
        return shown_postal_code(self.postal_code)


class Customer(Addressee):
    """A person who has called one client (お客様). The same person at another client is another row."""

    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="customers"
    )
    note = models.TextField("備考", blank=True, max_length=NOTE_LENGTH)

    class Meta:
        verbose_name = "お客様"
        verbose_name_plural = "お客様"
        constraints = [
            models.UniqueConstraint(name="customer_with_client", fields=["id", "client"]),
            models.CheckConstraint(name="customer_phone_digits", condition=Q(phone__regex=r"^0[0-9]{9,10}$")),
            models.CheckConstraint(
                name="customer_postal_code", condition=Q(postal_code__regex=r"^[0-9]{7}$")
            ),
        ]
        indexes = [
            # Read when a call rings at the desk (queries.customers_by_phone).
            models.Index(name="customer_by_phone", fields=["client", "phone"]),
        ]

    def __str__(self) -> str:
        return self.name


class Order(Addressee):
    """An order as it was taken (受注), with the customer's particulars as they were then.

    `id` is the token of the form that made it: sending the form again finds the order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="orders"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="業務", on_delete=models.PROTECT, related_name="orders"
    )
    call = models.ForeignKey(
        Call, verbose_name="通話", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    customer = models.ForeignKey(
        Customer, verbose_name="お客様", on_delete=models.PROTECT, related_name="orders"
    )
    taken_by = models.ForeignKey(
        Agent, verbose_name="受付者", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    taken_at = models.DateTimeField("受付日時")
    note = models.TextField("備考", blank=True, max_length=NOTE_LENGTH)
    total_yen = models.PositiveBigIntegerField("合計(円・税込)")
    read_back_at = models.DateTimeField("復唱確認日時")

    class Meta:
        verbose_name = "受注"
        verbose_name_plural = "受注"
        constraints = [
            models.UniqueConstraint(name="order_with_client", fields=["id", "client"]),
            models.CheckConstraint(name="order_phone_digits", condition=Q(phone__regex=r"^0[0-9]{9,10}$")),
            models.CheckConstraint(name="order_postal_code", condition=Q(postal_code__regex=r"^[0-9]{7}$")),
            # Requirement K2: the terms are read back before the order is taken.
            models.CheckConstraint(
                name="order_read_back_first", condition=Q(read_back_at__lte=F("taken_at"))
            ),
        ]
        indexes = [
            # Read by the pages that list a client's newest orders (queries.recent_orders).
            models.Index(name="order_by_client_newest", fields=["client", "-taken_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.total_yen:,}円"


class OrderLine(models.Model):
    """One product of an order, with code, name, price and tax as they were when it was taken."""

    order = models.ForeignKey(Order, verbose_name="受注", on_delete=models.CASCADE, related_name="lines")
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField("行")
    """From 1."""
    product = models.ForeignKey(Product, verbose_name="商品", on_delete=models.PROTECT, related_name="+")
    product_code = models.CharField("商品コード", max_length=40)
    product_name = models.CharField("商品名", max_length=120)
    quantity = models.PositiveSmallIntegerField("数量")
    unit_price_yen = models.PositiveIntegerField("単価(円・税込)")
    tax_rate = models.PositiveSmallIntegerField("税率", choices=TaxRate)

    class Meta:
        verbose_name = "受注明細"
        verbose_name_plural = "受注明細"
        constraints = [
            models.UniqueConstraint(name="order_line_position", fields=["order", "position"]),
            models.CheckConstraint(
                name="order_line_quantity", condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE)
            ),
            models.CheckConstraint(name="order_line_tax_rate", condition=Q(tax_rate__in=TaxRate.values)),
        ]

    def __str__(self) -> str:
        return f"{self.product_name} × {self.quantity}"

    @property
    def total_yen(self) -> int:
        return self.unit_price_yen * self.quantity


class Draft(models.Model):
    """A form that is being filled in, so that a reload of the page loses nothing."""

    agent = models.ForeignKey(
        Agent, verbose_name="コミュニケーター", on_delete=models.CASCADE, related_name="drafts"
    )
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.CASCADE, related_name="+"
    )
    call_id = models.CharField("通話", max_length=150, blank=True)
    """Empty: a form without a call."""
    data = models.JSONField("内容")
    at = models.DateTimeField("保存日時")

    class Meta:
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        constraints = [
            models.UniqueConstraint(name="draft_once_per_call", fields=["agent", "client", "call_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.call_id}"
