"""Every environment variable the portal reads, typed, in one place.

Values that would be unsafe in production are refused here, all at once and by
name, so that an operator mends them in one go.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_SECRET = 50


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _weak(key: str) -> bool:
    marked = key.startswith("django-insecure-")
    return marked or len(key) < SHORTEST_SECRET or len(set(key)) < 10


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is absent or a number that can be one."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_database(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _has_port(parts) and len(parts.path) > 1
    return parts.scheme == "sqlite"


def _is_mail_server(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"smtp", "smtps"} and _has_port(parts) and bool(parts.hostname)


def _is_scanner(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path.startswith("/") and not parts.netloc
    return parts.scheme == "tcp" and _has_port(parts) and bool(parts.hostname)


@dataclass(frozen=True)
class Environment:
    """What the process was started with. `problems` is empty when it is safe to serve."""

    secret_key: str
    secret_key_fallbacks: list[str]
    database_url: str
    hosts: list[str]
    base_url: str
    email_url: str
    email_from: str
    var_dir: Path
    media_dir: Path
    quarantine_dir: Path
    exports_dir: Path
    clamd_address: str
    behind_proxy: bool
    hsts_preload: bool
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Environment:
        get = (os.environ if environ is None else environ).get
        var_dir = Path(get("VAR_DIR") or ROOT / "var")
        environment = cls(
            # SECRET_KEY: 50 characters or more, unlike the development one
            secret_key=get("SECRET_KEY", ""),
            # SECRET_KEY_FALLBACKS: earlier keys during a rotation, by comma
            secret_key_fallbacks=_words(get("SECRET_KEY_FALLBACKS", "")),
            # DATABASE_URL: postgres://user:password@host:port/name or sqlite:///path
            database_url=get("DATABASE_URL", ""),
            # ALLOWED_HOSTS: exact host names, by comma
            hosts=_words(get("ALLOWED_HOSTS", "")),
            # BASE_URL: how the outside reaches the portal; printed in QR codes and e-mails
            base_url=get("BASE_URL", "").rstrip("/"),
            # EMAIL_URL: smtp://user:password@host:port, or smtps://…
            email_url=get("EMAIL_URL", ""),
            # EMAIL_FROM: sender of every message
            email_from=get("EMAIL_FROM", ""),
            # VAR_DIR: whatever the portal writes beside the database
            var_dir=var_dir,
            # MEDIA_DIR: uploaded and produced files
            media_dir=Path(get("MEDIA_DIR") or var_dir / "media"),
            # QUARANTINE_DIR: uploads of the public until they are clean; web and worker share it
            quarantine_dir=Path(get("QUARANTINE_DIR") or var_dir / "quarantine"),
            # EXPORTS_DIR: data files that analysts ordered, served only after a permission check;
            # web and worker share it
            exports_dir=Path(get("EXPORTS_DIR") or var_dir / "exports"),
            # CLAMD_ADDRESS: unix:///run/clamav/clamd.ctl or tcp://host:3310; without it uploads
            # of the public stay in quarantine
            clamd_address=get("CLAMD_ADDRESS", ""),
            # BEHIND_PROXY: nginx sets X-Forwarded-Proto and X-Forwarded-For itself
            behind_proxy=_flag(get("BEHIND_PROXY", "1")),
            # HSTS_PRELOAD: only once every host below the domain speaks https
            hsts_preload=_flag(get("HSTS_PRELOAD", "1")),
        )
        environment.problems.extend(environment._find_problems())
        return environment

    def _find_problems(self) -> list[str]:
        found = []
        if _weak(self.secret_key):
            found.append(f"SECRET_KEY: at least {SHORTEST_SECRET} random characters")
        if any(_weak(key) for key in self.secret_key_fallbacks):
            found.append(f"SECRET_KEY_FALLBACKS: at least {SHORTEST_SECRET} random characters each")
        if not _is_database(self.database_url):
            found.append("DATABASE_URL: postgres://user:password@host:port/name")
        # A leading dot lets every name below the domain in.
        if not self.hosts or any("*" in host or host.startswith(".") for host in self.hosts):
            found.append("ALLOWED_HOSTS: exact host names, no * and no leading dot")
        if not self.base_url.startswith("https://"):
            found.append("BASE_URL: the public https address")
        elif urlsplit(self.base_url).hostname not in {host.strip("[]") for host in self.hosts}:
            found.append("BASE_URL: its host must be one of ALLOWED_HOSTS")
        if not _is_mail_server(self.email_url):
            found.append("EMAIL_URL: smtp://user:password@host:port")
        if self.clamd_address and not _is_scanner(self.clamd_address):
            found.append("CLAMD_ADDRESS: unix:///path/of/the/socket or tcp://host:port")
        if "@" not in self.email_from:
            found.append("EMAIL_FROM: the sender's address")
        return found

    def refuse_if_unsafe(self) -> None:
        """Raise ImproperlyConfigured naming every unsafe variable."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"The portal does not start with these settings:\n{lines}")


def _host(parts: SplitResult) -> str:
    """The host as written: `hostname` lowers it, and a socket directory's case matters."""
    host = parts.netloc.rpartition("@")[2]
    if host.startswith("["):
        return parts.hostname or ""
    return unquote(host.partition(":")[0])


def database(url: str, var_dir: Path) -> dict[str, object]:
    """Django's DATABASES entry for a postgres:// or sqlite:// URL."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or str(var_dir / "portal.sqlite3"),
            "OPTIONS": {
                # Web and worker write together: take the write lock at BEGIN and wait for it.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # A percent-encoded host is a socket directory.
            "HOST": _host(parts),
            "PORT": str(parts.port or ""),
            # ?sslmode=verify-full&sslrootcert=… and whatever else libpq knows. A page's queries
            # join many small tables; compiling such a plan takes a thousand times its run.
            "OPTIONS": {"options": "-c jit=off", **dict(parse_qsl(parts.query))},
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured("DATABASE_URL: only postgres:// and sqlite:// are known")


def email(url: str) -> dict[str, object]:
    """Django's EMAIL_* values for an smtp:// or smtps:// URL."""
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 20,
    }
