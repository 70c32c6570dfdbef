"""Files of an edition: public once published, before that for those who may see it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from .extras import NAMES, kind_named
from .kinds import kind_of
from .models import Edition, EditionFile
from .queries import gives_files, published_by_code

FOR_EVER = "public, max-age=31536000, immutable"
# What may be held back one day is asked for each time.
ASKED_EACH_TIME = "public, no-cache"


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


def _given_out(code: str) -> tuple[Edition, str]:
    """A public edition whose files may leave, and how long they may be kept."""
    edition = published_by_code(code)
    if edition is None or not gives_files(edition):
        raise Http404
    return edition, ASKED_EACH_TIME if kind_of(edition.kind).against else FOR_EVER


def edition_pdf(request: HttpRequest, code: str) -> HttpResponse:
    return file_response(request, *_given_out(code))


def edition_extra(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A public file of a published edition by its name, e.g. so-lieu.csv."""
    edition, cache_control = _given_out(code)
    kind = kind_named(name)
    extra = kind and edition.files.filter(kind=kind).first()
    if not extra:
        raise Http404
    return extra_response(request, extra, cache_control)
