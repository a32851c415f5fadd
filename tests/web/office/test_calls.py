"""The list of calls, one call, and its recording."""

from __future__ import annotations

import io
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser
from django.utils import timezone

from madoguchi.business.accounts.models import AuditEntry
from madoguchi.business.calls.models import Call
from madoguchi.web.office.call_list import row_of
from tests.web.office.day import Day, voice

pytestmark = pytest.mark.django_db

PAGE = "/office/calls/"


@pytest.fixture
def recorded(midori_day: Day) -> Call:
    """A call of which both voices are kept."""
    folder: Path = django_settings.MADOGUCHI_HOME.recordings
    voice(folder / "2026" / "caller.wav", seconds=2, level=1000)
    voice(folder / "2026" / "agent.wav", seconds=2, level=-500)
    return midori_day.call(20, recording_caller="2026/caller.wav", recording_agent="2026/agent.wav")


def ids(browser: Browser, **query: Any) -> list[str]:
    return [row.call.pk for row in browser.get(PAGE, query).context["rows"]]


def test_the_newest_call_stands_first_with_its_times(yamada_browser: Browser, midori_day: Day) -> None:
    midori_day.call(30, wait_s=6, talk_s=241)
    midori_day.missed(10, caller="0355556666")
    assert ids(yamada_browser) == [midori_day.calls[1].pk, midori_day.calls[0].pk]
    page = yamada_browser.get(PAGE).content.decode()
    for shown in ("佐藤 花子", "090-1234-5678", "0120-000-123", "0:06", "4:01", "0:40", "放棄", "応答済み"):
        assert shown in page


def test_an_unanswered_call_has_waited_until_the_caller_gave_up(midori_day: Day) -> None:
    row = row_of(midori_day.missed(10))
    assert (row.wait_s, row.talk_s, row.wrap_up_s, row.is_missed) == (48, None, None, True)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"text": "090-1234"}, {0}),
        ({"text": "佐藤"}, {0}),
        ({"text": "注文"}, {0, 1}),
        ({"text": "0120000123"}, {0, 1}),
        ({"disposition": "abandoned"}, {1}),
        ({"agent": "sato"}, {0}),
        ({"client": "midori"}, {0, 1}),
        ({"since": "tomorrow"}, set()),
        ({"until": "today"}, {0, 1}),
    ],
)
def test_the_list_is_narrowed(
    query: dict[str, str], seen: set[int], yamada_browser: Browser, midori_day: Day
) -> None:
    calls = [midori_day.call(2), midori_day.missed(1)]
    today = timezone.localdate()
    words = {
        "sato": str(midori_day.agent.pk), "midori": str(midori_day.client_id),
        "today": today.isoformat(), "tomorrow": (today + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    found = ids(yamada_browser, **{name: words.get(wished, wished) for name, wished in query.items()})
    assert set(found) == {calls[index].pk for index in seen}


@pytest.mark.parametrize("sort", ["arrived", "wait", "talk", "held", "agent", "programme"])
def test_the_list_is_sorted_both_ways(
    sort: str, yamada_browser: Browser, midori_day: Day, suzuki: Any
) -> None:
    midori_day.call(30, wait_s=9, talk_s=10, held_s=3)
    midori_day.call(20, wait_s=3, talk_s=90, held_s=0, agent=suzuki)
    upwards, downwards = ids(yamada_browser, sort=sort), ids(yamada_browser, sort=f"-{sort}")
    assert set(upwards) == set(downwards) == {call.pk for call in midori_day.calls}
    assert sort == "programme" or upwards == downwards[::-1]


@pytest.mark.parametrize("query", ["disposition=eaten", "agent=x", "until=x", "sort=caller", "page=-1"])
def test_a_filter_that_nobody_can_mean_is_a_bad_request(query: str, yamada_browser: Browser) -> None:
    assert yamada_browser.get(f"{PAGE}?{query}").status_code == 400


def test_an_empty_list_says_what_will_come(yamada_browser: Browser) -> None:
    assert "通話はまだありません" in yamada_browser.get(PAGE).content.decode()


def test_one_call_tells_its_story(yamada_browser: Browser, recorded: Call) -> None:
    page = yamada_browser.get(f"{PAGE}{recorded.pk}/").content.decode()
    assert "お客様の声だけ" in page
    assert f"{PAGE}{recorded.pk}/recording/both/" in page


def test_a_call_without_recording_says_so(yamada_browser: Browser, midori_day: Day) -> None:
    assert "録音はありません" in yamada_browser.get(f"{PAGE}{midori_day.call(3).pk}/").content.decode()


@pytest.mark.requirement("Y3")
def test_both_voices_are_played_in_stereo_and_each_access_is_on_record(
    yamada_browser: Browser, recorded: Call
) -> None:
    answer = yamada_browser.get(f"{PAGE}{recorded.pk}/recording/both/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/wav")
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert len(content) == int(answer.headers["Content-Length"])
    with wave.open(io.BytesIO(content)) as sound:
        frames = np.frombuffer(sound.readframes(1), dtype="<i2")
        assert (sound.getnchannels(), sound.getnframes(), frames.tolist()) == (2, 16_000, [1000, -500])
    entry = AuditEntry.objects.get(action="calls.recording_played")
    assert (entry.user_id, entry.object_id, entry.client_id, entry.detail["voice"]) == (
        int(yamada_browser.session["_auth_user_id"]), recorded.pk, recorded.client_id, "both",
    )  # fmt: skip


@pytest.mark.requirement("Y3")
def test_a_voice_is_wound_to_and_fro(yamada_browser: Browser, recorded: Call) -> None:
    whole = (django_settings.MADOGUCHI_HOME.recordings / recorded.recording_agent).read_bytes()
    address = f"{PAGE}{recorded.pk}/recording/agent/"
    part = yamada_browser.get(address, headers={"Range": "bytes=44-51"})
    assert (part.status_code, part.content) == (206, whole[44:52])
    assert part.headers["Content-Range"] == f"bytes 44-51/{len(whole)}"
    beyond = yamada_browser.get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert AuditEntry.objects.filter(action="calls.recording_played").count() == 2


@pytest.mark.requirement("Y3")
def test_a_download_is_a_file_and_is_on_record_as_one(tanaka_browser: Browser, recorded: Call) -> None:
    answer = tanaka_browser.get(f"{PAGE}{recorded.pk}/recording/caller/?download")
    started = timezone.localtime(recorded.arrived_at)
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="{started:%Y%m%d-%H%M%S}-caller.wav"'
    )
    assert b"".join(answer.streaming_content)[:4] == b"RIFF"  # type: ignore[arg-type]
    assert AuditEntry.objects.filter(action="calls.recording_downloaded", object_id=recorded.pk).exists()


def test_where_only_one_voice_is_kept_both_means_that_one(yamada_browser: Browser, recorded: Call) -> None:
    Call.objects.filter(pk=recorded.pk).update(recording_agent="")
    answer = yamada_browser.get(f"{PAGE}{recorded.pk}/recording/both/")
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert content == (django_settings.MADOGUCHI_HOME.recordings / "2026/caller.wav").read_bytes()
    assert yamada_browser.get(f"{PAGE}{recorded.pk}/recording/agent/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../secrets.json", "/etc/passwd", "2026", "nothing.wav", "2026/../../secrets.json", "link/secrets.json"],
)
def test_no_path_leads_out_of_the_recordings_folder(
    path: str, yamada_browser: Browser, midori_day: Day
) -> None:
    folder: Path = django_settings.MADOGUCHI_HOME.recordings
    (folder / "2026").mkdir(parents=True, exist_ok=True)
    if not (folder / "link").is_symlink():
        (folder / "link").symlink_to(folder.parent)
    assert (folder.parent / "secrets.json").is_file()
    call = midori_day.call(9, recording_caller=path, recording_agent=path)
    for wished in ("both", "caller", "agent"):
        assert yamada_browser.get(f"{PAGE}{call.pk}/recording/{wished}/").status_code == 404
    assert not AuditEntry.objects.filter(action__startswith="calls.recording").exists()


