"""The suite: as local, with fast hashing and mail kept in memory."""

import os

os.environ.setdefault("VAR_DIR", "")

from .local import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, as in the box, and one that --reuse-db finds again: migrating takes a minute.
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
elif os.environ.get("LAID"):
    # bin/test has migrated it.
    _database["TEST"] = {"TEMPLATE": _database["NAME"]}
