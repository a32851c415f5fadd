"""Who and what the demo consists of: values only. Every name, number and address is made up."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.business.accounts.models import Role
from madoguchi.business.clients.models import Mode

PASSWORD = "madoguchi-demo"
"""Of every demo user; the sign-in page of a demo lets one in without it anyway."""


@dataclass(frozen=True, slots=True)
class ProgrammeData:
    name: str
    number: str
    mode: Mode
    lines: int
    greeting: str


@dataclass(frozen=True, slots=True)
class ProductData:
    code: str
    name: str
    price_yen: int
    tax_rate: int


@dataclass(frozen=True, slots=True)
class CustomerData:
    name: str
    kana: str
    phone: str
    postal_code: str
    prefecture: str
    city: str
    town: str
    street: str
    building: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClientData:
    code: str
    name: str
    reading: str
    colour: str
    mailbox: str
    file_password: str
    """Opens the Excel files in the demo's inbox."""
    user: tuple[str, str]
    """User name and shown name of the client's own person."""
    programmes: tuple[ProgrammeData, ...]
    products: tuple[ProductData, ...]
    customers: tuple[CustomerData, ...]


@dataclass(frozen=True, slots=True)
class CommunicatorData:
    username: str
    name: str
    reading: str
    numbers: tuple[str, ...]
    """Numbers of the programmes that this one is certified for."""


GREEN = ClientData(
    code="midori",
    name="みどり本舗",
    reading="みどりほんぽ",
    colour="#2f7d4f",
    mailbox="orders@midori.example",
    file_password="aojiru-2026",
    user=("midori", "みどり本舗 緑川"),
    programmes=(
        ProgrammeData(
            "青汁 新聞広告",
            "0120000123",
            Mode.SHARED,
            2,
            "お電話ありがとうございます。みどり本舗でございます。",
        ),
        ProgrammeData(
            "定期便のお客様窓口",
            "0120000789",
            Mode.DEDICATED,
            2,
            "お電話ありがとうございます。みどり本舗 定期便窓口でございます。",
        ),
    ),
    products=(
        ProductData("0001", "大麦若葉の青汁 30包", 3_980, 8),
        ProductData("0002", "大麦若葉の青汁 90包", 10_800, 8),
        ProductData("0010", "黒酢のしずく 60粒", 2_980, 8),
        ProductData("0099", "シェイカー", 880, 10),
    ),
    customers=(
        CustomerData(
            "山田 花子", "ヤマダ ハナコ", "0312345678", "1500001", "東京都", "渋谷区", "神宮前", "1-2-3",
            "みどりハイツ 201", "午前中の配達をご希望。",
        ),
        CustomerData(
            "鈴木 一郎", "スズキ イチロウ", "0612345678", "5300001", "大阪府", "大阪市北区", "梅田", "4-5-6"
        ),
        CustomerData(
            "鈴木 和子", "スズキ カズコ", "0612345678", "5300001", "大阪府", "大阪市北区", "梅田", "4-5-6",
            note="鈴木一郎様と同じ電話番号。",
        ),
    ),
)  # fmt: skip

SAKURA = ClientData(
    code="sakura",
    name="さくら堂",
    reading="さくらどう",
    colour="#b8476b",
    mailbox="juchu@sakurado.example",
    file_password="keshou-2026",
    user=("sakura", "さくら堂 桜井"),
    programmes=(
        ProgrammeData(
            "化粧品 テレビショッピング",
            "0120000456",
            Mode.SHARED,
            3,
            "お電話ありがとうございます。さくら堂 ご注文受付でございます。",
        ),
    ),
    products=(
        ProductData("S-100", "うるおい化粧水 200mL", 2_750, 10),
        ProductData("S-200", "うるおい美容液 30mL", 5_500, 10),
        ProductData("S-900", "はじめての7日間セット", 1_100, 10),
    ),
    customers=(
        CustomerData(
            "高橋 美咲", "タカハシ ミサキ", "09012345678", "4600008", "愛知県", "名古屋市中区", "栄", "3-1-1",
            "サクラマンション 502",
        ),
        # Calls both clients; neither may know of the other (requirement K4).
        CustomerData(
            "山田 花子", "ヤマダ ハナコ", "0312345678", "1500001", "東京都", "渋谷区", "神宮前", "1-2-3",
            "みどりハイツ 201",
        ),
    ),
)  # fmt: skip

CLIENTS = (GREEN, SAKURA)

COMMUNICATORS = (
    CommunicatorData("sato", "佐藤 陽子", "さとう ようこ", ("0120000123", "0120000456", "0120000789")),
    CommunicatorData("tanaka", "田中 真由美", "たなか まゆみ", ("0120000123", "0120000456")),
    CommunicatorData("ito", "伊藤 恵", "いとう めぐみ", ("0120000123", "0120000456")),
    CommunicatorData("watanabe", "渡辺 健", "わたなべ けん", ("0120000456",)),
    CommunicatorData("nakamura", "中村 由紀", "なかむら ゆき", ("0120000789",)),
    CommunicatorData("kobayashi", "小林 直樹", "こばやし なおき", ("0120000789",)),
)

STAFF = (
    ("kato", "加藤 明美", Role.SUPERVISOR),
    ("yoshida", "吉田 浩", Role.BACK_OFFICE),
    ("admin", "管理者", Role.ADMINISTRATOR),
)
"""Username, shown name and role of those who take no calls."""
