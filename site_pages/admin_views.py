"""The living page of components, for those who edit and build the portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.reporting.charts import IntervalRow, LikertRow, intervals, likert

LEVELS = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]
COLOURS = ["paper", "surface", "ink", "muted", "rule", "lacquer", "link", "visited", "focus"]


def components(request: HttpRequest) -> HttpResponse:
    """The page in the admin; it frames the sheet so that the two styles do not meet."""
    return render(request, "site_pages/admin/components.html")


def component_sheet(request: HttpRequest) -> HttpResponse:
    """Every component with the public stylesheet, in each of its states."""
    source = "Số liệu minh họa."
    charts = [
        likert(
            [LikertRow("Công chức hướng dẫn dễ hiểu", [2, 5, 18, 45, 30]), LikertRow("Ít", None)],
            LEVELS,
            title="Biểu đồ mức hài lòng",
            source=source,
            chart_id="mau-1",
        ),
        intervals(
            [IntervalRow("Phường Ba Đình", 0.84, 0.8, 0.88), IntervalRow("Xã Ba Vì", None)],
            title="Biểu đồ khoảng tin cậy",
            source=source,
            chart_id="mau-2",
            reference=0.82,
        ),
    ]
    context = {"charts": charts, "colours": COLOURS, "errors": [("mau-o", "Nhập nội dung.")]}
    return render(request, "site_pages/admin/component_sheet.html", context)
