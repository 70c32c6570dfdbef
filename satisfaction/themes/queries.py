"""Reading side of the themes: what the admin shows, and what a report may say."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from portal.rules.values import value

from ..models import ResponseStatus, Survey, TextAnswer, Theme, ThemeGrouping, ThemeState
from ..questionnaires import WRITTEN, read
from ..suppression import hidden
from ..versions import current_version

# A text that is in no approved theme.
REST = 0


@dataclass(frozen=True)
class ApprovedTheme:
    """`responses` is None where too few wrote so to be shown; then nothing is quoted either."""

    question: str
    name: str
    responses: int | None
    quotes: tuple[str, ...]


def approved(survey: Survey) -> list[ApprovedTheme]:
    """Approved themes of a survey, the largest first within a question."""
    k = int(value("survey.suppression_k").integer)
    found: list[ApprovedTheme] = []
    for grouping in survey.groupings.order_by("question"):
        found += _approved_of(grouping, k)
    return found


def _approved_of(grouping: ThemeGrouping, k: int) -> list[ApprovedTheme]:
    themes = list(
        _counted(grouping.themes.filter(state=ThemeState.APPROVED)).prefetch_related("quotes")
    )
    written = _texts(grouping).count()
    cells = {theme.pk: theme.n for theme in themes}
    secret = hidden({**cells, REST: written - sum(cells.values())}, k)
    rows = [
        ApprovedTheme(
            grouping.question,
            theme.name,
            None if theme.pk in secret else theme.n,
            () if theme.pk in secret else tuple(quote.excerpt for quote in theme.quotes.all()),
        )
        for theme in themes
    ]
    return sorted(rows, key=lambda row: (-(row.responses or 0), row.name))


def _counted(themes):
    valid = Q(members__text__response__status=ResponseStatus.VALID)
    return themes.annotate(n=Count("members", filter=valid))


def _texts(grouping: ThemeGrouping):
    return TextAnswer.objects.filter(
        response__survey=grouping.survey_id,
        response__status=ResponseStatus.VALID,
        question=grouping.question,
    )


@dataclass(frozen=True)
class TextQuestion:
    code: str
    label: str
    written: int
    grouping: ThemeGrouping | None
    themes: list[Theme]
    rest: int


def questions_of(survey: Survey) -> list[TextQuestion]:
    """Questions that people answer in their own words, with what became of the words."""
    version = current_version(survey)
    if version is None:
        return []
    counts = dict(
        TextAnswer.objects.filter(response__survey=survey, response__status=ResponseStatus.VALID)
        .values_list("question")
        .annotate(n=Count("pk"))
        .order_by("question")
    )
    groupings = {grouping.question: grouping for grouping in survey.groupings.all()}
    themes: dict[int, list[Theme]] = {}
    for theme in _counted(Theme.objects.filter(grouping__survey=survey)).order_by("-n", "pk"):
        themes.setdefault(theme.grouping_id, []).append(theme)
    rows = []
    for question in read(version.definition).questions():
        if question.type not in WRITTEN:
            continue
        grouping = groupings.get(question.code)
        own = themes.get(grouping.pk, []) if grouping else []
        written = counts.get(question.code, 0)
        rest = written - sum(theme.n for theme in own)
        rows.append(TextQuestion(question.code, question.label, written, grouping, own, rest))
    return rows
