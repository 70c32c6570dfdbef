"""What each table and figure rests on: the method by its name, and the function behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.reporting.parts import Chapter, traced


@dataclass(frozen=True)
class Method:
    """`version` rises when the method would give other figures for the same answers."""

    name: str
    version: int = 1


METHODS = {
    "results.received": Method("Đếm phiếu tiếp nhận, hợp lệ và loại"),
    "results.counts_by_question": Method("Đếm câu trả lời theo câu hỏi và phương án"),
    "results.moments_by": Method("Chỉ số theo kênh hoặc theo kỳ, ước lượng tỷ số"),
    "results.moments_by_scope": Method("Chỉ số chung và theo tiêu chí, ước lượng tỷ số"),
    "results.moments_by_agency": Method("Chỉ số theo cơ quan, đơn vị, ước lượng tỷ số"),
    "reporting.values.rankings": Method("Thứ tự ưu tiên: số lần xếp thứ nhất, hạng bình quân"),
    "reporting.values.numbers": Method("Trung bình, trung vị và tứ phân vị của số đã nêu"),
    "reporting.values.months": Method("Đếm câu trả lời theo tháng"),
    "measuring.figures.ranking": Method("Thứ hạng và khoảng thứ hạng", 2),
    "measuring.figures.derived_importance": Method("Mức quan trọng suy ra từ tương quan"),
    "measuring.figures.stated_importance": Method("Mức quan trọng do người trả lời nêu", 2),
    "measuring.trend.trend": Method("So sánh giữa các lần đo"),
    "measuring.weighting.by_scope": Method("Chỉ số có trọng số"),
    "sampling.progress.response_rates": Method("Tỷ lệ trả lời theo kênh"),
    "themes.queries.approved": Method("Chủ đề của ý kiến viết do cán bộ duyệt"),
}
_BETWEEN = "; "


def by_method(chapters: Iterable[Chapter]) -> list[list[str]]:
    """Name and version of each method in order of use, with the tables and figures made by it."""
    places: dict[Method, list[str]] = {}
    for place, source in traced(chapters):
        for name in _functions(source):
            places.setdefault(METHODS[name], []).append(place)
    return [[method.name, str(method.version), _listed(found)] for method, found in places.items()]


def by_place(chapters: Iterable[Chapter]) -> list[dict[str, object]]:
    """The same for a program: every table and figure with its methods and their functions."""
    return [
        {
            "place": place,
            "methods": [
                {
                    "name": METHODS[name].name,
                    "version": METHODS[name].version,
                    "function": f"satisfaction.{name}",
                }
                for name in _functions(source)
            ],
        }
        for place, source in traced(chapters)
    ]


def _functions(source: str) -> Iterator[str]:
    return (name for name in source.split(_BETWEEN) if name)


def _listed(places: list[str]) -> str:
    """Tables first, then figures: "Bảng 1, 3, 4; Hình 2"."""
    numbers: dict[str, list[str]] = {}
    for place in places:
        kind, number = place.split()
        numbers.setdefault(kind, []).append(number)
    return _BETWEEN.join(f"{kind} {', '.join(numbers[kind])}" for kind in sorted(numbers))
