"""Whether the ports that we are to listen on are free, said by the name of the variable that moves them."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.config.home import Ports
from madoguchi.kernel.errors import Refusal
from madoguchi.telephony.server import port_free


@dataclass(frozen=True, slots=True)
class Wanted:
    """One port that one of our processes listens on."""

    variable: str
    port: int
    ja: str
    en: str
    kind: socket.SocketKind = socket.SOCK_STREAM


def web_port(ports: Ports) -> Wanted:
    return Wanted("MADOGUCHI_WEB_PORT", ports.web, "画面", "the pages")


def mail_port(ports: Ports) -> Wanted:
    return Wanted("MADOGUCHI_MAIL_PORT", ports.mail, "メールの受信箱", "the mail sink")


def asterisk_ports(ports: Ports) -> tuple[Wanted, Wanted]:
    """Return Asterisk's two: ARI with the browsers' telephones, and the trunk."""
    return (
        Wanted(
            "MADOGUCHI_ASTERISK_HTTP_PORT", ports.asterisk_http, "ブラウザー電話", "the browser telephones"
        ),
        Wanted("MADOGUCHI_SIP_PORT", ports.sip, "電話回線(SIP)", "the trunk (SIP)", socket.SOCK_DGRAM),
    )


def taken(wanted: Iterable[Wanted], host: str = "127.0.0.1") -> list[Wanted]:
    """Return those that somebody else listens on."""
    return [one for one in wanted if not port_free(host, one.port, one.kind)]


def refuse_taken(taken: Iterable[Wanted]) -> None:
    """Raise `Refusal` that names the first port in the list; do nothing when there is none."""
    for one in taken:
        raise Refusal(
            "port_in_use",
            ja=f"{one.ja}のポート {one.port} は、ほかのプログラムが使っています。"
            f"そのプログラムを止めるか、環境変数 {one.variable} で別の番号を指定してください。",
            en=f"Port {one.port} for {one.en} is in use by another program. "
            f"Stop that program, or set {one.variable} to another port.",
        )
