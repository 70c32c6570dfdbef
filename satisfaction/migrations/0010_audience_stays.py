"""The database itself refuses to change who answers a survey: anonymity is not switched back."""

from django.db import migrations

TABLE = "satisfaction_survey"
MESSAGE = "who answers a survey is decided when it is made and never changed"

POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_audience_stays() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {TABLE}_audience_stays BEFORE UPDATE ON {TABLE}
  FOR EACH ROW WHEN (OLD.audience IS DISTINCT FROM NEW.audience)
  EXECUTE FUNCTION {TABLE}_audience_stays();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER {TABLE}_audience_stays ON {TABLE};
DROP FUNCTION {TABLE}_audience_stays();
"""
SQLITE = f"""CREATE TRIGGER {TABLE}_audience_stays BEFORE UPDATE ON {TABLE}
  WHEN OLD.audience IS NOT NEW.audience
  BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
SQLITE_BACK = f"DROP TRIGGER {TABLE}_audience_stays"


def forbid(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE, params=None)


def allow(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL_BACK if is_postgresql else SQLITE_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("satisfaction", "0009_fieldwork")]
    operations = [migrations.RunPython(forbid, allow)]