def test_a_broken_file_is_named_with_what_to_do(yamada_browser: Browser, recorded: Call) -> None:
    (django_settings.MADOGUCHI_HOME.recordings / "2026" / "agent.wav").write_bytes(b"no sound")
    answer = yamada_browser.get(f"{PAGE}{recorded.pk}/recording/both/")
    assert answer.status_code == 503
    assert "別々に再生" in answer.content.decode()


def test_what_is_not_there_is_not_found(yamada_browser: Browser, recorded: Call) -> None:
    assert yamada_browser.get(f"{PAGE}no-such-call/").status_code == 404
    assert yamada_browser.get(f"{PAGE}no-such-call/recording/both/").status_code == 404
    assert yamada_browser.get(f"{PAGE}{recorded.pk}/recording/third/").status_code == 404


@pytest.mark.requirement("K4")
@pytest.mark.requirement("Y3")
def test_strangers_may_not(sato_browser: Browser, midori_browser: Browser, recorded: Call) -> None:
    paths = (PAGE, f"{PAGE}{recorded.pk}/", f"{PAGE}{recorded.pk}/recording/both/")
    for path in paths:
        assert sato_browser.get(path).status_code == 403
        assert midori_browser.get(path).status_code == 403
        assert Browser().get(path).headers["Location"].startswith("/sign-in/")
    assert not AuditEntry.objects.filter(action__startswith="calls.recording").exists()


def test_the_wrong_verb_is_told_so(yamada_browser: Browser, recorded: Call) -> None:
    for path in (PAGE, f"{PAGE}{recorded.pk}/", f"{PAGE}{recorded.pk}/recording/both/"):
        assert yamada_browser.post(path).status_code == 405
