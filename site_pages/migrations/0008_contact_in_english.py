from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("site_pages", "0007_kept_files")]
    operations = [
        migrations.AddField(
            model_name="sitecontact",
            name=name,
            field=models.CharField(blank=True, max_length=length, verbose_name=label),
        )
        for name, length, label in (
            ("agency_en", 200, "agency, in English"),
            ("address_en", 300, "address, in English"),
            ("hours_en", 200, "office hours, in English"),
        )
    ]
