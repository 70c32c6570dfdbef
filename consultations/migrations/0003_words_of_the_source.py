from django.db import migrations, models

from consultations.keeping import freeze, thaw


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_nothing_said_is_lost")]
    operations = [
        migrations.RunPython(thaw, freeze),
        migrations.AddField(
            model_name="drafttext",
            name="words_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(freeze, thaw),
    ]
