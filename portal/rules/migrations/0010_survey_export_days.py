from datetime import date

from django.db import migrations

# How long a data file with single answers lies ready: the site's own policy.
VALUES = [("survey.export_days", 7)]
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
            article="Điều 7 khoản 3 Quy chế",
            valid_from=date(2026, 2, 1),
            note=NOTE,
        )
        for key, amount in VALUES
    )


def unseed(apps, schema_editor):
    keys = [key for key, _amount in VALUES]
    apps.get_model("rules", "RuleValue").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('rules', '0009_answer_reminders'),
    ]

    operations = [
        migrations.RunPython(seed, unseed),
    ]
