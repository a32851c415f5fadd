"""modules.conf: exactly the modules that we use, so that nothing else listens or can be reached.

`res_pjsip_refer` is left out on purpose: without it no telephone can transfer a call behind our back.
"""

from __future__ import annotations

from collections.abc import Iterable

from .sections import HEADER

NEEDED: tuple[str, ...] = (
    # the machinery
    "res_timing_timerfd",
    "res_crypto",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_http_websocket",
    # sound: what callers and browsers speak, and the files we play and record
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_resample",
    "format_pcm",
    "format_sln",
    "format_wav",
    "res_musiconhold",
    # calls
    "res_rtp_asterisk",
    "res_srtp",
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_pubsub",
    "res_pjsip_session",
    "res_pjsip_sdp_rtp",
    "res_pjsip_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_registrar",
    "res_pjsip_transport_websocket",
    "res_pjsip_caller_id",
    "res_pjsip_header_funcs",
    "res_pjsip_nat",
    "res_pjsip_dlg_options",
    "res_pjsip_rfc3326",
    "chan_pjsip",
    "chan_bridge_media",
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_softmix",
    "bridge_holding",
    # the dialplan
    "pbx_config",
    "func_callerid",
    "func_channel",
    "func_logic",
    "func_strings",
    "func_timeout",
    "app_stack",
    "app_playback",
    "app_verbose",
    "app_stasis",
    # ARI
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
)
"""The server does not start without these."""

USED_IF_THERE: tuple[str, ...] = (
    "codec_opus_open_source",
    "codec_opus",
    "res_format_attr_opus",
    "res_websocket_client",
)
"""Opus has two names, by who packaged it; without it browsers speak G.711."""


def render(*, present: Iterable[str] | None = None, extra_modules: Iterable[str] = ()) -> str:
    """Return modules.conf; of the modules used if there, only those in `present` (all, when None)."""
    known = None if present is None else frozenset(present)
    optional = [name for name in USED_IF_THERE if known is None or name in known]
    lines = [
        "[modules]",
        "autoload = no",
        *(f"require = {name}.so" for name in NEEDED),
        *(f"load = {name}.so" for name in (*optional, *extra_modules)),
    ]
    return "\n".join([HEADER, *lines]) + "\n"
