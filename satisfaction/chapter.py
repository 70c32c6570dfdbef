"""Surveys in the report on the portal's work (Art. 5.5.d, 7.2, 7.3).

Counts of few people are hidden as everywhere; an index stands here only once the City
published it, and as that edition froze it.
"""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from editorial.activity import Chapter, Table
from editorial.periods import Period
from portal.reporting.formats import number, percent
from portal.reporting.models import Edition, EditionState
from portal.rules.values import value

from .models import ResponseStatus, Survey
from .reports import KIND, share
from .suppression import hidden

HIDDEN = "–"


def surveyed(period: Period) -> Chapter:
    """Which surveys ran, what came in, what is published of those that are over."""
    k = value("survey.suppression_k", on=period.last).integer
    running = Survey.objects.filter(opens_at__lt=period.ends, closes_at__gt=period.begins)
    rows = _received(running, period, k)
    published = Edition.objects.filter(
        kind=KIND,
        state=EditionState.PUBLISHED,
        published_at__gte=period.begins,
        published_at__lt=period.ends,
    )
    indices = _indices(running.filter(closes_at__lte=period.ends))
    n, reports = len(rows), published.count()
    finding = (
        f"Trong kỳ có {number(n)} cuộc khảo sát mở trên Trang thông tin; "
        f"{number(reports)} báo cáo khảo sát được công bố."
        if n or reports
        else "Trong kỳ không có khảo sát nào mở và không có báo cáo khảo sát nào được công bố."
    )
    tables = []
    if rows:
        note = f"Dấu “{HIDDEN}”: không nêu số liệu vì quá ít phiếu (dưới {k} phiếu)."
        heads = ["Khảo sát", "Phiếu nhận", "Phiếu hợp lệ"]
        tables.append(Table("Khảo sát mở trong kỳ và phiếu nhận được", heads, rows, note))
    if indices:
        heads = ["Khảo sát", "Số phiếu", "Chỉ số hài lòng"]
        tables.append(Table("Chỉ số của khảo sát đã kết thúc và công bố", heads, indices))
    return Chapter("Khảo sát trực tuyến", finding, tables)


def _received(
    surveys: QuerySet[Survey], period: Period, k: int
) -> list[tuple[str, list[int | str]]]:
    """Responses of the period by survey; rejected ones would tell of the few as well."""
    inside = Q(responses__day__gte=period.first, responses__day__lte=period.last)
    valid = inside & Q(responses__status=ResponseStatus.VALID)
    counted = surveys.annotate(
        received=Count("responses", filter=inside), valid=Count("responses", filter=valid)
    ).order_by("opens_at", "pk")
    secret = hidden({survey.pk: survey.valid for survey in counted}, k)
    return [
        (
            survey.title,
            [HIDDEN, HIDDEN] if survey.pk in secret else [survey.received, survey.valid],
        )
        for survey in counted
    ]


def _indices(surveys: QuerySet[Survey]) -> list[tuple[str, list[int | str]]]:
    """The whole index of each, from its latest published edition."""
    titles = dict(surveys.order_by("opens_at", "pk").values_list("pk", "title"))
    editions = Edition.objects.filter(
        kind=KIND, state=EditionState.PUBLISHED, subject_id__in=titles
    ).order_by("number")
    figures = {edition.subject_id: edition.snapshot["index"] for edition in editions}
    return [
        (title, [figures[pk]["n"], percent(share(figures[pk]))])
        for pk, title in titles.items()
        if pk in figures and figures[pk]["sx"]
    ]
