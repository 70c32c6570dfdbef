"""The PDF of an edition: public once published, before that for those who may see it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from .models import Edition
from .queries import published_by_code


def file_response(request: HttpRequest, edition: Edition, cache_control: str) -> HttpResponse:
    """The stored file under its hash as ETag."""
    etag = f'"{edition.pdf_sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = FileResponse(
        edition.pdf.open("rb"),
        content_type="application/pdf",
        filename=f"bao-cao-{edition.code}.pdf",
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    return response


def edition_pdf(request: HttpRequest, code: str) -> HttpResponse:
    edition = published_by_code(code)
    if edition is None:
        raise Http404
    return file_response(request, edition, "public, max-age=31536000, immutable")
