"""Playing a recording: looked up in the books, found in the recordings folder only, every access on record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from madoguchi.business.accounts.actions import audit
from madoguchi.business.calls.models import Call
from madoguchi.kernel.errors import Trouble
from madoguchi.web.office.guards import office_only
from madoguchi.web.office.ranges import Unsatisfiable, requested_span
from madoguchi.web.office.voices import Conversation, OneFile, Recording, UnreadableRecording
from madoguchi.web.shared.guards import SignedInRequest

BOTH = "both"
VOICES = (BOTH, "caller", "agent")
MEDIA_TYPE = "audio/wav"


@require_GET
@office_only
def recording(request: SignedInRequest, call_id: str, voice: str) -> HttpResponseBase:
    """Play one voice of a call or both; with `?download` as a file to keep."""
    if voice not in VOICES:
        raise Http404
    call = get_object_or_404(Call, pk=call_id)
    sound = _sound(call, voice)
    keep = "download" in request.GET
    audit(
        at=timezone.now(),
        user=request.user,
        action="calls.recording_downloaded" if keep else "calls.recording_played",
        object_type="calls.Call",
        object_id=call.pk,
        client_id=call.client_id,
        detail={"voice": voice, "range": request.headers.get("Range", "")[:60]},
    )
    response = _answer(request, sound)
    response["Cache-Control"] = "no-store"
    response["Accept-Ranges"] = "bytes"
    if keep:
        response["Content-Disposition"] = f'attachment; filename="{_file_name(call, voice)}"'
    return response


def _sound(call: Call, voice: str) -> Recording:
    files = {"caller": call.recording_caller, "agent": call.recording_agent}
    if voice != BOTH:
        return OneFile(recording_path(files[voice]))
    paths = [recording_path(name) for name in files.values() if name]
    if len(paths) < 2:
        return OneFile(recording_path(next(filter(None, files.values()), "")))
    try:
        return Conversation.open(caller=paths[0], agent=paths[1])
    except UnreadableRecording as error:
        raise Trouble(
            "recording_unreadable",
            ja=f"録音ファイル {error} を読み取れません。お客様と応答者の声を別々に再生してみてください。",
            en=f"The recording {error} cannot be read. Try to play the two voices one by one.",
        ) from error


def recording_path(name: str) -> Path:
    """Return the file of that name inside the recordings folder; raise Http404 for anything else."""
    folder = settings.MADOGUCHI_HOME.recordings.resolve()
    path: Path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder) or not path.is_file():
        raise Http404
    return path


def _answer(request: HttpRequest, sound: Recording) -> HttpResponseBase:
    size = sound.size
    try:
        span = requested_span(request.headers.get("Range"), size=size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span is None:
        whole = _paced(request, sound.pieces(0, size))
        return StreamingHttpResponse(whole, content_type=MEDIA_TYPE, headers={"Content-Length": str(size)})
    part = b"".join(sound.pieces(span.start, span.stop))
    place = f"bytes {span.start}-{span.stop - 1}/{size}"
    return HttpResponse(part, status=206, content_type=MEDIA_TYPE, headers={"Content-Range": place})


def _paced(request: HttpRequest, pieces: Iterator[bytes]) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Return the pieces in the way the server reads them: an async server must not be blocked by the disk."""
    return _in_threads(pieces) if isinstance(request, ASGIRequest) else pieces


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    def following() -> bytes | None:
        return next(pieces, None)

    while (piece := await sync_to_async(following, thread_sensitive=False)()) is not None:
        yield piece


def _file_name(call: Call, voice: str) -> str:
    return f"{timezone.localtime(call.arrived_at):%Y%m%d-%H%M%S}-{voice}.wav"
