"""Every configuration file, whole. To change one on purpose: change its renderer and its copy in `expected/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.telephony.config import SECRET_FILES, modules_conf, render_all
from madoguchi.telephony.config.sections import value
from madoguchi.telephony.settings import Extension, TelephoneSettings

EXPECTED = Path(__file__).parent / "expected"
HOME = Path("/srv/madoguchi")
SETTINGS = TelephoneSettings(
    asterisk_dir=HOME / "asterisk",
    recordings_dir=HOME / "recordings",
    prompts_dir=HOME / "prompts",
    root_dir=HOME / "root",
    http_port=8088,
    sip_port=5060,
    rtp_first=10000,
    rtp_last=10999,
    ari_user="madoguchi",
    ari_password="ari-secret",
    trunk_peers=("192.0.2.10", "198.51.100.0/24"),
    hostname="centre.example",
)
RENDERED = render_all(
    SETTINGS,
    [Extension("agent-1", "sato-secret"), Extension("agent-2", "suzuki;secret")],
    [Extension("telephone-1", "telephone-secret")],
    modules_dir=HOME / "root/modules",
    present=["codec_opus_open_source", "res_format_attr_opus"],
    extra_modules=["app_queue"],
    away_guidance="/srv/madoguchi/prompts/away",
)


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_file_is_rendered_as_expected(name: str) -> None:
    assert RENDERED[name] == (EXPECTED / name).read_text()


def test_no_expected_file_is_left_over() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == set(RENDERED)


def test_every_file_with_a_password_is_kept_from_others() -> None:
    with_a_secret = {name for name, text in RENDERED.items() if "secret" in text}

    assert with_a_secret <= SECRET_FILES


def test_a_value_cannot_start_a_line_or_a_comment() -> None:
    with pytest.raises(ValueError):
        value("secret\ncontext = inbound")
    assert value("a;b") == "a\\;b"


def test_no_outside_line_can_be_dialled() -> None:
    assert "Dial(" not in RENDERED["extensions.conf"]
    assert not {"app_dial", "app_originate", "app_system", "func_shell", "res_pjsip_refer"} & set(
        modules_conf.NEEDED
    )


def test_the_address_comes_last_in_telling_who_calls() -> None:
    assert "endpoint_identifier_order = auth_username,username,ip\n" in RENDERED["pjsip.conf"]
