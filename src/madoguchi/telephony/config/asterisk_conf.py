"""asterisk.conf: its folders, all below ours, and how the server as a whole behaves."""

from __future__ import annotations

from pathlib import Path

from madoguchi.telephony.settings import TelephoneSettings

from .sections import document, section


def render(settings: TelephoneSettings, *, modules_dir: Path) -> str:
    """Return asterisk.conf."""
    home = settings.asterisk_dir
    directories = [
        ("astetcdir", settings.etc_dir),
        ("astmoddir", modules_dir),
        ("astvarlibdir", home / "lib"),
        ("astdbdir", home / "lib"),
        ("astkeydir", home / "lib"),
        ("astdatadir", home / "data"),
        ("astagidir", home / "data/agi-bin"),
        ("astspooldir", home / "spool"),
        ("astrundir", home / "run"),
        ("astlogdir", home / "log"),
        ("astcachedir", home / "cache"),
        ("astsbindir", home / "run"),
    ]
    options = [
        ("verbose", 0),
        ("debug", 0),
        ("nocolor", True),
        ("live_dangerously", False),
        # Waiting callers hear nothing from us between guidances; some carriers end a leg without RTP.
        ("transmit_silence", True),
    ]
    return document([section("directories", directories), section("options", options)])
