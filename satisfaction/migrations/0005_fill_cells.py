"""What was counted by version and agency came over the web, unflagged, in one period."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery, Sum

SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")


def fill(apps, schema_editor):
    Cell, Tally, IndexMoment, Response = _models(apps)
    valid = {
        (row["version"], row["agency"]): row["total"]
        for row in Response.objects.filter(status="valid")
        .values("version", "agency")
        .annotate(total=Count("pk"))
        .order_by()
    }
    counted = set(valid)
    for model in (Tally, IndexMoment):
        counted |= set(model.objects.values_list("version", "agency").distinct())
    Cell.objects.bulk_create(
        Cell(
            version_id=version,
            agency_id=agency,
            period="",
            channel="web",
            is_flagged=False,
            n=valid.get((version, agency), 0),
        )
        for version, agency in sorted(counted)
    )
    of_row = Cell.objects.filter(version=OuterRef("version"), agency=OuterRef("agency"))
    for model in (Tally, IndexMoment):
        model.objects.update(cell=Subquery(of_row.values("pk")[:1]))


def empty(apps, schema_editor):
    """Cells of one version and agency are added up again."""
    Cell, Tally, IndexMoment, _response = _models(apps)
    _merge(Tally, ["question", "code"], ["n"])
    _merge(IndexMoment, ["scope"], SUMS)
    Cell.objects.all().delete()


def _merge(model, names, sums):
    keys = ["cell__version", "cell__agency", *names]
    totals = {f"total_{name}": Sum(name) for name in sums}
    merged = [
        model(
            version_id=row["cell__version"],
            agency_id=row["cell__agency"],
            **{name: row[name] for name in names},
            **{name: row[f"total_{name}"] for name in sums},
        )
        for row in model.objects.values(*keys).annotate(**totals).order_by(*keys)
    ]
    model.objects.all().delete()
    model.objects.bulk_create(merged, batch_size=500)


def _models(apps):
    names = ("Cell", "Tally", "IndexMoment", "Response")
    return [apps.get_model("satisfaction", name) for name in names]


class Migration(migrations.Migration):

    dependencies = [("satisfaction", "0004_cells")]

    operations = [migrations.RunPython(fill, empty)]
