"""The public addresses of one consultation."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from . import queries, reading, window, wording
from .calendars import entry
from .comparison import compare as compared
from .models import Attachment, ConsultationPage, DraftText, Provision, TextState


def consultation(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    if "in" in request.GET:
        return page.printed(request)
    return TemplateResponse(request, page.template, page.get_context(request))


def _public_text(page: ConsultationPage, number: int) -> DraftText:
    text = queries.public_texts(page.consultation_id).filter(number=number).first()
    if text is None:
        raise Http404
    return text


def version(request: HttpRequest, page: ConsultationPage, number: int) -> HttpResponse:
    """A version by its number; its address stays when newer ones come."""
    _public_text(page, number)
    context = {
        **page.frame_context(request),
        **reading.page_context(page, number),
        "is_version": True,
        "extra_crumbs": [(_("Version %(number)d") % {"number": number}, "")],
    }
    return TemplateResponse(request, page.template, context)


def compare(request: HttpRequest, page: ConsultationPage, before: int, after: int) -> HttpResponse:
    """What the newer of two versions says otherwise."""
    if before >= after:
        raise Http404
    old, new = _public_text(page, before), _public_text(page, after)
    changes = compared(old, new)
    shows_all = "tat-ca" in request.GET
    context = {
        **page.frame_context(request),
        "before": old,
        "after": new,
        "changes": [change for change in changes if shows_all or not change.is_same],
        "same": sum(1 for change in changes if change.is_same),
        "shows_all": shows_all,
        "extra_crumbs": [(_("Compare versions"), "")],
    }
    return TemplateResponse(request, "consultations/compare.html", context)


def provision(request: HttpRequest, page: ConsultationPage, uuid: UUID) -> HttpResponse:
    """The permanent address of a provision leads to its place in its version."""
    row = Provision.objects.filter(
        uuid=uuid,
        text_version__consultation=page.consultation_id,
        text_version__state=TextState.PUBLISHED,
    )
    found = row.select_related("text_version").first()
    if found is None:
        raise Http404
    number = found.text_version.number
    address = page.url + page.reverse_subpage("version", args=[number])
    return redirect(f"{address}#muc-{found.anchor}")


def attachment(request: HttpRequest, page: ConsultationPage, attachment_id: int) -> HttpResponse:
    """A document beside a public version."""
    row = Attachment.objects.filter(
        pk=attachment_id,
        text_version__consultation=page.consultation_id,
        text_version__state=TextState.PUBLISHED,
    ).first()
    if row is None:
        raise Http404
    return _file(row.file, f"{row.title}.{row.ending}")


def _file(file: FieldFile, name: str) -> FileResponse:
    """Always a download: nothing that was uploaded is drawn at the portal's own address."""
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name)


def calendar(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    """The window for people's calendars."""
    told = window.of(page.consultation)
    if told.opens_at is None:
        raise Http404
    url = settings.BASE_URL + page.url
    uid = f"lay-y-kien-{page.consultation_id}@{settings.BASE_URL.split('//')[1]}"
    text = entry(uid, page.title, wording.sentence(told), url, told)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{page.slug}.ics"'
    return response
