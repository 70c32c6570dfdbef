#!/usr/bin/env python
"""The portal's own Vietnamese catalogue: collect its strings, and check it.

    bin/messages.py update   write locale/vi anew, translations kept (`make messages`)
    bin/messages.py check    exit 1 when it is not up to date or not complete

Sources are English, so English needs no catalogue of its own. The check collects
into a copy of the checkout and compares strings, not dates or line numbers.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = Path("locale") / "vi" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
# Not words of the portal's pages: libraries, tests, tools.
LEFT_OUT = (".venv", "var", "tests", "bin", "benchmarks", "docs", "locale_vendor", "*/vendor/*")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|(?<!\{)\{\w*\}(?!\})|</?\w+")
Key = tuple[str, str, str]


def collect(folder: Path) -> None:
    """Run makemessages in this checkout or in a copy of it."""
    (folder / CATALOGUES).mkdir(parents=True, exist_ok=True)
    ignore = [part for name in LEFT_OUT for part in ("--ignore", name)]
    for domain in DOMAINS:
        command = ["makemessages", "--locale", "vi", "--domain", domain, "--no-obsolete"]
        command += ["--no-wrap", "--add-location", "file", *ignore]
        # Without settings makemessages needs no database and writes into ./locale.
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        subprocess.run(
            [sys.executable, "-m", "django", *command],
            cwd=folder,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def copy_checkout(target: Path) -> None:
    """Copy what git would take: tracked files and new ones, nothing ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.suffix in {".py", ".html", ".txt", ".js", ".po"} and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)


def key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def read(folder: Path, domain: str) -> dict[Key, polib.POEntry]:
    path = folder / CATALOGUES / f"{domain}.po"
    entries = polib.pofile(str(path)) if path.exists() else []
    return {key(entry): entry for entry in entries if not entry.obsolete}


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def incomplete(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation."""
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(said):
        yield "has no Vietnamese"
        return
    if entry.fuzzy:
        yield "is marked fuzzy"
    if any(unicodedata.normalize("NFC", text) != text for text in said):
        yield "is not in NFC"
    # One Vietnamese form stands for every number: it follows the plural's placeholders.
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    if any(placeholders(text) != wanted for text in said):
        yield f"says other placeholders or tags than {wanted}"


def check() -> list[str]:
    """Every problem of the committed catalogues, a line each."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_checkout(copy)
        collect(copy)
        for domain in DOMAINS:
            ours, fresh = read(ROOT, domain), read(copy, domain)
            problems += [f"{domain}: not collected yet: {k[1]!r}" for k in fresh.keys() - ours]
            problems += [
                f"{domain}: nobody says it any more: {k[1]!r}" for k in ours.keys() - fresh
            ]
            for entry in ours.values():
                problems += [f"{domain}: {entry.msgid!r} {fault}" for fault in incomplete(entry)]
    return sorted(problems)


def main() -> int:
    if sys.argv[1:] == ["update"]:
        collect(ROOT)
        return 0
    problems = check()
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        sys.stderr.write(f"{len(problems)} problems in {CATALOGUES}; `make messages` collects\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
