"""Cells stand beside what counted by version and agency alone; the next migration fills them."""

import django.db.models.deletion
from django.db import migrations, models

CHANNELS = [
    ("web", "Web"),
    ("qr", "QR code at a counter"),
    ("kiosk", "Kiosk at the one-stop shop"),
    ("invitation", "Invitation"),
    ("paper", "Paper, entered by staff"),
]


def nullable(to, related_name):
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
    )


def cell(related_name):
    return models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="satisfaction.cell",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("agencies", "0001_initial"),
        ("satisfaction", "0003_wider_survey"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(blank=True, help_text="2026, 2026-Q3 or 2026-11; empty where the survey is one period.", max_length=7, verbose_name="period")),
                ("channel", models.CharField(choices=CHANNELS, max_length=12, verbose_name="channel")),
                ("is_flagged", models.BooleanField(verbose_name="flagged")),
                ("n", models.IntegerField(default=0, verbose_name="valid responses")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="agency")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="cells", to="satisfaction.surveyversion", verbose_name="version")),
            ],
            options={
                "verbose_name": "cell of the tallies",
                "verbose_name_plural": "cells of the tallies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "agency", "period", "channel", "is_flagged"),
                        name="cell_once",
                    )
                ],
            },
        ),
        migrations.AddField("tally", "cell", cell("tallies")),
        migrations.AddField("indexmoment", "cell", cell("moments")),
        migrations.AlterField("tally", "version", nullable("satisfaction.surveyversion", "tallies")),
        migrations.AlterField("tally", "agency", nullable("agencies.agency", "+")),
        migrations.AlterField("indexmoment", "version", nullable("satisfaction.surveyversion", "moments")),
        migrations.AlterField("indexmoment", "agency", nullable("agencies.agency", "+")),
    ]
