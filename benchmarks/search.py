"""What ten thousand documents cost beside ten: pages as ratios, with their statements.

    make bench                     both databases, 10 000 documents
    BENCH_DOCUMENTS=2000 make bench

Seconds differ from machine to machine and from hour to hour; what holds is how much
dearer a page is over many documents than over few, asked in turn in one run.
"""

from __future__ import annotations

import logging
import os
import statistics
import time
from datetime import date, timedelta

import django

MANY = int(os.environ.get("BENCH_DOCUMENTS", "10000"))
FEW = 10
ROUNDS = 5
PAGES = {
    "home": "/",
    "register": "/van-ban/",
    "register, filtered": "/van-ban/?hieuluc=in-force&coquan=Ch%C3%ADnh+ph%E1%BB%A7",
    "register, last page": "/van-ban/?trang=99999",
    "search, a number": "/tim-kiem/?q=5/KH-UBND",
    "search, a word of every document": "/tim-kiem/?q=cai+cach",
    "search, a facet": "/tim-kiem/?q=cai+cach&nam=2024&hieuluc=in-force",
    "search, nothing": "/tim-kiem/?q=khongcogi",
    "open data, CSV": "/du-lieu-mo/van-ban.csv",
}
ISSUERS = ["UBND thành phố Hà Nội", "Chính phủ", "Sở Nội vụ", "Bộ Nội vụ"]


def _document(n: int):
    from documents.models import LegalDocumentPage

    return LegalDocumentPage(
        title=f"Kế hoạch cải cách hành chính lĩnh vực thứ {n}",
        slug=f"{n}-kh-ubnd",
        abstract_text=f"Nội dung, nhiệm vụ và phân công thực hiện số {n}.",
        number=f"{n}/KH-UBND",
        doc_type="ke-hoach",
        issuer=ISSUERS[n % len(ISSUERS)],
        level="central" if n % 4 else "city",
        issued_on=date(2016, 1, 4) + timedelta(n % 3900),
    )


def _add(first: int, last: int) -> float:
    """Add documents as an import does, and drain the queue; seconds it took."""
    from documents.bulk_adding import add_all
    from documents.models import DocumentRelation, DocumentsPage, LegalDocumentPage
    from portal.accounts.models import User
    from portal.outbox.draining import drain

    begun = time.perf_counter()
    register = DocumentsPage.objects.get(locale__language_code="vi")
    editor, _made = User.objects.get_or_create(username="do-kiem")
    pages = [_document(n) for n in range(first, last + 1)]
    add_all(register, pages, editor, goes_live=True)
    # One in fifty replaces another.
    newest_first = LegalDocumentPage.objects.order_by("-issued_on")[: (last - first + 1) // 25]
    chosen = list(newest_first)
    DocumentRelation.objects.bulk_create(
        DocumentRelation(source=chosen[n], kind="replaces", target=chosen[-n - 1])
        for n in range(len(chosen) // 2)
    )
    while drain():
        pass
    return time.perf_counter() - begun


def _measure() -> dict[str, tuple[float, int]]:
    """Median seconds and statements of each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    told = {}
    for name, address in PAGES.items():
        _read(client, address)
        with CaptureQueriesContext(connection) as asked:
            _read(client, address)
        seconds = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            _read(client, address)
            seconds.append(time.perf_counter() - begun)
        told[name] = statistics.median(seconds), len(asked)
    return told


def _read(client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    b"".join(response)


def main() -> None:
    django.setup()
    logging.disable(logging.WARNING)
    from django.core.management import call_command
    from django.db import connection

    from site_pages import tree

    call_command("migrate", verbosity=0)
    tree.lay()
    _add(1, FEW)
    few = _measure()
    took = _add(FEW + 1, MANY)
    many = _measure()
    print(f"\n{connection.vendor}: {MANY} documents beside {FEW}")
    print(f"{'page':36}{'ratio':>8}{'statements':>13}")
    for name, (seconds, statements) in many.items():
        before, fewer = few[name]
        print(f"{name:36}{seconds / before:8.1f}{f'{fewer} / {statements}':>13}")
    home = few["home"][0]
    print(f"adding and indexing one document: {took / (MANY - FEW) / home:.2f} of a home page")


if __name__ == "__main__":
    main()
