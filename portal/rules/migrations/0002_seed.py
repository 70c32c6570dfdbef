"""The rules and the calendar that the portal starts with (facts, each with its basis)."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

REGULATION = "Quy chế hoạt động của Trang thông tin CCHC nhà nước thành phố Hà Nội"
# number, title, issued, valid from, valid to, superseded by
BASES = [
    ("224/2026/NĐ-CP", "Nghị định quy định chi tiết Luật Chuyển đổi số", "2026-06-24", "2026-07-01", None, None),
    ("42/2022/NĐ-CP", "Nghị định về cung cấp thông tin và dịch vụ công trực tuyến của cơ quan nhà nước trên môi trường mạng", "2022-06-24", "2022-08-15", "2026-06-30", "224/2026/NĐ-CP"),
    ("64/2025/QH15", "Luật Ban hành văn bản quy phạm pháp luật", "2025-02-19", "2025-04-01", None, None),
    ("43/2011/NĐ-CP", "Nghị định về cung cấp thông tin trên trang, cổng thông tin điện tử của cơ quan nhà nước (áp dụng theo thông lệ)", "2011-06-13", "2011-08-01", None, None),
    ("QĐ ban hành Quy chế", REGULATION, None, "2026-02-01", None, None),
    ("Chính sách của Trang thông tin", "Chính sách vận hành của Trang thông tin", None, "2026-02-01", None, None),
]
OWN, POLICY = "QĐ ban hành Quy chế", "Chính sách của Trang thông tin"
# key, amount, basis, article, valid from
VALUES = [
    ("maintenance.notice_days", 5, OWN, "Điều 11 khoản 7", "2026-02-01"),
    ("maintenance.notice_days", 7, "224/2026/NĐ-CP", "Điều 13 khoản 1 điểm a", "2026-07-01"),
    ("news.intake_hours", 48, OWN, "Điều 8 khoản 1 điểm a", "2026-02-01"),
    ("documents.intake_hours", 72, OWN, "Điều 8 khoản 1 điểm a", "2026-02-01"),
    ("consultation.min_days", 20, "64/2025/QH15", "lấy ý kiến dự thảo văn bản quy phạm pháp luật", "2025-04-01"),
    ("question.answer_working_days", 15, "43/2011/NĐ-CP", "Điều 17 khoản 1 điểm đ", "2011-08-01"),
    ("survey.suppression_k", 10, POLICY, "công bố số liệu khảo sát", "2024-01-01"),
    ("survey.min_agency_sample", 30, POLICY, "công bố số liệu khảo sát", "2024-01-01"),
    ("survey.min_duration_seconds", 30, POLICY, "kiểm tra chất lượng phiếu", "2024-01-01"),
    ("survey.draft_days", 7, POLICY, "lưu giữ phiếu đang trả lời", "2024-01-01"),
    ("protection.form_min_seconds", 3, POLICY, "chống gửi tự động", "2024-01-01"),
    ("protection.form_max_hours", 12, POLICY, "chống gửi tự động", "2024-01-01"),
    ("protection.throttle_per_hour", 60, POLICY, "chống gửi tự động", "2024-01-01"),
]


def _day(text):
    return date.fromisoformat(text) if text else None


def seed(apps, schema_editor):
    LegalBasis = apps.get_model("rules", "LegalBasis")
    RuleValue = apps.get_model("rules", "RuleValue")
    CalendarDay = apps.get_model("rules", "CalendarDay")
    bases = {}
    for number, title, issued, start, end, superseded_by in BASES:
        bases[number] = LegalBasis.objects.create(
            number=number,
            title=title,
            issued_on=_day(issued),
            valid_from=_day(start),
            valid_to=_day(end),
            superseded_by=bases.get(superseded_by),
        )
    RuleValue.objects.bulk_create(
        RuleValue(key=key, amount=amount, basis=bases[basis], article=article, valid_from=_day(start))
        for key, amount, basis, article, start in VALUES
    )
    with (Path(__file__).parents[1] / "data" / "calendar.csv").open(encoding="utf-8") as file:
        CalendarDay.objects.bulk_create(
            CalendarDay(
                date=_day(row["date"]),
                kind=row["kind"],
                name=row["name"],
                basis=row["basis"],
                is_provisional=row["provisional"] == "1",
            )
            for row in csv.DictReader(file)
        )


def unseed(apps, schema_editor):
    for name in ("RuleValue", "LegalBasis", "CalendarDay"):
        apps.get_model("rules", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("rules", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed)]
