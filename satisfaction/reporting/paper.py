"""The report as a paper for editing: the same chapters, and what stands around them."""

from __future__ import annotations

from portal.reporting.kinds import Paper
from portal.reporting.parts import Chapter, Table, numbered

from .drawing import RECIPIENTS, context


def paper(figures: dict) -> Paper:
    told = context(figures)
    demo = ["SỐ LIỆU MINH HỌA – KHÔNG PHẢI KẾT QUẢ KHẢO SÁT THẬT"]
    opening = [
        *(demo if figures["survey"]["is_demo"] else []),
        "Kính gửi: Ủy ban nhân dân thành phố Hà Nội",
        told["finding"],
        f"Căn cứ {figures['method']['survey_basis']}, Sở Nội vụ báo cáo kết quả như sau:",
    ]
    sources = Table(
        "Nguồn của từng bảng, từng hình",
        ["Bảng, hình", "Truy vấn"],
        [list(row) for row in told["sources"]],
        note=f"Dấu vết dữ liệu: {figures.get('data_sha256', '–')}.",
    )
    closing = Chapter("trace", "Truy nguyên số liệu", [sources])
    return Paper(opening, numbered([*told["chapters"], closing]), "GIÁM ĐỐC", RECIPIENTS)
