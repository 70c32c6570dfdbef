"""`make run`: SQLite under var/, plain http on this machine, everything else as in production."""

import os
import secrets

from .env import ROOT

_var = ROOT / "var"
_var.mkdir(exist_ok=True)
_key = _var / "secret_key"
if not _key.exists() or len(_key.read_text()) < 50:
    _key.write_text(secrets.token_urlsafe(64))
    _key.chmod(0o600)

for _name, _value in {
    "SECRET_KEY": _key.read_text(),
    "DATABASE_URL": "sqlite:///",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1],testserver",
    "BASE_URL": f"https://127.0.0.1:{os.environ.get('PORT', '8000')}",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "EMAIL_FROM": "khong-tra-loi@localhost.localdomain",
    "BEHIND_PROXY": "0",
}.items():
    os.environ.setdefault(_name, _value)

from .base import *  # noqa: E402

BASE_URL = WAGTAILADMIN_BASE_URL = BASE_URL.replace("https:", "http:")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
# The __Host- prefix needs https.
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
DEMO_ALLOWED = True
SCANNER_STAND_IN = True
# Letters of a demonstration are files that can be read.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
