"""The queue drains every minute and clears away every night, in Hanoi's time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations

DRAIN, NIGHT = "outbox: drain", "outbox: night"


def add(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    night = now.replace(hour=2, minute=30, second=0, microsecond=0) + timedelta(days=1)
    Schedule.objects.get_or_create(
        name=DRAIN,
        defaults={
            "func": "portal.outbox.tasks.drain",
            "schedule_type": "I",
            "minutes": 1,
            "repeats": -1,
            "next_run": now,
        },
    )
    Schedule.objects.get_or_create(
        name=NIGHT,
        defaults={
            "func": "portal.outbox.tasks.clean_up",
            "schedule_type": "D",
            "repeats": -1,
            "next_run": night,
        },
    )


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=[DRAIN, NIGHT]).delete()


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more")]
    operations = [migrations.RunPython(add, remove)]
