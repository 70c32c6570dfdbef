"""Public views that are not pages of the tree: verification, site map, health."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.images.models import Rendition
from wagtail.models import Page

from portal import clock
from portal.codes import normalise
from portal.outbox.upkeep import lateness
from portal.reporting import queries as editions

from .file_access import refuse_unless_served
from .models import CategoryPage, SiteContact, StandardPage
from .top_level import home_of, language
from .visibility import readable

LATE_SECONDS = 180
LARGEST_FILE = 30 * 1024 * 1024


def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a code that cannot be one is told, a right one leads to its page."""
    typed = request.GET.get("ma", "")[:60]
    error = ""
    if typed:
        code = normalise(typed)
        if code:
            return redirect("verify_code", code)
        error = _("This is not a code of ours. Check each character; the code has 12 of them.")
    context = {"typed": typed, "error": error, "extra_crumbs": [(_("Verification"), "")]}
    return render(request, "site_pages/verify.html", context, status=422 if error else 200)


@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm an edition by its code, and compare a file with it (hashed, kept nowhere)."""
    edition = editions.published_by_code(code)
    context = {
        "code": code,
        "edition": edition,
        "extra_crumbs": [(_("Verification"), "")],
        "correction": editions.correction_of(edition) if edition else None,
        "gives_files": bool(edition) and editions.gives_files(edition),
    }
    if edition and request.method == "POST":
        context |= _compare(request, edition)
    return render(request, "site_pages/verified.html", context, status=200 if edition else 404)


def _compare(request: HttpRequest, edition) -> dict[str, object]:
    file = request.FILES.get("tep")
    if file is None:
        return {"error": _("Choose the PDF file that you want to compare.")}
    if file.size > LARGEST_FILE:
        return {"error": _("The file is larger than 30 MB; it is not a report of ours.")}
    return {"compared": True, "is_same": editions.is_same_file(edition, file.chunks())}


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Sections and standing pages as a nested list; items are found in their sections."""
    root = home_of(request)
    pages = readable(root.get_descendants()).filter(
        Q(depth=root.depth + 1) | Q(content_type__in=_standing())
    )
    levels = [{"page": page, "level": page.depth - root.depth} for page in pages.order_by("path")]
    context = {"levels": levels, "extra_crumbs": [(_("Site map"), "")]}
    return render(request, "site_pages/site_map.html", context)


def _standing() -> list[ContentType]:
    return list(ContentType.objects.get_for_models(CategoryPage, StandardPage).values())


@require_safe
def untranslated(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where the language switch leads from a page that the other language lacks."""
    page = get_object_or_404(readable(Page.objects.all()), pk=page_id)
    spoken = page.locale.language_code
    if spoken == language():
        return redirect(page.get_url(request))
    twin = readable(page.get_translations()).filter(locale__language_code=language()).first()
    if twin:
        return redirect(twin.get_url(request))
    section = (
        readable(page.get_parent().get_translations())
        .filter(locale__language_code=language())
        .first()
    )
    context = {
        "original": page.specific,
        "spoken": spoken,
        "section": section,
        "extra_crumbs": [(_("Not translated"), "")],
    }
    return render(request, "site_pages/untranslated.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /quan-tri/",
        *(
            f"Disallow: {prefix}{path}/"
            for prefix in ("/", "/en/")
            for path in ("tim-kiem", "xac-thuc", "chua-dich", "danh-gia")
        ),
        "",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def rendition(request: HttpRequest, path: str) -> HttpResponse:
    """A resized image of a public page; originals, documents and reports lie elsewhere."""
    drawn = get_object_or_404(Rendition.objects.select_related("image"), file=f"images/{path}")
    is_for_all = refuse_unless_served(drawn.image, request)
    response = serve(request, path, document_root=settings.MEDIA_ROOT / "images")
    # The name holds the hash of filter and file, so a browser may keep it; a cache that many
    # share asks again soon, for the page may have been withdrawn.
    response.headers["Cache-Control"] = (
        "public, max-age=604800, s-maxage=60" if is_for_all else "private, no-store"
    )
    return response


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    contact = SiteContact.for_request(request)
    page = f"{settings.BASE_URL}/lien-he/"
    expires = (clock.now() + timedelta(days=364)).replace(microsecond=0)
    lines = [
        "Contact: " + (f"mailto:{contact.email}" if contact.email else page),
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: vi, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and the outbox is not late."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        late = lateness().total_seconds()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    status = "ok" if late < LATE_SECONDS else "late"
    return JsonResponse({"status": status}, status=200 if status == "ok" else 503)
