"""Static files, straight from the packages' folders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse  # noqa: TID251  (a middleware is HTTP, and no page)
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]  # it has no types
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]  # it has no types


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # untyped parent
    """WhiteNoise, with files answered whole.

    WhiteNoise streams them with a plain iterator, which Django under ASGI warns of and reads whole anyway.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
