"""Which counters a person works at, by role. Addresses, not names: counters do not know each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.business.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Counter:
    """One door of the house."""

    address: str
    name: str | Promise
    purpose: str | Promise


DESK = Counter("/desk/", _("デスク"), _("電話を受け、注文を書きます。"))
OFFICE = Counter("/office/", _("事務"), _("通話、納品、マスターを見ます。"))
PORTAL = Counter("/portal/", _("クライアント窓口"), _("自社の通話と注文を見ます。"))
ADMIN = Counter("/admin/", _("管理"), _("設定を変えます。"))

COUNTERS: dict[Role, tuple[Counter, ...]] = {
    Role.COMMUNICATOR: (DESK,),
    Role.SUPERVISOR: (OFFICE,),
    Role.BACK_OFFICE: (OFFICE,),
    Role.CLIENT: (PORTAL,),
    Role.ADMINISTRATOR: (OFFICE, ADMIN),
}
