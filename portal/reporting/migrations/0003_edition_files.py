"""Files that an edition carries beside its PDF, frozen once it is published."""

import django.db.models.deletion
from django.db import migrations, models

MESSAGE = "a published edition never changes"
TABLE = "reporting_editionfile"
ACTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}


def _postgresql():
    yield f"""
    CREATE FUNCTION reporting_file_frozen() RETURNS trigger AS $$
    DECLARE held bigint;
    BEGIN
      IF TG_OP = 'INSERT' THEN held := NEW.edition_id; ELSE held := OLD.edition_id; END IF;
      IF EXISTS (SELECT 1 FROM reporting_edition WHERE id = held AND state = 'published') THEN
        RAISE EXCEPTION '{MESSAGE}';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql;
    CREATE TRIGGER reporting_file_frozen BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION reporting_file_frozen();
    """


def _sqlite():
    for act, row in ACTS.items():
        yield f"""CREATE TRIGGER reporting_file_no_{act} BEFORE {act} ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM reporting_edition
                     WHERE id = {row}.edition_id AND state = 'published')
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""


def freeze(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER reporting_file_frozen ON {TABLE}", params=None)
        schema_editor.execute("DROP FUNCTION reporting_file_frozen()", params=None)
    else:
        for act in ACTS:
            schema_editor.execute(f"DROP TRIGGER reporting_file_no_{act}", params=None)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_published_never_moves")]
    operations = [
        migrations.CreateModel(
            name="EditionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("archive", "PDF/A-3 for the archive, with the data inside"), ("summary", "One-page summary for the leadership (PDF)"), ("docx", "DOCX for editing"), ("csv", "Figures as CSV"), ("json", "Figures as JSON"), ("dictionary", "Description of the columns"), ("method", "Method")], max_length=12, verbose_name="kind")),
                ("file", models.FileField(upload_to="editions/", verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="files", to="reporting.edition", verbose_name="edition")),
            ],
            options={
                "verbose_name": "file of an edition",
                "verbose_name_plural": "files of editions",
                "ordering": ["edition", "pk"],
                "constraints": [models.UniqueConstraint(fields=("edition", "kind"), name="edition_file_once")],
            },
        ),
        migrations.RunPython(freeze, thaw),
    ]
