"""A customer is shown only as far as needed to tell two orders apart."""

from __future__ import annotations

import pytest

from madoguchi.web.office.masks import masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [("山田 花子", "山田 ＊＊"), ("山田　花子", "山田 ＊＊"), ("山田花子", "山＊＊"), ("", ""), ("  ", "")],
)
def test_the_given_name_is_withheld(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(("phone", "shown"), [("09012345678", "…5678"), ("110", "110"), ("", "")])
def test_only_the_end_of_a_telephone_number_is_shown(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
