"""Publishing a questionnaire: frozen, numbered, and from the opening on one in meaning."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .checks import problems
from .models import IndexDefinition, Survey, SurveyVersion
from .questionnaires import Question, read


class InvalidDefinition(ValueError):
    """`problems` names every fault and where it stands."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def canonical(definition: dict) -> bytes:
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def meaning(definition: dict) -> list:
    """What answers mean, without the words: who is asked what, codes, bounds and the index.

    Grids and shuffling only lay questions out; lengths of texts bound no figure.
    """
    questionnaire = read(definition)
    index = questionnaire.index
    sections = [
        (
            section.code,
            section.is_scored,
            section.show_if,
            [meaning_of(question) for question in section.questions],
        )
        for section in questionnaire.sections
    ]
    return [questionnaire.agency, index.items, index.satisfied, index.decimals, *sections]


def meaning_of(question: Question) -> tuple:
    """Code, kind, whether required, condition, then bounds and choices."""
    choices = [
        (
            choice.code,
            choice.is_na,
            choice.is_declined,
            choice.is_exclusive,
            choice.is_other,
        )
        for choice in question.choices
    ]
    bounds = (question.low, question.high, question.decimals, question.units)
    return (
        question.code, question.type, question.required, question.show_if, *bounds, choices
    )  # fmt: skip


@transaction.atomic
def publish_version(
    survey: Survey, definition: dict, now: datetime, *, is_mapped: bool = False
) -> SurveyVersion:
    """Freeze a definition as the survey's next version; the same definition is not doubled.

    From its opening on a survey's words may be mended: such versions are counted together.
    What its answers mean changes only where the caller says how the old ones compare
    (`building.publishing`); never silently.
    """
    faults = problems(definition)
    if faults:
        raise InvalidDefinition(faults)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    raw = canonical(definition)
    digest = hashlib.sha256(raw).hexdigest()
    current = current_version(survey)
    if current and current.sha256 == digest:
        return current
    if current and not is_mapped and changes_meaning(locked, current, definition, now):
        raise InvalidDefinition([_("the survey has opened: what its answers mean stays")])
    last = survey.versions.aggregate(n=Max("number"))["n"] or 0
    return SurveyVersion.objects.create(
        survey=survey,
        number=last + 1,
        definition=json.loads(raw),
        sha256=digest,
        published_at=now,
    )


def changes_meaning(
    survey: Survey, current: SurveyVersion, definition: dict, now: datetime
) -> bool:
    """Whether people may have answered already what now means something else."""
    return now >= survey.opens_at and meaning(definition) != meaning(current.definition)


def pooled(survey: Survey) -> QuerySet[SurveyVersion]:
    """The versions whose answers mean what the current one's do: counted together."""
    broken = SurveyVersion.objects.filter(survey=survey, mapped_from__earlier__survey=survey)
    last_break = broken.order_by("-number").values("number")[:1]
    return survey.versions.filter(number__gte=Coalesce(Subquery(last_break), 0))


def current_version(survey: Survey) -> SurveyVersion | None:
    return survey.versions.order_by("-number").first()


def version_on(page_survey_id: int) -> SurveyVersion | None:
    """The current version together with its survey, in one query."""
    return _with_survey(page_survey_id).first()


def version_measured(survey_id: int) -> SurveyVersion | None:
    """The current version with its survey, and whether an index was laid down beside its own."""
    laid_down = IndexDefinition.objects.filter(survey=OuterRef("survey"))
    return _with_survey(survey_id).annotate(has_definition=Exists(laid_down)).first()


def version_shown(page_survey_id: int, number: int) -> SurveyVersion | None:
    """The version of a form that was shown earlier; the current one if there is no such."""
    return _with_survey(page_survey_id).filter(number=number).first() or version_on(page_survey_id)


def _with_survey(survey_id: int) -> QuerySet[SurveyVersion]:
    versions = SurveyVersion.objects.filter(survey=survey_id).select_related("survey")
    return versions.order_by("-number")
