"""The report on a survey: its snapshot of figures, and what is drawn from it.

`snapshot` decides everything that is printed, suppression included; `context` only
draws. A report drawn again from its snapshot looks the same.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.one_moment import one_moment
from portal.reporting import editions
from portal.reporting.charts import Chart, IntervalRow, LikertRow, intervals, level_cells, likert
from portal.reporting.formats import day, number, percent
from portal.reporting.kinds import Progress, ReportKind, Unmakeable
from portal.reporting.models import Edition
from portal.rules.values import value

from . import results
from .intervals import Estimate, Moments
from .models import RejectionReason, Survey, SurveyVersion
from .questionnaires import ONE_CODE, Question, Questionnaire, read
from .suppression import hidden, merged
from .tallies import NOT_SHOWN, SKIPPED
from .versions import current_version
from .window import last_minute

KIND = "satisfaction.survey"
METHOD = "sipas-ratio-wilson/1"
SOURCE = "Nguồn: khảo sát trực tuyến trên Trang thông tin; tính từ phiếu hợp lệ."
LEVELS = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]
_FIRST_SATISFIED = LEVELS.index("Hài lòng")
REASONS = {
    RejectionReason.NOTHING_RATED: "Không đánh giá nội dung nào",
    RejectionReason.TOO_FAST: "Thời gian trả lời ngắn hơn mức tối thiểu để đọc câu hỏi",
    RejectionReason.TEST: "Phiếu thử của cán bộ",
    RejectionReason.DUPLICATE: "Một người trả lời nhiều lần",
}


def order_report(survey: Survey, user: User) -> Edition:
    """Order an edition; too few valid responses to show anything are refused."""
    if not REPORT.may_order(user, survey.pk):
        raise PermissionDenied
    fewest = value("survey.suppression_k").integer
    if results.received(survey).valid < fewest:
        raise ValidationError(
            _("There are fewer than %(k)d valid responses: nothing could be shown."),
            params={"k": fewest},
        )
    return editions.order(KIND, survey.pk, report_title(survey), user)


def report_title(survey: Survey) -> str:
    return f"Kết quả {survey.title[:1].lower()}{survey.title[1:]}"


def snapshot(subject_id: int, now: datetime, progress: Progress) -> dict:
    """Every figure of the report as plain JSON values, all read at one moment."""
    progress(20)
    with translation.override("vi"), one_moment():
        survey = Survey.objects.get(pk=subject_id)
        version = current_version(survey)
        questionnaire = read(version.definition)
        k = value("survey.suppression_k").integer
        received = results.received(survey)
        if received.valid < k:
            raise Unmakeable(f"Không đủ {k} phiếu hợp lệ nên không có số liệu nào được công bố.")
        figures = {
            "survey": _about_survey(survey, version, now),
            "received": _received(received),
            **_indices(survey, questionnaire, k),
            "items": _items(survey, questionnaire, k),
            "agencies": _agencies(survey, k),
            "people": _people(survey, questionnaire, k),
            "method": _method(questionnaire, k),
        }
    progress(60)
    return figures


def _about_survey(survey: Survey, version: SurveyVersion, now: datetime) -> dict:
    return {
        "code": survey.code,
        "title": survey.title,
        "is_demo": survey.is_demo,
        "opens_on": timezone.localtime(survey.opens_at).date().isoformat(),
        "last_day": last_minute(survey).date().isoformat(),
        "as_of": timezone.localtime(now).isoformat(timespec="minutes"),
        "until": min(timezone.localtime(now).date(), last_minute(survey).date()).isoformat(),
        "version": version.number,
        "version_sha256": version.sha256,
    }


def _received(counts: results.Received) -> dict:
    return {
        "total": counts.total,
        "valid": counts.valid,
        "rejected": [
            {"reason": REASONS[RejectionReason(code)], "n": n}
            for code, n in sorted(counts.rejected.items())
        ],
    }


def _figure(moments: Moments, made: Estimate | None, k: int = 0) -> dict:
    """An index with its interval; fewer than k people look like nobody."""
    if made is None or moments.n < k:
        return {"n": 0, "sy": 0, "sx": 0, "low": None, "high": None}
    # Ten decimals: far more than is printed, the same on every machine.
    return {
        "n": moments.n,
        "sy": moments.sy,
        "sx": moments.sx,
        "low": f"{made.low:.10f}",
        "high": f"{made.high:.10f}",
    }


def _indices(survey: Survey, questionnaire: Questionnaire, k: int) -> dict:
    moments = results.moments_by_scope(survey)
    if moments.get("", Moments()).n < k:
        raise Unmakeable(f"Không đủ {k} phiếu có đánh giá nên không có số liệu nào được công bố.")
    made = results.estimates(moments)
    criteria = [
        {
            "code": section.code,
            "title": section.title,
            **_figure(moments.get(section.code, Moments()), made.get(section.code), k),
        }
        for section in questionnaire.sections
        if section.is_scored
    ]
    return {"index": _figure(moments[""], made[""]), "criteria": criteria}


def _items(survey: Survey, questionnaire: Questionnaire, k: int) -> list[dict]:
    return [_item(item, k) for item in results.item_counts(survey, questionnaire)]


def _item(item: results.ItemCounts, k: int) -> dict:
    """Answers by level; a level with fewer than k answers is counted with its neighbour.

    `spans` says how many levels of the scale each count of `levels` covers.
    """
    named = {"code": item.question.code, "label": item.question.label}
    if item.rated < k:
        return named | {"levels": None, "spans": None, "not_applicable": None}
    groups = merged(item.levels, k)
    return named | {
        "levels": [sum(item.levels[level] for level in group) for group in groups],
        "spans": [len(group) for group in groups],
        "not_applicable": item.not_applicable,
    }


def _agencies(survey: Survey, k: int) -> dict:
    moments = results.moments_by_agency(survey)
    made = results.estimates(moments)
    secret = hidden({agency: m.n for agency, m in moments.items()}, k)
    few = value("survey.min_agency_sample").integer
    shown = [
        {
            "code": agency.code,
            "name": agency.name,
            "is_small": m.n < few,
            **_figure(m, made[agency]),
        }
        for agency, m in moments.items()
        if agency not in secret
    ]
    return {
        "count": len(moments),
        "shown": shown,
        "hidden": len(secret),
        "hidden_n": sum(moments[agency].n for agency in secret),
    }


def _people(survey: Survey, questionnaire: Questionnaire, k: int) -> list[dict]:
    """Questions beside the index that each person answers with one code."""
    counts = results.counts_by_question(survey)
    return [
        _person_table(
            question,
            counts.get(question.code, {}),
            k,
            is_conditional=(section.show_if or question.show_if) is not None,
        )
        for section in questionnaire.sections
        for question in section.questions
        if question.type in ONE_CODE and question.code not in questionnaire.index.items
    ]


def _person_table(question: Question, counts: dict[int, int], k: int, is_conditional: bool) -> dict:
    """People by their answer; shares are of those who were asked.

    Whoever was not asked is a cell too: the table's total and that of all responses
    would give a small one away.
    """
    declined = {choice.code for choice in question.choices if choice.is_declined} | {SKIPPED}
    cells = {choice.code: counts.get(choice.code, 0) for choice in question.choices}
    rows = {code: n for code, n in cells.items() if code not in declined}
    silent = sum(counts.get(code, 0) for code in declined)
    not_asked = {NOT_SHOWN: counts.get(NOT_SHOWN, 0)} if is_conditional else {}
    secret = hidden({**rows, SKIPPED: silent, **not_asked}, k)
    labels = {choice.code: choice.label for choice in question.choices}
    table = [
        {"label": labels[code], "n": None if code in secret else n} for code, n in rows.items()
    ]
    table.append({"label": "Không trả lời", "n": None if SKIPPED in secret else silent})
    total = None if NOT_SHOWN in secret else sum(rows.values()) + silent
    return {"label": question.label, "rows": table, "total": total}


def _method(questionnaire: Questionnaire, k: int) -> dict:
    return {
        "index_version": questionnaire.index.version,
        "index_basis": questionnaire.index.basis,
        "survey_basis": questionnaire.basis,
        "items": len(questionnaire.index.items),
        "k": k,
        "min_sample": value("survey.min_agency_sample").integer,
        "min_seconds": value("survey.min_duration_seconds").integer,
    }


# --- What is drawn from a snapshot -----------------------------------------------------


def share(figure: dict) -> Fraction:
    """The index as a share of one."""
    return Fraction(figure["sy"], figure["sx"])


def _row(label: str, figure: dict, note: str = "") -> IntervalRow:
    if not figure["sx"]:
        return IntervalRow(label, None)
    return IntervalRow(label, share(figure), float(figure["low"]), float(figure["high"]), note)


def _cells(figure: dict) -> dict[str, str]:
    """Printed forms of an index with its interval."""
    if not figure["sx"]:
        return {"n": "–", "value": "–", "interval": "–"}
    low, high = (percent(Decimal(figure[name])) for name in ("low", "high"))
    return {
        "n": number(figure["n"]),
        "value": percent(share(figure)),
        "interval": f"{low} – {high}",
    }


def context(figures: dict) -> dict:
    """Tables, charts and sentences of the PDF and of the page, from the snapshot alone."""
    best, worst = _extremes(figures)
    index = _cells(figures["index"])
    return {
        "figures": figures,
        "period": {
            name: day(parse_date(figures["survey"][name])) for name in ("opens_on", "until")
        },
        "as_of": datetime.fromisoformat(figures["survey"]["as_of"]),
        "index": index,
        "best": best and {**best, **_cells(best)},
        "worst": worst and {**worst, **_cells(worst)},
        "received": _received_rows(figures["received"]),
        "criteria": [{"title": row["title"], **_cells(row)} for row in figures["criteria"]],
        "criteria_chart": _criteria_chart(figures),
        "items": [_item_cells(item) for item in figures["items"]],
        "items_chart": _items_chart(figures),
        "agencies": [
            {"name": row["name"], "is_small": row["is_small"], **_cells(row)}
            for row in figures["agencies"]["shown"]
        ],
        "agencies_chart": _agencies_chart(figures),
        "people": [_person_cells(table) for table in figures["people"]],
        "levels": LEVELS,
    }


def _extremes(figures: dict) -> tuple[dict, dict] | tuple[None, None]:
    """The criteria with the highest and the lowest index; None when too few rated any."""
    rated = [row for row in figures["criteria"] if row["sx"]]
    if not rated:
        return None, None
    return max(rated, key=share), min(rated, key=share)


def _received_rows(received: dict) -> dict:
    total = received["total"]

    def cell(n: int) -> dict[str, str]:
        return {"n": number(n), "share": percent(Fraction(n, total)) if total else "–"}

    rejected = sum(row["n"] for row in received["rejected"])
    return {
        "total": cell(total),
        "valid": cell(received["valid"]),
        "rejected": cell(rejected),
        "reasons": [{"reason": row["reason"], **cell(row["n"])} for row in received["rejected"]],
    }


def _item_cells(item: dict) -> dict:
    levels = item["levels"]
    if levels is None:
        return {"label": item["label"], "shares": ["–"] * 5, "rated": "–", "na": "–"}
    return {
        "label": item["label"],
        "shares": level_cells(levels, _spans(item)),
        "rated": number(sum(levels)),
        "na": number(item["not_applicable"]),
    }


def _spans(item: dict) -> list[int]:
    # Snapshots made before levels were merged have one count a level.
    return item.get("spans") or [1] * len(LEVELS)


def _person_cells(table: dict) -> dict:
    total = table["total"]

    def cells(n: int | None) -> dict[str, str]:
        return {
            "n": "*" if n is None else number(n),
            # Without the total, a share would tell it.
            "share": "*" if n is None or total is None else percent(Fraction(n, total or 1)),
        }

    return {
        "label": table["label"],
        "rows": [{"label": row["label"], **cells(row["n"])} for row in table["rows"]],
        "total": "*" if total is None else number(total),
    }


def _criteria_chart(figures: dict) -> Chart:
    best, worst = _extremes(figures)
    title = "Chỉ số hài lòng theo tiêu chí"
    if best:
        title = (
            f"Cao nhất: {best['title']} ({percent(share(best))}); "
            f"thấp nhất: {worst['title']} ({percent(share(worst))})"
        )
    return intervals(
        [_row(row["title"], row) for row in figures["criteria"]],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id="tieu-chi",
        reference=share(figures["index"]),
    )


def _satisfied(item: dict) -> Fraction | None:
    """Share of the two upper levels; None where a merged level hides it."""
    if not item["levels"]:
        return None
    upper = start = 0
    for n, span in zip(item["levels"], _spans(item), strict=True):
        if start >= _FIRST_SATISFIED:
            upper += n
        elif start + span > _FIRST_SATISFIED:
            return None
        start += span
    return Fraction(upper, sum(item["levels"]))


def _items_chart(figures: dict) -> Chart:
    shares = [(share, item) for item in figures["items"] if (share := _satisfied(item)) is not None]
    title = "Mức hài lòng theo từng nội dung"
    if shares:
        share, lowest = min(shares, key=lambda pair: pair[0])
        title = f"Nội dung có tỷ lệ hài lòng thấp nhất: {lowest['label']} ({percent(share)})"
    rows = [LikertRow(item["label"], item["levels"], _spans(item)) for item in figures["items"]]
    return likert(
        rows,
        LEVELS,
        title=title,
        source=f"{SOURCE} Cột bên phải: số câu trả lời có đánh giá. Mức có dưới "
        f"{figures['method']['k']} câu trả lời được gộp vào mức liền kề.",
        chart_id="noi-dung",
    )


def _agencies_chart(figures: dict) -> Chart | None:
    rows = figures["agencies"]["shown"]
    if not rows:
        return None
    clear = [row for row in rows if float(row["high"]) < float(figures["index"]["low"])]
    title = (
        f"{len(clear)} cơ quan có khoảng tin cậy nằm hẳn dưới chỉ số chung"
        if clear
        else "Không cơ quan nào có khoảng tin cậy nằm hẳn dưới chỉ số chung"
    )
    return intervals(
        [_row(row["name"], row, " (ít phiếu)" if row["is_small"] else "") for row in rows],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung. Thứ tự theo danh mục cơ quan, "
        "không phải xếp hạng.",
        chart_id="co-quan",
        reference=share(figures["index"]),
    )


REPORT = ReportKind(
    code=KIND,
    build=snapshot,
    context=context,
    template="satisfaction/report/report.html",
    web_template="satisfaction/report/web.html",
    method_version=METHOD,
    may_order=lambda user, _subject: user.has_perm("reporting.order_edition"),
    may_publish=lambda user, _subject: user.has_perm("reporting.publish_edition"),
)
