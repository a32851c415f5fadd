"""The async server sends the same sound, without blocking on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.test import AsyncClient

from madoguchi.business.accounts.models import User
from tests.web.office.day import Day, voice


@pytest.mark.django_db(transaction=True)
async def test_a_whole_recording_arrives_in_pieces(midori_day: Day, yamada: User) -> None:
    folder: Path = django_settings.MADOGUCHI_HOME.recordings
    path = voice(folder / "long.wav", seconds=10)
    call = await sync_to_async(midori_day.call)(15, recording_caller="long.wav")
    browser = AsyncClient()
    await browser.aforce_login(yamada)
    answer: Any = await browser.get(f"/office/calls/{call.pk}/recording/caller/")
    pieces = [piece async for piece in answer.streaming_content]
    assert len(pieces) == 3
    assert b"".join(pieces) == path.read_bytes()
