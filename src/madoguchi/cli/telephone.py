"""Which Asterisk is ours: from the runtime folder and the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from madoguchi.config.home import Home, Ports
from madoguchi.telephony.settings import TelephoneSettings

ARI_USER = "madoguchi"


def telephone_settings(
    home: Home, ports: Ports, environ: Mapping[str, str] = os.environ
) -> TelephoneSettings:
    """Return what our Asterisk is told.

    `MADOGUCHI_TELEPHONE_BIND` is the address that it listens on, `MADOGUCHI_TRUNK_PEERS` the addresses
    or networks that may send calls (commas between), `MADOGUCHI_TELEPHONE_HOST` our public name.
    """
    peers = [peer.strip() for peer in environ.get("MADOGUCHI_TRUNK_PEERS", "").split(",") if peer.strip()]
    return TelephoneSettings(
        asterisk_dir=home.asterisk,
        recordings_dir=home.recordings,
        prompts_dir=home.prompts,
        root_dir=None,
        http_port=ports.asterisk_http,
        sip_port=ports.sip,
        rtp_first=ports.rtp_first,
        rtp_last=ports.rtp_last,
        ari_user=ARI_USER,
        ari_password=home.secrets().ari,
        bind=environ.get("MADOGUCHI_TELEPHONE_BIND") or "127.0.0.1",
        trunk_peers=tuple(peers) or ("127.0.0.1",),
        hostname=environ.get("MADOGUCHI_TELEPHONE_HOST") or None,
    )
