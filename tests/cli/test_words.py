"""What the command line says when something is wrong: a sentence in both languages, and what to do."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from madoguchi.cli.talk import language, say
from tests import commands_page
from tests.cli.centres import CentreUnderTest


def test_an_unknown_command_is_named_with_its_nearest_neighbour(empty_centre: CentreUnderTest) -> None:
    done = empty_centre.run("swichboard")
    assert done.returncode == 2
    assert "もしかして: switchboard" in done.stderr
    assert "Did you mean switchboard?" in done.stderr


def test_a_port_in_use_is_named_with_the_variable_that_moves_it(empty_centre: CentreUnderTest) -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        port = str(occupant.getsockname()[1])
        empty_centre.environment["MADOGUCHI_WEB_PORT"] = port
        done = empty_centre.run("up", "--demo")
    assert done.returncode == 1
    assert f"Port {port} for the pages is in use" in done.stderr
    assert "MADOGUCHI_WEB_PORT" in done.stderr
    assert f"ポート {port} は、ほかのプログラムが使っています" in done.stderr
    assert "Traceback" not in done.stderr
    assert empty_centre.processes() == {}


def test_what_is_no_port_is_refused(empty_centre: CentreUnderTest) -> None:
    empty_centre.environment["MADOGUCHI_WEB_PORT"] = "eighty"
    done = empty_centre.run("serve")
    assert done.returncode == 1
    assert "MADOGUCHI_WEB_PORT is 'eighty', which is no port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_without_its_database_says_how_to_start_it(empty_centre: CentreUnderTest) -> None:
    done = empty_centre.run("demo")
    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "madoguchi up" in done.stderr
    assert "データベースにつながりません" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_doctor_of_nothing_finds_it_all_unwell_and_says_so(empty_centre: CentreUnderTest) -> None:
    done = empty_centre.run("doctor")
    assert done.returncode == 1
    assert done.stdout.count("NG") == 8
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", ["abc", "", "0120-000-123-456-789-000", "０１２０"])
def test_what_is_no_number_is_not_called(empty_centre: CentreUnderTest, number: str) -> None:
    done = empty_centre.run("call", number)
    assert done.returncode == 1
    assert "電話番号ではありません" in done.stderr
    assert "is no telephone number" in done.stderr


def test_a_call_without_asterisk_says_how_to_start_it(empty_centre: CentreUnderTest) -> None:
    done = empty_centre.run("call", "0120-000-123")
    assert done.returncode == 1
    assert "Asterisk cannot be reached" in done.stderr


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C.UTF-8", "MADOGUCHI_LANGUAGE": "ja"}, "ja"),
    ],
)
def test_the_environment_decides_the_language(environment: dict[str, str], spoken: str) -> None:
    assert language(environment) == spoken


def test_a_terminal_that_is_gone_keeps_nobody_from_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    gone = os.fdopen(theirs, "w")
    os.close(ours)
    monkeypatch.setattr(sys, "stderr", gone)
    say("止めています。", "Stopping.")
    with pytest.raises(OSError, match="Input/output error"):  # what was to be said is still on its way
        gone.close()


def test_every_command_has_help_with_an_example_and_the_page_is_fresh() -> None:
    """Made anew by: python -m tests.commands_page."""
    page = commands_page.render()
    assert page.count("Example: madoguchi ") == page.count("\n## ")
    assert commands_page.PAGE.read_text(encoding="utf-8") == page
