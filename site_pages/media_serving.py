"""Sound and film in pieces: a player asks for a range, a phone never loads the whole."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from wagtail.documents.models import Document

MEDIA = {"mp3", "m4a", "mp4", "webm"}
PIECE = 2 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def serve_range(document: Document, request: HttpRequest) -> HttpResponse | None:
    """Answer a Range request for sound or film; None leaves it to Wagtail's own view."""
    if document.file_extension.lower() not in MEDIA or "Range" not in request.headers:
        return None
    size = document.file.size
    span = _span(request.headers["Range"], size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    with document.file.open("rb") as file:
        file.seek(start)
        response = HttpResponse(
            file.read(end - start + 1), status=206, content_type=document.content_type
        )
    response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for (RFC 9110, 14.1.2); None for what cannot be."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    # A server may give less than was asked for; the player asks on.
    return (start, min(end, start + PIECE - 1)) if start <= end < size else None
