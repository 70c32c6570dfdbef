"""Every row has its cell now: version and agency stand there."""

import django.db.models.deletion
from django.db import migrations, models


def cell(related_name):
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="satisfaction.cell",
    )


class Migration(migrations.Migration):

    dependencies = [("satisfaction", "0005_fill_cells")]

    operations = [
        migrations.RemoveConstraint("tally", "tally_once"),
        migrations.RemoveConstraint("indexmoment", "moment_once"),
        migrations.RemoveField("tally", "version"),
        migrations.RemoveField("tally", "agency"),
        migrations.RemoveField("indexmoment", "version"),
        migrations.RemoveField("indexmoment", "agency"),
        migrations.AlterField("tally", "cell", cell("tallies")),
        migrations.AlterField("indexmoment", "cell", cell("moments")),
        migrations.AddConstraint(
            "tally",
            models.UniqueConstraint(
                fields=["cell", "question", "code"], name="tally_of_cell_once"
            ),
        ),
        migrations.AddConstraint(
            "indexmoment",
            models.UniqueConstraint(fields=["cell", "scope"], name="moment_of_cell_once"),
        ),
    ]
