"""The nightly copy of database and files: deploy/backup."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

SCRIPT = Path(settings.BASE_DIR) / "deploy" / "backup"


def address(name: str) -> str:
    given = connection.settings_dict
    host = quote(given["HOST"], safe="")
    return f"postgres://{given['USER']}@{host}:{given['PORT']}/{name}"


@pytest.fixture
def house(tmp_path) -> Path:
    (tmp_path / "var" / "media" / "documents").mkdir(parents=True)
    (tmp_path / "var" / "media" / "documents" / "Quyết định.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "var" / "quarantine").mkdir()
    return tmp_path


def back_up(house: Path, database: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": address(database),
        "VAR_DIR": str(house / "var"),
        "MEDIA_DIR": "",
        "QUARANTINE_DIR": "",
        "BACKUP_DIR": str(house / "copies"),
    }
    return subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=False)


def said(*command: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def copies(house: Path) -> list[str]:
    return sorted(path.name for path in (house / "copies").iterdir())


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_copy_holds_the_database_and_the_files_and_proves_itself(house):
    old = house / "copies" / "2020-01-01_021500"
    old.mkdir(parents=True)
    long_ago = (datetime.now().astimezone() - timedelta(days=30)).timestamp()
    os.utime(old, (long_ago, long_ago))

    done = back_up(house, connection.settings_dict["NAME"])

    assert done.returncode == 0, done.stderr
    (made,) = copies(house)
    folder = house / "copies" / made
    assert folder.stat().st_mode & 0o777 == 0o700
    said("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=folder)
    listed = subprocess.run(
        ["pg_restore", "--list", folder / "database.dump"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "TABLE DATA public satisfaction_response" in listed
    files = said("tar", "--list", "--quoting-style=literal", "--file", folder / "media.tar")
    assert "./documents/Quyết định.pdf" in files.splitlines()


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_copy_that_failed_takes_no_earlier_one_with_it(house):
    earlier = house / "copies" / "2020-01-01_021500"
    earlier.mkdir(parents=True)

    done = back_up(house, "khong-co")

    assert done.returncode != 0
    assert [name for name in copies(house) if not name.endswith(".part")] == [earlier.name]
