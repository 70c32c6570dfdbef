"""One spelling an issuer: 'UBND TP Hà Nội' and 'Ủy ban nhân dân thành phố Hà Nội' are one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.text import clean, fold

_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubtvqh": "uy ban thuong vu quoc hoi",
    "ttg": "thu tuong chinh phu",
    "tp": "thanh pho",
    "vp": "van phong",
    "bch": "ban chap hanh",
    "tw": "trung uong",
    "tu": "thanh uy",
}


def key(name: str) -> str:
    """What two spellings of one issuer share."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    return " ".join(_SHORT.get(word, word) for word in words)


def canonical(name: str, known: Iterable[str]) -> str:
    """The spelling that the register uses already, or this one, tidied."""
    tidied = " ".join(clean(name).split())
    wanted = key(tidied)
    return next((other for other in known if key(other) == wanted), tidied)
