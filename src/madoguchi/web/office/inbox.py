"""The local mail sink's inbox: what a client would find in its mailbox. The demo only."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_safe

from madoguchi.business.accounts.actions import audit
from madoguchi.business.correspondence import sink
from madoguchi.business.handover.delivery import secrets
from madoguchi.business.handover.delivery.models import Way
from madoguchi.web.office.guards import demo_only, office_only
from madoguchi.web.shared.guards import SignedInRequest

NEWEST = 100


@require_safe
@demo_only
@office_only
def inbox(request: SignedInRequest) -> HttpResponse:
    letters = sink.letters(settings.MADOGUCHI_HOME.mail, limit=NEWEST)
    context = {"letters": letters, "newest": NEWEST}
    template = "office/_letters.html" if request.headers.get("HX-Request") else "office/inbox.html"
    return render(request, template, context)


@require_safe
@demo_only
@office_only
def letter(request: SignedInRequest, letter_id: str) -> HttpResponse:
    found = sink.letter(settings.MADOGUCHI_HOME.mail, letter_id)
    return render(
        request, "office/letter.html", {"letter": found, "password": agreed_password(found.recipient)}
    )


def agreed_password(recipient: str) -> str:
    """Return the password that the files to an address open with, so that a newcomer can look inside one."""
    way = Way.objects.filter(recipient=recipient, is_active=True).order_by("pk").first()
    return secrets.opened(way.password_encrypted) if way else ""


@require_GET
@demo_only
@office_only
def attachment(request: SignedInRequest, letter_id: str, position: int) -> HttpResponse:
    """Hand out one attachment as it was sent; the file stays encrypted."""
    found = sink.letter(settings.MADOGUCHI_HOME.mail, letter_id)
    if not 1 <= position <= len(found.parts):
        raise Http404
    part = found.parts[position - 1]
    audit(
        at=timezone.now(),
        user=request.user,
        action="correspondence.attachment_downloaded",
        object_type="correspondence.Letter",
        object_id=found.id,
        detail={"position": position, "message_id": found.message_id},
    )
    disposition = content_disposition_header(as_attachment=True, filename=part.name or f"{position}.bin")
    headers = {"Content-Disposition": disposition or "attachment", "Cache-Control": "no-store"}
    return HttpResponse(part.content, content_type="application/octet-stream", headers=headers)
