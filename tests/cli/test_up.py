"""`madoguchi up` for real: one centre, started, wounded, healed, stopped and started again, in this order."""

from __future__ import annotations

import json
import os
import signal
import urllib.request

import pytest

from tests.cli.centres import CentreUnderTest, eventually

pytestmark = pytest.mark.scenario

PARTS = {"database", "asterisk", "mailsink", "switchboard", "worker", "serve"}


@pytest.mark.requirement("B4")
def test_it_prints_three_addresses_that_answer(centre: CentreUnderTest) -> None:
    addresses = centre.up()
    assert [address.rsplit(":", 1)[1].split("/", 1)[1] for address in addresses] == [
        "desk/",
        "office/telephone/",
        "office/",
    ]
    for address in addresses:
        with urllib.request.urlopen(address.replace("localhost", "127.0.0.1"), timeout=20) as answer:
            assert answer.status == 200


def test_the_doctor_finds_every_part_well(centre: CentreUnderTest) -> None:
    done = centre.run("doctor", "--json")
    findings = {finding["part"]: finding for finding in json.loads(done.stdout)}
    assert {part: finding["detail"] for part, finding in findings.items() if not finding["healthy"]} == {}
    assert len(findings) == 9
    assert done.returncode == 0


def test_no_secret_stands_in_a_command_line_or_a_log(centre: CentreUnderTest) -> None:
    secrets = list(json.loads((centre.home / "secrets.json").read_text()).values())
    said = [path.read_text(errors="replace") for path in (centre.home / "log").iterdir()]
    said.append(centre.talk.read_text())
    for pid in centre.processes().values():
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as words:
            said.append(words.read())
    assert len(secrets) >= 7
    assert [place for place in said if any(secret in place for secret in secrets)] == []


def test_a_second_one_is_told_that_there_is_a_first(centre: CentreUnderTest) -> None:
    done = centre.run("up")
    assert done.returncode == 1
    assert "running already" in done.stderr
    assert "すでに起動しています" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_call_to_a_programme_is_answered_and_one_to_nobody_is_not(centre: CentreUnderTest) -> None:
    done = centre.run("call", "0120-000-123", "--from", "03-1234-5678", "--say", "もしもし", "--seconds", "8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Ringing.",
        "Answered.",
        "Everything has been said.",
        "Ended. Cause 16: normal",
    ]
    nobody = centre.run("call", "0120-999-999", "--json")
    assert nobody.returncode == 1
    assert json.loads(nobody.stdout.splitlines()[-1])["cause"] == 1


@pytest.mark.requirement("B3")
@pytest.mark.parametrize("part", ["serve", "worker", "mailsink", "switchboard", "asterisk"])
def test_what_is_killed_is_started_again(centre: CentreUnderTest, part: str) -> None:
    victim = centre.processes()[part]
    os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: centre.processes().get(part, victim) != victim)
    assert eventually(lambda: all(centre.findings().values())), centre.talk.read_text()[-3000:]


@pytest.mark.requirement("B3")
def test_a_killed_database_comes_back_and_so_do_those_who_lean_on_it(centre: CentreUnderTest) -> None:
    victim = postmaster(centre)
    os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: postmaster(centre) not in (victim, 0))
    assert eventually(lambda: centre.findings()["database"])
    done = centre.run("call", "0120-000-456", "--seconds", "6")
    assert done.returncode == 0, done.stdout + done.stderr
    assert eventually(lambda: all(centre.findings().values())), centre.talk.read_text()[-3000:]


def postmaster(centre: CentreUnderTest) -> int:
    """Return the process id of the database's first process; 0 while there is none."""
    try:
        return int((centre.home / "postgres/data/postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return 0


@pytest.mark.requirement("B3")
def test_a_killed_supervisor_leaves_the_calls_and_the_next_takes_them_over(centre: CentreUnderTest) -> None:
    asterisk = centre.processes()["asterisk"]
    centre.kill_supervisor()
    gone = eventually(lambda: set(centre.processes()) == {"asterisk"})
    assert gone, (centre.processes(), (centre.home / "log/database.log").read_text()[-2000:])
    centre.up()
    assert centre.processes()["switchboard"]
    with open(f"/proc/{asterisk}/cmdline", encoding="utf-8") as words:
        assert "asterisk.conf" in words.read()
    assert all(centre.findings().values())


def test_ctrl_c_stops_everything_and_leaves_no_process(centre: CentreUnderTest) -> None:
    assert set(centre.processes()) >= PARTS
    assert centre.interrupt() == 0
    assert centre.processes() == {}
    assert "The data are kept" in centre.talk.read_text()


def test_the_next_start_finds_the_data(centre: CentreUnderTest) -> None:
    before = centre.home.joinpath("secrets.json").read_text()
    assert centre.talk.read_text().count("The demo's data are there. ") == 1
    already = centre.talk.read_text().count("The demo's data are there already.")
    centre.up()
    assert centre.talk.read_text().count("The demo's data are there already.") == already + 1
    assert centre.home.joinpath("secrets.json").read_text() == before
    assert centre.interrupt() == 0
