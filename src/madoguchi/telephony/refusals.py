"""What can stand in the way of an Asterisk, each with the sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

from madoguchi.kernel.errors import Refusal, Trouble

INSTALL = "apt-get update && apt-get install -y mmdebstrap debian-archive-keyring"


def no_disk_space(folder: Path, needed: int) -> Refusal:
    """Too little room for the root file system."""
    gigabytes = f"{needed / 1e9:.0f} GB"
    return Refusal(
        "no_disk_space",
        ja=f"ディスクの空きが足りません。{folder} のあるディスクに{gigabytes}以上の空きを作るか、"
        "環境変数 MADOGUCHI_CACHE で別のフォルダを指定して、もう一度実行してください。",
        en=f"There is not enough disk space. Free at least {gigabytes} on the disk of {folder}, or name another "
        "folder in the environment variable MADOGUCHI_CACHE, and run it again.",
    )


def tool_missing() -> Refusal:
    """mmdebstrap is not there and we may not install it."""
    return Refusal(
        "mmdebstrap_missing",
        ja=f"電話設備の用意に必要な mmdebstrap がありません。管理者 (root) に「{INSTALL}」の実行を依頼し、もう一度実行してください。",
        en=f"mmdebstrap, needed to prepare the telephone system, is missing. Ask an administrator (root) to run "
        f"“{INSTALL}”, then run this again.",
    )


def install_failed(last_line: str) -> Trouble:
    """apt-get could not install mmdebstrap."""
    return Trouble(
        "mmdebstrap_not_installed",
        ja=f"mmdebstrap をインストールできませんでした（{last_line}）。ネットワークを確かめ、管理者として「{INSTALL}」を実行してください。",
        en=f"mmdebstrap could not be installed ({last_line}). Check the network and run “{INSTALL}” as an administrator.",
    )


def no_network() -> Trouble:
    """The first start needs packages and nothing answers."""
    return Trouble(
        "no_network",
        ja="電話設備のダウンロードができませんでした。初回の起動にはインターネット接続が必要です。接続とプロキシの設定を確かめて、もう一度実行してください。",
        en="The telephone system could not be downloaded. The first start needs the internet: check the connection "
        "and the proxy settings, then run this again.",
    )


def unpacking_failed(last_line: str) -> Trouble:
    """mmdebstrap failed for another reason."""
    return Trouble(
        "asterisk_not_unpacked",
        ja=f"電話設備（Asterisk）を用意できませんでした：{last_line}。時間をおいて、もう一度実行してください。",
        en=f"The telephone system (Asterisk) could not be prepared: {last_line}. Try again in a while.",
    )


def port_in_use(kind: str, port: int) -> Refusal:
    """Somebody else listens where Asterisk should."""
    return Refusal(
        "port_in_use",
        ja=f"ポート {port}（{kind}）は別のプログラムが使っています。そのプログラムを止めるか、別のポートを指定して、もう一度実行してください。",
        en=f"Port {port} ({kind}) is in use by another program. Stop that program or choose another port, then run this again.",
    )


def too_old(version: str) -> Refusal:
    """The Asterisk that answers is not one that we work with."""
    return Refusal(
        "asterisk_too_old",
        ja=f"この Asterisk（{version}）は古すぎます。22 以降に更新するか、取り除いてください（取り除くと、窓口が自分用のものを用意します）。",
        en=f"This Asterisk ({version}) is too old. Update it to 22 or later, or remove it and Madoguchi prepares its own.",
    )


def module_missing(names: str) -> Refusal:
    """The host's Asterisk lacks parts that we cannot do without."""
    return Refusal(
        "asterisk_incomplete",
        ja=f"この Asterisk には必要な部品がありません：{names}。部品を追加するか、この Asterisk を取り除いてください"
        "（取り除くと、窓口が自分用のものを用意します）。",
        en=f"This Asterisk lacks modules that are needed: {names}. Add them, or remove this Asterisk and Madoguchi prepares its own.",
    )


def path_too_long(path: Path) -> Refusal:
    """Unix sockets have short names."""
    return Refusal(
        "path_too_long",
        ja=f"データフォルダのパスが長すぎます（{path}）。環境変数 MADOGUCHI_HOME でもっと短いフォルダを指定してください。",
        en=f"The data folder's path is too long ({path}). Name a shorter one in the environment variable MADOGUCHI_HOME.",
    )


def did_not_start(last_lines: str, log: Path) -> Trouble:
    """Asterisk ended, or never answered."""
    return Trouble(
        "asterisk_did_not_start",
        ja=f"電話設備（Asterisk）が起動しませんでした。ログ {log} を確かめてください。最後の記録：{last_lines}",
        en=f"The telephone system (Asterisk) did not start. See its log {log}. It last said: {last_lines}",
    )
