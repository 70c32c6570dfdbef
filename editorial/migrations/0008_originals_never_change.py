"""The database itself refuses to change or delete a supplier's original (Art. 3.4)."""

from django.db import migrations

TABLE = "editorial_suppliedoriginal"
FROZEN = [
    "id", "page_number", "page_type", "title", "content", "sha256", "texts", "declaration",
    "declaration_version", "sent_by_id", "agency_id", "sent_at",
]
MESSAGE = "an original as sent in never changes"

# The reference to the page may only become empty: a draft never public may be deleted.
POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_frozen() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}
  FOR EACH ROW WHEN (
    (NEW.page_id IS NOT NULL AND OLD.page_id IS DISTINCT FROM NEW.page_id) OR
    {" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FROZEN)})
  EXECUTE FUNCTION {TABLE}_frozen();
CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION {TABLE}_frozen();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER {TABLE}_no_update ON {TABLE};
DROP TRIGGER {TABLE}_no_delete ON {TABLE};
DROP FUNCTION {TABLE}_frozen();
"""
SQLITE = [
    f"""CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}
    WHEN (NEW.page_id IS NOT NULL AND OLD.page_id IS NOT NEW.page_id) OR
      {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FROZEN)}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_BACK = [f"DROP TRIGGER {TABLE}_no_update", f"DROP TRIGGER {TABLE}_no_delete"]


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
    dependencies = [("editorial", "0007_originals")]
    operations = [migrations.RunPython(freeze, thaw)]
