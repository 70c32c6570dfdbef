"""Hanoi's 143 agencies: departments since 01/3/2025, wards and communes since 01/7/2025."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

from portal.text import fold, nfc

KINDS = ["department", "ward", "commune"]


def _day(text):
    return date.fromisoformat(text) if text else None


def seed(apps, schema_editor):
    Agency = apps.get_model("agencies", "Agency")
    with (Path(__file__).parents[1] / "data" / "agencies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    Agency.objects.bulk_create(
        Agency(
            code=row["code"],
            name=nfc(row["name"]),
            name_en=row["name_en"],
            kind=row["kind"],
            kind_order=KINDS.index(row["kind"]),
            symbol=row["symbol"],
            official_order=int(row["official_order"] or 0),
            former_district=nfc(row["former_district"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            folded_name=fold(row["name"]),
        )
        for row in rows
    )
    by_code = {agency.code: agency for agency in Agency.objects.all()}
    for row in rows:
        if row["successor"]:
            agency = by_code[row["code"]]
            agency.successor = by_code[row["successor"]]
            agency.save(update_fields=["successor"])


def unseed(apps, schema_editor):
    Agency = apps.get_model("agencies", "Agency")
    Agency.objects.update(successor=None)
    Agency.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]
    operations = [migrations.RunPython(seed, unseed)]
