"""The files that are a few lines each: music, logging, RTP ports, tones, statistics and call records."""

from __future__ import annotations

from madoguchi.telephony.settings import TelephoneSettings

from .sections import HEADER, document, section


def render_music(settings: TelephoneSettings) -> str:
    """Return musiconhold.conf: `waiting` for callers in the queue, `hold` (and `default`) while on hold."""
    folder = settings.prompts_dir / "music"
    return document(
        section(name, [("mode", "files"), ("directory", folder / piece)])
        for name, piece in (("default", "hold"), ("hold", "hold"), ("waiting", "waiting"))
    )


def render_logger() -> str:
    """Return logger.conf: warnings and errors only, because notices name callers' numbers."""
    general = [("dateformat", "%F %T.%3q"), ("queue_log", False), ("use_callids", True)]
    return document([section("general", general), section("logfiles", [("messages", "warning,error")])])


def render_rtp(settings: TelephoneSettings) -> str:
    """Return rtp.conf."""
    general = [
        ("rtpstart", settings.rtp_first),
        ("rtpend", settings.rtp_last),
        ("icesupport", True),
        ("strictrtp", True),
    ]
    return document([section("general", general)])


def render_indications() -> str:
    """Return indications.conf with the tones of Japan (NTT; also in ITU-T E.180 Supplement 2)."""
    japan = [
        ("description", "Japan"),
        ("ringcadence", "1000,2000"),
        ("dial", "400"),
        ("busy", "400/500,0/500"),
        ("ring", "400+15/1000,0/2000"),
        ("congestion", "400/500,0/500"),
        ("callwaiting", "400+16/500,0/8000"),
        ("dialrecall", "!400/200,!0/200,!400/200,!0/200,400"),
        ("record", "1400/500,0/15000"),
        ("info", "!950/330,!1400/330,!1800/330,0"),
        (
            "stutter",
            "!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,400",
        ),
    ]
    return document([section("general", [("country", "jp")]), section("jp", japan)])


def render_stasis() -> str:
    """Return stasis.conf: the messages inside Asterisk that nobody of ours listens to are not made at all."""
    declined = (
        "ast_channel_varset_type",
        "ast_channel_dtmf_begin_type",
        "ast_device_state_message_type",
        "ast_mwi_state_type",
        "ast_rtp_rtcp_sent_type",
        "ast_rtp_rtcp_received_type",
    )
    return document([section("declined_message_types", [("decline", name) for name in declined])])


def render_call_records() -> str:
    """Return cdr.conf (and cel.conf): off, the books keep the calls."""
    return document([section("general", [("enable", False)])])


UNUSED: tuple[str, ...] = (
    "acl.conf",
    "ccss.conf",
    "features.conf",
    "pjproject.conf",
    "udptl.conf",
    "websocket_client.conf",
)
"""Files that the core reports as missing, though we use none of it: an empty one keeps the log clean."""


def render_unused() -> str:
    """Return a file without settings."""
    return HEADER


def render_all(settings: TelephoneSettings) -> dict[str, str]:
    """Return every file of this module by name."""
    return {
        "musiconhold.conf": render_music(settings),
        "logger.conf": render_logger(),
        "rtp.conf": render_rtp(settings),
        "indications.conf": render_indications(),
        "stasis.conf": render_stasis(),
        "cdr.conf": render_call_records(),
        "cel.conf": render_call_records(),
        **{name: render_unused() for name in UNUSED},
    }
