"""Each item by itself: who left it open, its share of the satisfied and its mean, with intervals.

For who may look over each response; other readers have the levels as a report merges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.reporting.formats import number, percent

from ..measuring import shares
from ..measuring.shares import Mean, Share
from ..questionnaires import Question
from ..tallies import NOT_SHOWN, SKIPPED

Table = tuple[list[str], list[list[str]]]
NOTHING = "–"
HEADER = [
    "Nội dung",
    "Bỏ trống",
    "Không được hỏi",
    "Tỷ lệ hài lòng",
    "Khoảng tin cậy 95% của tỷ lệ",
    "Điểm trung bình",
    "Khoảng tin cậy 95% của điểm",
]


def summary(
    questions: Sequence[Question],
    counts: Mapping[str, Mapping[int, int]],
    satisfied: frozenset[int],
    *,
    knows_silence: bool,
) -> Table:
    """The share at a satisfied level with Wilson's interval, the mean of the levels' codes.

    `knows_silence`: whether the counts hold who left an item open or was not asked.
    """
    rows = []
    for question in questions:
        given, levels = counts.get(question.code, {}), _levels(question)
        share = shares.top_box(given, levels, satisfied)
        mean = shares.mean(given, levels)
        silent = _silent(given) if knows_silence else [NOTHING, NOTHING]
        rows.append([question.label, *silent, *_share_cells(share), *_mean_cells(mean)])
    return HEADER, rows


def distributions(questions: Sequence[Question], counts: Mapping[str, Mapping[int, int]]) -> Table:
    """Each level's share with Wilson's interval; of questions on the first one's scale."""
    scale = _labels(questions[0]) if questions else []
    rows = []
    for question in questions:
        made = shares.distribution(counts.get(question.code, {}), _levels(question))
        if _labels(question) == scale:
            rows.append([question.label, *(_with_interval(share) for share in made.values())])
    return ["Nội dung", *scale], rows


def _silent(given: Mapping[int, int]) -> list[str]:
    return [number(given.get(SKIPPED, 0)), number(given.get(NOT_SHOWN, 0))]


def _levels(question: Question) -> list[int]:
    return [choice.code for choice in question.choices if not choice.is_no_answer]


def _labels(question: Question) -> list[str]:
    return [choice.label for choice in question.choices if not choice.is_no_answer]


def _share_cells(share: Share) -> list[str]:
    if share.value is None:
        return [NOTHING, NOTHING]
    return [percent(share.value), f"{percent(share.low)} – {percent(share.high)}"]


def _with_interval(share: Share) -> str:
    value, interval = _share_cells(share)
    return value if value == NOTHING else f"{value} ({interval})"


def _mean_cells(mean: Mean | None) -> list[str]:
    if mean is None:
        return [NOTHING, NOTHING]
    return [number(mean.value, 2), f"{number(mean.low, 2)} – {number(mean.high, 2)}"]
