"""A survey with its pages, and people who answer it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from portal import clock
from satisfaction import drafting, submission
from satisfaction.models import Draft, Response, Survey
from satisfaction.pages import SurveyPage, SurveysPage
from satisfaction.questionnaires import read, template
from satisfaction.reading import read_section
from satisfaction.versions import publish_version
from site_pages import tree

OPENS = datetime.fromisoformat("2026-11-01T00:00:00+07:00")
CLOSES = datetime.fromisoformat("2026-12-01T00:00:00+07:00")
NOON = "2026-11-20 12:00"


def make_survey(code: str = "hai-long", **fields) -> Survey:
    survey = Survey.objects.create(
        code=code,
        title=template("sipas_service")["title"]["vi"],
        **{"opens_at": OPENS, "closes_at": CLOSES, **fields},
    )
    publish_version(survey, template("sipas_service"), survey.opens_at)
    return survey


def make_page(survey: Survey) -> SurveyPage:
    """The survey's page in both languages, in the real tree."""
    tree.lay()
    parent = SurveysPage.objects.get(locale__language_code="vi")
    page = parent.add_child(
        instance=SurveyPage(title=survey.title, slug=survey.code, survey=survey)
    )
    english = parent.get_translations().get()
    tree.publish_translation(page, english.locale, {"title": "How satisfied are you?"})
    return page


def answers(level: int = 4, agency: str = "SNV", **others: str) -> dict[str, str]:
    """A whole form: every item at one level."""
    questionnaire = read(template("sipas_service"))
    items = {item: str(level) for item in questionnaire.index.items}
    return {"agency": agency, **items, **others}


def begin(survey: Survey, data: dict[str, str]) -> tuple[str, Draft]:
    key, draft = drafting.start(survey, uuid.uuid4())
    for section in read(draft.version.definition).sections:
        reading = read_section(section, data)
        draft = drafting.save_section(draft.pk, section, reading.answers)
    return key, draft


def respond(survey: Survey, data: dict[str, str] | None = None, seconds: int = 300) -> Response:
    """One citizen's response through the verbs, `seconds` after beginning."""
    now = clock.now()
    with clock.stopped_at(now - timedelta(seconds=seconds)):
        _key, draft = begin(survey, data or answers())
    with clock.stopped_at(now):
        receipt = submission.submit(draft.pk)
    return Response.objects.get(receipt_code=receipt)


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))
