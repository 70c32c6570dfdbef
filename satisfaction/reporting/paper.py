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
        "Cách tính của từng bảng, từng hình",
        ["Cách tính", "Phiên bản", "Bảng, hình"],
        told["methods"],
        note=f"Dấu vết dữ liệu (SHA-256): {figures.get('data_sha256', '–')}. Dấu vết định nghĩa "
        f"chỉ số (SHA-256): {figures.get('definition', {}).get('sha256', '–')}.",
    )
    closing = Chapter("trace", "Truy nguyên số liệu", [sources])
    return Paper(opening, numbered([*told["chapters"], closing]), "GIÁM ĐỐC", RECIPIENTS)
