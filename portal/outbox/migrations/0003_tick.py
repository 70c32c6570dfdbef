"""Each minute: what falls due by the clock, then the outbox."""

from django.db import migrations


def rename(old, new):
    def run(apps, schema_editor):
        Schedule = apps.get_model("django_q", "Schedule")
        Schedule.objects.filter(func=old).update(func=new)

    return run


DRAIN, TICK = "portal.outbox.tasks.drain", "portal.outbox.tasks.tick"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_schedules")]
    operations = [migrations.RunPython(rename(DRAIN, TICK), rename(TICK, DRAIN))]
