from datetime import date

from django.db import migrations

# The site's own policy, which the Board is still to confirm.
VALUES = [
    ("consultation.draft_days", 7, "Điều 8 khoản 4 điểm b Quy chế"),
    ("consultation.remind_before_days", 3, "Điều 5 khoản 5 điểm đ Quy chế"),
    ("consultation.contact_days", 180, "Điều 8 khoản 4 điểm b Quy chế"),
]
NOTE = "Cần Ban Biên tập xác nhận."


def seed(apps, schema_editor):
    basis = apps.get_model("rules", "LegalBasis").objects.get(
        number="Chính sách của Trang thông tin"
    )
    apps.get_model("rules", "RuleValue").objects.bulk_create(
        apps.get_model("rules", "RuleValue")(
            key=key,
            amount=amount,
            basis=basis,
            article=article,
            valid_from=date(2026, 2, 1),
            note=NOTE,
        )
        for key, amount, article in VALUES
    )


def unseed(apps, schema_editor):
    keys = [key for key, _amount, _article in VALUES]
    apps.get_model("rules", "RuleValue").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("rules", "0006_survey_actions")]
    operations = [migrations.RunPython(seed, unseed)]
