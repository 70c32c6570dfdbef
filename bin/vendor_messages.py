#!/usr/bin/env python
"""Collect what the installed libraries say on screens of ours and do not say in Vietnamese.

Their strings live in locale_vendor/vi, apart from our own catalogue: makemessages
would call them obsolete. Running this again after an upgrade adds new strings,
keeps translations and drops strings that the libraries no longer have.

    bin/vendor_messages.py            update the catalogue
    bin/vendor_messages.py --missing  only count what is untranslated; exit 1 if any
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "locale_vendor" / "vi" / "LC_MESSAGES"
DOMAINS = ["django", "djangojs"]
# Packages whose words our editors see. Their English source catalogue lists every string.
PACKAGES = [
    "django.conf",
    "django.contrib.auth",
    "taggit",
    "wagtail.admin",
    "wagtail",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.forms",
    "wagtail.contrib.typed_table_block",
    "wagtail_localize",
    "wagtail_localize.locales",
]
# Django's names of languages and its pages for developers, which no screen of ours shows.
UNSEEN = ("conf/global_settings.py", "views/")


def _catalogue(package: str, language: str, domain: str) -> polib.POFile | None:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "locale" / language / "LC_MESSAGES"
    path = folder / f"{domain}.po"
    return polib.pofile(path) if path.exists() else None


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def missing_entries(domain: str) -> dict[tuple[str, str], polib.POEntry]:
    """Strings that no library says in Vietnamese, by context and msgid."""
    found: dict[tuple[str, str], polib.POEntry] = {}
    for package in PACKAGES:
        source = _catalogue(package, "en", domain)
        if source is None:
            continue
        theirs = _catalogue(package, "vi", domain) or []
        said = {_key(entry) for entry in theirs if entry.translated()}
        for entry in source:
            if not entry.obsolete and _key(entry) not in said and _is_seen(package, entry):
                found.setdefault(_key(entry), entry)
    return found


def _is_seen(package: str, entry: polib.POEntry) -> bool:
    places = [path for path, _line in entry.occurrences]
    return package != "django.conf" or not all(path.startswith(UNSEEN) for path in places)


def update(domain: str) -> polib.POFile:
    """The catalogue as it should be: today's strings with the translations we have."""
    path = FOLDER / f"{domain}.po"
    kept = {_key(entry): entry for entry in (polib.pofile(path) if path.exists() else [])}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "vi",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for key, entry in sorted(missing_entries(domain).items()):
        fresh.append(_blank_or_kept(entry, kept.get(key)))
    return fresh


def _blank_or_kept(entry: polib.POEntry, old: polib.POEntry | None) -> polib.POEntry:
    plural = {}
    if entry.msgid_plural:
        plural = old.msgstr_plural if old else {0: ""}
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        msgstr=old.msgstr if old else "",
        msgstr_plural=plural,
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
    )


def main() -> int:
    catalogues = {domain: update(domain) for domain in DOMAINS}
    untranslated = sum(len(catalogue.untranslated_entries()) for catalogue in catalogues.values())
    total = sum(len(catalogue) for catalogue in catalogues.values())
    if "--missing" not in sys.argv:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for domain, catalogue in catalogues.items():
            catalogue.save(str(FOLDER / f"{domain}.po"))
    sys.stdout.write(f"{untranslated} of {total} library strings have no Vietnamese\n")
    return 1 if untranslated and "--missing" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
