"""From values to the text of Asterisk's configuration files: pure functions, one module a family of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from madoguchi.telephony.settings import Extension, TelephoneSettings

from . import asterisk_conf, extensions_conf, http_conf, modules_conf, pjsip_conf, small_confs

SECRET_FILES: frozenset[str] = frozenset({"ari.conf", "pjsip.conf", pjsip_conf.AGENTS_FILE})
"""Files that hold passwords: readable by their owner alone."""


def render_all(
    settings: TelephoneSettings,
    extensions: Sequence[Extension],
    telephones: Sequence[Extension],
    *,
    modules_dir: Path,
    present: Iterable[str] | None = None,
    extra_modules: Iterable[str] = (),
    away_guidance: str = "",
) -> dict[str, str]:
    """Return every configuration file by name.

    `extensions` are the communicators' telephones, `telephones` the test telephones. `present` names the
    modules that this Asterisk has (without `.so`), `extra_modules` further ones to load.
    """
    return {
        "asterisk.conf": asterisk_conf.render(settings, modules_dir=modules_dir),
        "modules.conf": modules_conf.render(present=present, extra_modules=extra_modules),
        "http.conf": http_conf.render_http(settings),
        "ari.conf": http_conf.render_ari(settings),
        "pjsip.conf": pjsip_conf.render(settings, telephones),
        pjsip_conf.AGENTS_FILE: pjsip_conf.render_agents(extensions),
        "extensions.conf": extensions_conf.render(settings, away_guidance=away_guidance),
        **small_confs.render_all(settings),
    }
