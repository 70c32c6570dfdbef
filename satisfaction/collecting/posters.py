"""Posters with the QR code of a counter: one A4 page each, one PDF for many, made in the queue."""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.draining import Refused
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.reporting import qr
from portal.reporting.pdf import to_pdf

from ..models import Channel, Collector, PosterBatch, PosterState, Survey
from ..questionnaires import read
from ..versions import current_version
from ..window import last_minute
from . import reading_time
from .collectors import address_of
from .invitations import page_of

logger = logging.getLogger(__name__)

KIND = "satisfaction.posters"
MOST = 300


@transaction.atomic
def order(survey: Survey, collectors: QuerySet[Collector], user: User) -> PosterBatch:
    """Ask for the posters of these collectors; the queue draws them."""
    if not user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied
    chosen = list(collectors.filter(survey=survey, channel=Channel.QR, ended_at__isnull=True))
    if not chosen:
        raise ValidationError(_("Choose at least one QR code that is in use."))
    if len(chosen) > MOST:
        raise ValidationError(_("At most %(most)s posters at once.") % {"most": MOST})
    if page_of(survey) is None:
        raise ValidationError(_("Publish the page of the survey first: the codes lead there."))
    batch = PosterBatch.objects.create(survey=survey, ordered_by=user, ordered_at=clock.now())
    batch.collectors.set(chosen)
    send(KIND, str(batch.pk), batch_id=batch.pk)
    log(batch, "satisfaction.posters.order", user=user, data={"count": len(chosen)})
    return batch


def make(row: OutboxRow) -> None:
    """Outbox handler. Made twice it is the same file; what is ready is left alone."""
    batch = PosterBatch.objects.select_related("survey").get(pk=row.payload["batch_id"])
    if batch.state != PosterState.ORDERED:
        return
    try:
        html, pages = render(batch)
        pdf = to_pdf(html, now=batch.ordered_at)
    except Exception as error:
        logger.exception("posters %s could not be made", batch.pk)
        give_up(batch.pk)
        raise Refused("posters") from error
    _keep(batch.pk, pdf, pages)


@transaction.atomic
def _keep(batch_id: int, pdf: bytes, pages: int) -> None:
    batch = PosterBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != PosterState.ORDERED:
        return
    batch.pdf.save(f"ma-qr-{batch.survey_id}-{batch.pk}.pdf", ContentFile(pdf), save=False)
    batch.pages, batch.state = pages, PosterState.READY
    batch.save(update_fields=["pdf", "pages", "state"])


def lose(row: OutboxRow) -> None:
    give_up(row.payload["batch_id"])


def give_up(batch_id: int) -> None:
    PosterBatch.objects.filter(pk=batch_id, state=PosterState.ORDERED).update(
        state=PosterState.FAILED
    )


def render(batch: PosterBatch) -> tuple[str, int]:
    """The posters as one HTML document, and how many pages they are."""
    page = page_of(batch.survey)
    version = current_version(batch.survey)
    rows = list(batch.collectors.select_related("agency").order_by("agency", "place", "pk"))
    with translation.override("vi"):
        posters = [_poster(collector, address_of(collector, page)) for collector in rows]
        context = {
            "title": batch.survey.title,
            "posters": posters,
            "minutes": reading_time.minutes(read(version.definition)) if version else 0,
            "last_minute": last_minute(batch.survey),
        }
        html = render_to_string("satisfaction/collecting/posters.html", context)
    return html, len(rows)


def _poster(collector: Collector, address: str) -> dict[str, object]:
    title = _("QR code that leads to the survey about %(agency)s") % {"agency": collector.agency}
    return {
        "collector": collector,
        "address": address.partition("://")[2],
        "qr": qr.svg(address, title),
    }
