"""The page above all pages is seen by editors; Wagtail names it in English only."""

from django.db import migrations


def name_it(apps, schema_editor):
    apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title="Root").update(
        title="Gốc", draft_title="Gốc"
    )


class Migration(migrations.Migration):
    dependencies = [("site_pages", "0008_contact_in_english")]
    operations = [migrations.RunPython(name_it, migrations.RunPython.noop)]
