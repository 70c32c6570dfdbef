"""Documents for tests."""

from __future__ import annotations

from datetime import date, timedelta

from documents.models import LegalDocumentPage


def add(register, n: int = 1, **fields) -> LegalDocumentPage:
    values = {
        "title": f"Văn bản <i>số</i> {n}",
        "slug": f"van-ban-{n}",
        "number": f"{n}/2026/QĐ-UBND",
        "doc_type": "quyet-dinh",
        "issuer": "UBND thành phố Hà Nội",
        "level": "city",
        "issued_on": date(2026, 1, 1) + timedelta(n % 300),
        "locale": register.locale,
    }
    return register.add_child(instance=LegalDocumentPage(**{**values, **fields}))
