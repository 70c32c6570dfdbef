"""Production settings: what is unsafe is refused by name, what is safe passes Django's own list."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "rT7-qPzX0vLm4kW9sYb2NcE6hJdA8fGu3iOxQy5tVwKn1RzMpLs",
    "DATABASE_URL": "postgres://portal:x@127.0.0.1/portal",
    "ALLOWED_HOSTS": "cchc.example.vn",
    "BASE_URL": "https://cchc.example.vn",
    "EMAIL_URL": "smtp://mail.example.vn",
    "EMAIL_FROM": "khong-tra-loi@example.vn",
}


def run(*arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Python under production settings with a safe environment, but for what is changed."""
    environment = {name: value for name, value in (SAFE | changed).items() if value is not None}
    environment.setdefault("CLAMD_ADDRESS", "unix:///run/clamav/clamd.ctl")
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings.base"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_safe_environment_passes_djangos_deployment_checks():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("SECRET_KEY", "django-insecure-" + SAFE["SECRET_KEY"]),
        ("SECRET_KEY_FALLBACKS", SAFE["SECRET_KEY"] + ",short"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://portal@127.0.0.1/portal"),
        ("DATABASE_URL", "postgres://portal@127.0.0.1:port/portal"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "cchc.example.vn,*.example.vn"),
        ("ALLOWED_HOSTS", "cchc.example.vn,.example.vn"),
        ("BASE_URL", None),
        ("BASE_URL", "http://cchc.example.vn"),
        ("BASE_URL", "https://elsewhere.example.vn"),
        ("EMAIL_URL", None),
        ("EMAIL_URL", "mail.example.vn:587"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_FROM", None),
        ("EMAIL_FROM", "portal"),
    ],
)
def test_an_unsafe_variable_is_refused_by_name(name, unsafe):
    done = run("-c", "import portal.settings.base", **{name: unsafe})
    assert done.returncode != 0
    last = done.stderr[done.stderr.index("The portal does not start") :]
    assert f"- {name}: " in last
    others = set(SAFE) - {name}
    assert not [other for other in others if f"- {other}: " in last and other != "BASE_URL"]


def test_everything_unsafe_is_named_at_once():
    done = run("-c", "import portal.settings.base", **dict.fromkeys(SAFE))
    assert all(f"- {name}: " in done.stderr for name in SAFE)


def test_a_refusal_never_repeats_a_secret():
    done = run("-c", "import portal.settings.base", SECRET_KEY="bi-mat", EMAIL_FROM=None)
    assert "bi-mat" not in done.stderr


def test_a_safe_environment_serves():
    done = run("-c", "import portal.wsgi")
    assert done.returncode == 0, done.stderr
