"""The database itself refuses to change or delete a published edition."""

from django.db import migrations

FROZEN = [
    "kind", "subject_id", "number", "title", "code", "state", "document_number", "document_date",
    "snapshot", "snapshot_sha256", "method_version", "pdf", "pdf_sha256", "pdf_size",
    "corrects_id", "change_note", "made_at", "published_by_id", "published_at",
]
MESSAGE = "a published edition never changes"

POSTGRESQL = f"""
CREATE FUNCTION reporting_edition_frozen() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER reporting_edition_no_update BEFORE UPDATE ON reporting_edition
  FOR EACH ROW WHEN (OLD.state = 'published' AND
    ({" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FROZEN)}))
  EXECUTE FUNCTION reporting_edition_frozen();
CREATE TRIGGER reporting_edition_no_delete BEFORE DELETE ON reporting_edition
  FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION reporting_edition_frozen();
"""
POSTGRESQL_BACK = """
DROP TRIGGER reporting_edition_no_update ON reporting_edition;
DROP TRIGGER reporting_edition_no_delete ON reporting_edition;
DROP FUNCTION reporting_edition_frozen();
"""
SQLITE = [
    f"""CREATE TRIGGER reporting_edition_no_update BEFORE UPDATE ON reporting_edition
    WHEN OLD.state = 'published' AND
      ({" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FROZEN)})
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER reporting_edition_no_delete BEFORE DELETE ON reporting_edition
    WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER reporting_edition_no_update",
    "DROP TRIGGER reporting_edition_no_delete",
]


def _run(schema_editor, postgresql, sqlite):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql, params=None)
    else:
        for statement in sqlite:
            schema_editor.execute(statement, params=None)


def freeze(apps, schema_editor):
    _run(schema_editor, POSTGRESQL, SQLITE)


def thaw(apps, schema_editor):
    _run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
