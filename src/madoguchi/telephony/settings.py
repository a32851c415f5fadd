"""What one Asterisk of ours is told: folders, ports, secrets. Values only; nothing here touches a disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TelephoneSettings:
    """One Asterisk server: where it lives, where it listens, who may talk to it."""

    asterisk_dir: Path
    """Its own folder: configuration, run files, database, logs."""
    recordings_dir: Path
    """Recordings of calls; a recording's name is a path below it."""
    prompts_dir: Path
    """Spoken sentences and music, made by us."""
    root_dir: Path | None
    """The provisioned root file system; None where the host's own Asterisk is used."""
    http_port: int
    """TCP port of ARI and of the browser telephones' WebSocket."""
    sip_port: int
    """UDP port of the trunk."""
    rtp_first: int
    rtp_last: int
    ari_user: str
    ari_password: str = field(repr=False)
    app: str = "madoguchi"
    """Name of the Stasis application that receives the calls."""
    bind: str = "127.0.0.1"
    """Address that every port listens on."""
    trunk_peers: tuple[str, ...] = ("127.0.0.1",)
    """Addresses or networks that may send us calls; nobody else can."""
    hostname: str | None = None
    """Public name or address told to the trunk in SIP and SDP, where we stand behind address translation."""

    @property
    def address(self) -> str:
        """Where our own processes on this machine find the server."""
        return "127.0.0.1" if self.bind == "0.0.0.0" else self.bind

    @property
    def etc_dir(self) -> Path:
        """Where the configuration files are written."""
        return self.asterisk_dir / "etc"


@dataclass(frozen=True, slots=True)
class Extension:
    """One browser telephone: its SIP name and its password."""

    name: str
    password: str = field(repr=False)


def agent_endpoint(agent: int) -> str:
    """Return the endpoint name of a communicator's telephone."""
    return f"agent-{agent}"
