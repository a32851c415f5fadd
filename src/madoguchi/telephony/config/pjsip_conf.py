"""pjsip.conf and pjsip_agents.conf: who may speak SIP with us, and what each may do.

Callers come from the trunk, known by their address alone; whoever else sends an INVITE gets the same
challenge whether or not a name exists. A communicator's telephone can only be called. The test
telephones can call our own numbers, nothing else: there is no outside line in the whole configuration.
"""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.telephony.settings import Extension, TelephoneSettings

from .sections import Pairs, document, section

AGENTS_FILE = "pjsip_agents.conf"

DEAD_LEG_S = 60
"""A leg that sends no sound for so long is over: the browser crashed, the trunk lost it."""
DEAD_LEG_ON_HOLD_S = 1800
"""The same for a leg that the far side has put on hold, and so may rightly be silent."""
REGISTRATION_S = 120
"""A telephone whose socket ended uncleanly is forgotten after this."""


def render(settings: TelephoneSettings, telephones: Sequence[Extension]) -> str:
    """Return pjsip.conf, without the communicators' telephones that it includes."""
    return document(
        [
            section("global", _global()),
            section("transport-udp", _udp(settings)),
            section("transport-ws", [("type", "transport"), ("protocol", "ws"), ("bind", settings.bind)]),
            section("[browser](!)", _browser()),
            section("[browser-password](!)", [("type", "auth"), ("auth_type", "userpass")]),
            section("[browser-contact](!)", _browser_contact()),
            section("[line](!)", _line(settings)),
            section("[trunk](line)", [("context", "inbound"), ("identify_by", "ip")]),
            section("trunk", _trunk_identity(settings)),
            section("[loop](line)", [("context", "speak"), ("identify_by", "ip"), ("aors", "loop")]),
            section("loop", [("type", "aor"), ("contact", f"sip:{settings.address}:{settings.sip_port}")]),
            *(_browser_telephone(telephone, context="telephone") for telephone in telephones),
            f"#include {AGENTS_FILE}\n",
        ]
    )


def render_agents(extensions: Sequence[Extension]) -> str:
    """Return pjsip_agents.conf: a file of its own, so that it can be rewritten while calls go on."""
    return document(_browser_telephone(extension, context="agent") for extension in extensions)


def _global() -> Pairs:
    return [
        ("type", "global"),
        ("user_agent", "Madoguchi"),
        # The address comes last, or the trunk's swallows the browsers' REGISTER from the same machine.
        ("endpoint_identifier_order", "auth_username,username,ip"),
        ("default_realm", "madoguchi"),
        ("keep_alive_interval", 30),
        ("contact_expiration_check_interval", 10),
        ("send_contact_status_on_update_registration", False),
    ]


def _udp(settings: TelephoneSettings) -> Pairs:
    transport: list[tuple[str, object]] = [
        ("type", "transport"),
        ("protocol", "udp"),
        ("bind", f"{settings.bind}:{settings.sip_port}"),
    ]
    if settings.hostname is not None:
        transport += [
            ("external_signaling_address", settings.hostname),
            ("external_media_address", settings.hostname),
            *(
                ("local_net", network)
                for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
            ),
        ]
    return transport


def _endpoint(codecs: str) -> Pairs:
    return [
        ("type", "endpoint"),
        ("disallow", "all"),
        ("allow", codecs),
        ("direct_media", False),
        ("allow_transfer", False),
        ("allow_subscribe", False),
        ("language", "ja"),
        ("tone_zone", "jp"),
        ("rtp_timeout", DEAD_LEG_S),
        ("rtp_timeout_hold", DEAD_LEG_ON_HOLD_S),
    ]


def _browser() -> Pairs:
    return [
        *_endpoint("opus,ulaw"),
        ("webrtc", True),
        ("identify_by", "auth_username,username"),
    ]


def _browser_contact() -> Pairs:
    return [
        ("type", "aor"),
        # A reloaded page registers again before its old registration is gone, and takes its place.
        ("max_contacts", 1),
        ("remove_existing", True),
        ("default_expiration", REGISTRATION_S),
        ("maximum_expiration", REGISTRATION_S),
        ("minimum_expiration", 30),
    ]


def _line(settings: TelephoneSettings) -> Pairs:
    line = [
        *_endpoint("ulaw,alaw"),
        ("trust_id_inbound", True),
        ("rtp_symmetric", True),
        ("force_rport", True),
        ("rewrite_contact", True),
        ("timers", True),
    ]
    if settings.bind != "0.0.0.0":
        line += [("media_address", settings.bind), ("bind_rtp_to_media_address", True)]
    return line


def _trunk_identity(settings: TelephoneSettings) -> Pairs:
    # Our own address is always among them: the test caller calls in through the trunk like anybody.
    peers = dict.fromkeys((*settings.trunk_peers, settings.address))
    return [("type", "identify"), ("endpoint", "trunk"), *(("match", peer) for peer in peers)]


def _browser_telephone(extension: Extension, *, context: str) -> str:
    name = extension.name
    endpoint = [("context", context), ("auth", name), ("aors", name)]
    password = [("username", name), ("password", extension.password)]
    return "\n".join(
        [
            section(f"[{name}](browser)", endpoint),
            section(f"[{name}](browser-password)", password),
            section(f"[{name}](browser-contact)", []),
        ]
    )
