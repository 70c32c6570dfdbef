"""Files of an edition: public once published, before that for those who may see it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from .extras import NAMES, kind_named
from .models import Edition, EditionFile
from .queries import published_by_code

FOR_EVER = "public, max-age=31536000, immutable"


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


def extra_response(request: HttpRequest, extra: EditionFile, cache_control: str) -> HttpResponse:
    """A file beside the PDF under its hash as ETag; what is no PDF is saved, not shown."""
    etag = f'"{extra.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    name, content_type = NAMES[extra.kind]
    stem, _, ending = name.rpartition(".")
    response = FileResponse(
        extra.file.open("rb"),
        content_type=content_type,
        as_attachment=ending != "pdf",
        filename=f"{stem}-{extra.edition.code}.{ending}",
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    return response


def edition_pdf(request: HttpRequest, code: str) -> HttpResponse:
    edition = published_by_code(code)
    if edition is None:
        raise Http404
    return file_response(request, edition, FOR_EVER)


def edition_extra(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A public file of a published edition by its name, e.g. so-lieu.csv."""
    edition, kind = published_by_code(code), kind_named(name)
    extra = edition and kind and edition.files.filter(kind=kind).first()
    if not extra:
        raise Http404
    return extra_response(request, extra, FOR_EVER)
