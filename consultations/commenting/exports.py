"""Published opinions for machines: feed, CSV and JSON, from what readers see and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import feedgenerator, timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from site_pages.metadata import ATTRIBUTION
from site_pages.open_data import Column, Dataset, csv_of, json_of
from site_pages.top_level import language
from site_pages.visibility import readable

from ..models import ConsultationPage, PublicOpinion, RespondentKind
from . import reading

CHUNK = 500
NEWEST = 30
LONGEST_TITLE = 80


def all_rows() -> Iterator[dict[str, str]]:
    """Of every consultation that has a public page."""
    public = readable(ConsultationPage.objects.all()).values("consultation")
    rows = PublicOpinion.objects.filter(consultation__in=public)
    return told(rows.order_by("consultation", "opinion_id"))


def told(rows: QuerySet[PublicOpinion]) -> Iterator[dict[str, str]]:
    related = rows.select_related("consultation", "text_version", "provision", "agency")
    for row in related.iterator(chunk_size=CHUNK):
        yield {
            "number": str(row.pk),
            "consultation": row.consultation.code,
            "version": str(row.text_version.number) if row.text_version else "",
            "provision": str(row.provision) if row.provision else "",
            "provision_id": str(row.provision.uuid) if row.provision else "",
            "sent_as": row.respondent_kind,
            "name": row.name,
            "agency": row.agency.code if row.agency else "",
            "received_on": timezone.localdate(row.received_at).isoformat(),
            "opinion": row.text,
            "suggested_wording": row.suggested_text,
            "answers": _answers(row.answers),
            "group": str(row.group),
        }


def _answers(answers: Iterable[dict[str, object]]) -> str:
    return "\n".join(f"{said['number']}. {said['text']}" for said in answers)


DATASET = Dataset(
    slug="y-kien-gop-y",
    title=_("Opinions on drafts"),
    description=_(
        "Published opinions of people, businesses, organisations and agencies on drafts and "
        "topics of administrative reform; personal data in them is masked."
    ),
    columns=[
        Column("number", "integer", _("Number of the opinion")),
        Column("consultation", "string", _("Code of the consultation")),
        Column("version", "integer", _("Version of the draft")),
        Column("provision", "string", _("Provision")),
        Column("provision_id", "string", _("Permanent id of the provision")),
        Column("sent_as", "string", _("Who gives this opinion"), RespondentKind),
        Column("name", "string", _("Name, where it is shown")),
        Column("agency", "string", _("Code of the agency")),
        Column("received_on", "date", _("Day received")),
        Column("opinion", "string", _("Opinion")),
        Column("suggested_wording", "string", _("Suggested wording")),
        Column("answers", "string", _("Answers to the questions of the office")),
        Column("group", "integer", _("Number of the first opinion with nearly the same text")),
    ],
    rows=all_rows,
    key="number",
)


def as_csv(request: HttpRequest, page: ConsultationPage) -> HttpResponseBase:
    rows = told(reading.published(page.consultation))
    return csv_of(DATASET, rows, f"y-kien-{page.consultation.code}")


def as_json(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    return json_of(DATASET, told(reading.published(page.consultation)), page.title)


def feed(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    """The newest published opinions as RSS."""
    base = settings.BASE_URL
    made = feedgenerator.Rss201rev2Feed(
        title=_now("Opinions: %(title)s") % {"title": page.title},
        link=f"{base}{page.url}{page.reverse_subpage('opinions')}",
        description=page.abstract_text or page.title,
        language=language(),
        feed_url=f"{base}{request.path}",
        feed_copyright=ATTRIBUTION,
    )
    for row in reading.published(page.consultation)[:NEWEST]:
        path = page.reverse_subpage("published_opinion", args=[row.pk])
        words = row.text or row.suggested_text or _answers(row.answers)
        about = str(row.provision or page.consultation.whole)
        made.add_item(
            title=f"{about}: {words[:LONGEST_TITLE]}",
            link=f"{base}{page.url}{path}",
            description=f"{words}\n{ATTRIBUTION}",
            pubdate=row.published_at,
            unique_id=f"{base}{page.url}{path}",
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
