from django.db import migrations

from consultations.synthesis.keeping import freeze, thaw


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_synthesis")]

    operations = [migrations.RunPython(freeze, thaw)]
