"""How a provision is called, where it stands on a page, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from portal.text import fold, nfc

from .models.drafts import Provision, ProvisionKind

LONGEST_NAME, LONGEST_ANCHOR = 300, 160
_SAID = {
    ProvisionKind.CLAUSE: "khoản",
    ProvisionKind.POINT: "điểm",
    ProvisionKind.SECTION: "Mục",
    ProvisionKind.PART: "Phần",
}
_WORDS = {
    ProvisionKind.TABLE: "bảng",
    ProvisionKind.PREAMBLE: "phần mở đầu",
    ProvisionKind.PLAIN: "đoạn",
    ProvisionKind.NOTE: "chú thích",
}
# An article is found by its own number: what it stands in says nothing more.
_ALONE = {ProvisionKind.ARTICLE, ProvisionKind.CHAPTER, ProvisionKind.PART}
_ROMAN = re.compile(r"[IVXLC]+|[A-Z]")
_SPACES = re.compile(r"\s+")


@dataclass
class Counter:
    """Names of one text, each once."""

    anchors: set[str]

    def anchor(self, wanted: str) -> str:
        base = wanted[: LONGEST_ANCHOR - 5] or "doan"
        found, number = base, 1
        while found in self.anchors:
            number += 1
            found = f"{base}-{number}"
        self.anchors.add(found)
        return found


def own_name(row: Provision, place: int) -> str:
    """The provision alone: "Điều 7", "khoản 2"; `place` counts its kind among its siblings."""
    kind = ProvisionKind(row.kind)
    if kind in _WORDS:
        word = _WORDS[kind]
        return f"{word} {row.label}" if row.label else f"{word} {place}" if place > 1 else word
    label = _SPACES.sub(" ", row.label).strip(" .:)–-/")
    if kind is ProvisionKind.DOCUMENT:
        return _SPACES.sub(" ", row.heading.split("\n")[0])[:80].strip().capitalize()
    said = _SAID.get(kind, "")
    if said and label and not label.lower().startswith(said.lower()):
        label = f"{said} {label}"
    return _in_words(label) or str(kind.label)


def _in_words(label: str) -> str:
    """CHƯƠNG IV as Chương IV."""
    if not label.isupper() or " " not in label:
        return label
    first, *rest = label.split(" ")
    kept = [word if _ROMAN.fullmatch(word) else word.lower() for word in rest]
    return " ".join([first.capitalize(), *kept])


def name(own: str, row: Provision, above: list[tuple[Provision, str]]) -> str:
    """With what it belongs to: "Quy chế – Điều 7 khoản 2 điểm a"."""
    document = next((said for up, said in above if up.kind == ProvisionKind.DOCUMENT), "")
    annex = next((said for up, said in above if up.kind == ProvisionKind.ANNEX), "")
    inner = [(up, said) for up, said in above if up.kind not in ("document", "annex")]
    starts = max((n for n, (up, _said) in enumerate(inner) if up.kind in _ALONE), default=0)
    parts = [] if row.kind in _ALONE else [said for _up, said in inner[starts:]]
    told = " ".join([*parts, own])
    found = " – ".join(part for part in (document, annex, told) if part)[:LONGEST_NAME]
    return found[:1].upper() + found[1:]


def anchor(told: str) -> str:
    """ "dieu-7-khoan-2-diem-a", for the address of a place; điểm d and điểm đ are two."""
    return slugify(fold(" ".join("dd" if word == "đ" else word for word in told.split())))


def fingerprint(row: Provision) -> str:
    """SHA-256 of what the provision itself says, white space apart."""
    said = [row.kind, *(_tidy(text) for text in (row.label, row.heading, row.text)), row.cells]
    raw = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", nfc(text)).strip()


def whole(rows: Iterable[Provision]) -> str:
    """SHA-256 of a whole text: every fingerprint in its order and depth."""
    raw = "\n".join(f"{row.depth} {row.sha256}" for row in rows)
    return hashlib.sha256(raw.encode()).hexdigest()
