"""The database itself refuses to edit a definition of the index: another way is a new number."""

from django.db import migrations

TABLE = "satisfaction_indexdefinition"
MESSAGE = "a definition of the index is never edited: lay down another one"
STAYS = (
    "survey_id", "number", "items", "satisfied", "not_applicable", "pooling", "weights",
    "decimals", "basis",
)

POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_stays() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE}
  FOR EACH ROW WHEN (
    {" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in STAYS)}
    OR (OLD.used_at IS NOT NULL AND OLD.used_at IS DISTINCT FROM NEW.used_at)
  )
  EXECUTE FUNCTION {TABLE}_stays();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER {TABLE}_stays ON {TABLE};
DROP FUNCTION {TABLE}_stays();
"""
SQLITE = f"""CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE}
  WHEN {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in STAYS)}
    OR (OLD.used_at IS NOT NULL AND OLD.used_at IS NOT NEW.used_at)
  BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
SQLITE_BACK = f"DROP TRIGGER {TABLE}_stays"


def forbid(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE, params=None)


def allow(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL_BACK if is_postgresql else SQLITE_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("satisfaction", "0016_export_weights")]
    operations = [migrations.RunPython(forbid, allow)]
