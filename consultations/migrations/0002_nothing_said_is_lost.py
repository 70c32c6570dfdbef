from django.db import migrations

from consultations.keeping import freeze, thaw


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_ground")]
    operations = [migrations.RunPython(freeze, thaw)]
