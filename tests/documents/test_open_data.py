"""The register as open data."""

from __future__ import annotations

import csv
import io
from datetime import date

from documents.models import DocumentRelation
from tests.documents.factories import add


def test_open_data_says_nothing_of_what_is_not_public(client, register):
    public = add(register, 1)
    draft = add(register, 2, number="2/QĐ-MẬT".replace("Ậ", "A"), issued_on=date(2020, 1, 1))
    draft.unpublish()
    shown = add(register, 3, number="3/QĐ-UBND", issued_on=date(2020, 1, 1))
    for target in (draft, shown):
        DocumentRelation.objects.create(source=public, kind="guides", target=target)
    sent = b"".join(client.get("/du-lieu-mo/van-ban.csv")).decode()
    assert "guides 3/QĐ-UBND" in sent
    assert draft.number not in sent


def test_no_cell_of_open_data_becomes_a_formula(client, register):
    for n, title in enumerate(["=1+1", "@SUM(A1)", "x;=cmd|'/c calc'!A1", "\uff1d1+1"], start=1):
        add(register, n, title=title)
    response = client.get("/du-lieu-mo/van-ban.csv")
    assert 'rel="license"' in response.headers["Link"]
    rows = csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig")))
    for row in rows:
        assert not row["title"].startswith(("=", "@", "\uff1d"))
        assert ";=" not in row["title"]


def test_the_schema_names_every_code(client, register):
    add(register, 1)
    row = client.get("/du-lieu-mo/van-ban.json").json()["rows"][0]
    told = client.get("/du-lieu-mo/van-ban/luoc-do.json").json()
    fields = {field["name"]: field for field in told["schema"]["fields"]}
    assert list(row) == list(fields)
    for name in ("type", "level", "state"):
        assert row[name] in {item["value"] for item in fields[name]["categories"]}
    assert told["licenses"][0]["path"].endswith("/du-lieu-mo/")
