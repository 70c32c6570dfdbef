"""Exports for analysts: what is read back from each format is what the database holds."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from datetime import date, timedelta
from decimal import Decimal

import pandas
import pyreadstat
import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal import clock
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow, OutboxState
from satisfaction.exports import files, ordering, writers
from satisfaction.exports.columns import Column
from satisfaction.exports.missing import Missing
from satisfaction.models import Audience, DataExport, ExportState, Response, TextAnswer
from satisfaction.paths import shown
from satisfaction.questionnaires import read
from tests.accounts import staff

from .factories import NOON, every_kind, full_form, make_full_survey, respond

pytestmark = pytest.mark.django_db
FORMATS = ["csv", "xlsx", "sav", "jsonl"]
DANGER = '=HYPERLINK("http://x")'


@pytest.fixture(autouse=True)
def _noon(at):
    at(NOON)


@pytest.fixture
def analyst():
    return staff("phan.tich", "satisfaction.export_responses")


@pytest.fixture
def reader():
    return staff(
        "doc.y.kien",
        "satisfaction.export_responses",
        "satisfaction.read_texts",
        "satisfaction.export_original_texts",
    )


def filled(**fields):
    """A survey with answers of many sorts: skipped, not shown, declined, long words."""
    definition = every_kind()
    definition["scales"]["ba-muc"]["choices"].append(
        {"code": 98, "label": {"vi": "Từ chối"}, "declined": True}
    )
    definition["sections"][1]["questions"][0]["label"]["vi"] = "Đánh giá " + "rất dài ỗ " * 60
    survey = make_full_survey(definition=definition, **fields)
    respond(survey, full_form())
    respond(survey, full_form(come="2"))
    respond(survey, full_form(wait="", why=["99"], g1="9", g2="98", words=DANGER))
    respond(survey, full_form(**{"day.day": "", "day.month": "", "day.year": ""}, wait="0,5",
                              why=["2", "3"], **{"order.1": "", "order.3": ""}))  # fmt: skip
    respond(survey, full_form(words="Gọi ông Nguyễn Văn An 0912345678"), seconds=1)
    return survey


def made(survey, user, file_format: str, texts: str = "none") -> DataExport:
    export = ordering.order(survey.pk, file_format, texts, user)
    drain()
    export.refresh_from_db()
    assert export.state == ExportState.READY, OutboxRow.objects.latest("pk").last_error
    return export


def content(export: DataExport) -> bytes:
    return files.path_of(export).read_bytes()


def frame(export: DataExport) -> pandas.DataFrame:
    path = files.path_of(export)
    if export.format == "csv":
        return pandas.read_csv(path, sep=";", encoding="utf-8-sig", keep_default_na=False)
    if export.format == "xlsx":
        return pandas.read_excel(path, keep_default_na=False)
    return pyreadstat.read_sav(path, user_missing=True)[0]


def key_of(response: Response) -> tuple:
    """What tells the responses of `filled` apart, as the formats show it."""
    code = response.answers.get
    return (
        response.status,
        code("come"),
        code("g1") or (-1 if code("come") == 1 else -2),
        code("g2") or (-1 if code("come") == 1 else -2),
        Decimal(code("wait")) if code("wait") else None,
        date.fromisoformat(code("day")) if code("day") else None,
        tuple(code("order") or ()),
        tuple(code("why") or ()),
        code("score"),
    )


def key_of_row(row: dict) -> tuple:
    def is_there(name: str) -> bool:
        return int(row[f"{name}_st"]) == 1

    ranks = {code: int(row[f"order_{code}"]) for code in (1, 2, 3)}
    why = tuple(code for code in (1, 2, 3, 7, 8, 99) if int(row[f"why_{code}"]) == 1)
    day = row["day_v2"]
    return (
        row["status"],
        int(row["come"]),
        int(row["g1"]) if row["g1"] == row["g1"] else -2,
        int(row["g2"]) if row["g2"] == row["g2"] else -2,
        Decimal(str(row["wait"])).normalize() if is_there("wait") else None,
        day if isinstance(day, date) else date.fromisoformat(day) if is_there("day_v2x") else None,
        tuple(sorted((code for code in ranks if ranks[code] > 0), key=ranks.get)),
        why,
        int(row["score"]),
    )


@pytest.mark.parametrize("file_format", FORMATS[:3])
def test_what_is_read_back_is_what_the_database_holds(file_format, analyst):
    survey = filled()
    export = made(survey, analyst, file_format)
    rows = frame(export).to_dict("records")
    for row in rows:
        row["day_v2x_st"] = row.get("day_st")
    assert len(rows) == export.rows == Response.objects.count() == 5
    stored = [key_of(response) for response in Response.objects.all()]
    stored = [
        (*key[:4], key[4].normalize() if key[4] is not None else None, *key[5:]) for key in stored
    ]
    assert sorted(map(repr, map(key_of_row, rows))) == sorted(map(repr, stored))
    assert hashlib.sha256(content(export)).hexdigest() == export.sha256
    assert len(content(export)) == export.size


def test_json_lines_hold_every_answer_with_skipped_and_not_shown_apart(analyst):
    survey = filled()
    lines = content(made(survey, analyst, "jsonl")).decode().splitlines()
    records = [json.loads(line) for line in lines]
    stored = Response.objects.all()
    assert sorted(json.dumps(r["answers"], sort_keys=True) for r in records) == sorted(
        json.dumps(r.answers, sort_keys=True) for r in stored
    )
    questionnaire = read(survey.versions.get().definition)
    for record in records:
        asked = {q.code for q in shown(questionnaire, record["answers"]).questions()}
        assert asked.isdisjoint(record["not_shown"])
        assert set(record["skipped"]) <= asked - set(record["answers"])
        everything = {*record["answers"], *record["skipped"], *record["not_shown"]}
        assert everything == set(questionnaire.counted)
        assert "texts" not in record


def test_skipped_not_shown_and_does_not_apply_stand_apart(analyst):
    survey = filled()
    rows = frame(made(survey, analyst, "csv"))
    away = rows[rows["come"] == 2].iloc[0]
    assert (away["g1"], away["why_1"], away["wait_st"]) == (-2, -2, -2)
    declined = rows[rows["why_99"] == 1].iloc[0]
    assert (declined["why_1"], declined["g1"], declined["wait_st"]) == (-4, 9, -1)
    skipped = rows[rows["day_st"] == -1].iloc[0]
    assert (skipped["day_v2"], skipped["order_2"]) == ("", -1)


def test_spss_knows_labels_and_what_is_no_answer(analyst):
    survey = filled()
    export = made(survey, analyst, "sav")
    _rows, meta = pyreadstat.read_sav(files.path_of(export), user_missing=True)
    assert meta.variable_value_labels["g2"][1.0] == "Kém"
    assert meta.variable_value_labels["why_7"][-1.0] == "Bỏ qua"
    assert meta.variable_value_labels["g1"][98.0] == "Từ chối"
    label = meta.column_names_to_labels["g1"]
    assert label.startswith("Đánh giá rất dài ỗ")
    assert len(label.encode()) <= writers.SPSS_LABEL
    assert label.endswith("…")
    clean, _meta = pyreadstat.read_sav(files.path_of(export))
    # User-missing codes are empty for whoever does not ask for them.
    assert clean["g1"].dropna().isin([1, 2, 3]).all()
    assert clean["g2"].dropna().isin([1, 2, 3]).all()
    assert clean["why_1"].dropna().isin([0, 1]).all()
    assert clean["order_1"].dropna().isin([1, 2, 3]).all()
    assert meta.variable_value_labels["come"][1.0] == "Có"


@pytest.mark.parametrize("most", [120, 251, 10])
def test_labels_are_cut_between_letters(most):
    for length in range(1, 300):
        text = writers.cut("ỗ" * length + "a" * (length % 3), most)
        assert len(text.encode()) <= most
        assert "\ufffd" not in text


def test_spss_has_room_for_what_is_no_answer():
    def missing(*codes: int, values=(1, 2, 3)) -> Missing:
        labels = {code: {"vi": "x"} for code in (*values, *codes, -1, -2)}
        return Missing(Column("a", {"vi": "x"}, "code", "a", labels, (*codes, -1, -2)))

    assert missing().declared == [{"lo": -2, "hi": -1}]
    assert missing(9).declared == [{"lo": -2, "hi": -1}, 9]
    assert missing(0, 9).declared == [{"lo": -2, "hi": 0}, 9]
    assert missing(7, 8, 9).declared == [{"lo": 7, "hi": 9}, -1]
    assert missing(7, 8, 9).code(-2) is None
    # Answers between the codes: no range holds them, so those codes are moved.
    between = missing(0, 8, 9)
    assert between.declared == [{"lo": -1009, "hi": -1}]
    assert [between.code(code) for code in (-2, -1, 0, 1, 3, 8, 9)] == [
        -2, -1, -1000, 1, 3, -1008, -1009,
    ]  # fmt: skip


@pytest.mark.parametrize("file_format", FORMATS)
def test_made_twice_it_is_the_same_file(file_format, analyst, at):
    """A worker that is killed before it says "done" is followed by another."""
    survey = filled()
    export = made(survey, analyst, file_format)
    first = content(export)
    DataExport.objects.filter(pk=export.pk).update(state=ExportState.MAKING)
    OutboxRow.objects.filter(kind=ordering.KIND).update(state=OutboxState.WAITING)
    # Who answers meanwhile is in the next export.
    respond(survey, full_form())
    at(clock.now() + timedelta(minutes=11))
    drain()
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert content(export) == first
    assert export.rows == 5
    leftovers = list(files.path_of(export).parent.glob("*.part"))
    assert leftovers == []


def test_a_file_that_lacks_rows_is_not_handed_out(analyst, monkeypatch):
    survey = filled()
    monkeypatch.setitem(writers.WRITERS, "csv", lambda table, path, made: 4)
    export = ordering.order(survey.pk, "csv", "none", analyst)
    drain()
    export.refresh_from_db()
    assert export.state == ExportState.MAKING
    row = OutboxRow.objects.get(kind=ordering.KIND)
    assert (row.state, row.last_error) == (OutboxState.WAITING, "Truncated")
    assert not files.path_of(export).exists()


def test_rows_say_nothing_of_the_order_in_which_people_came(analyst):
    survey = make_full_survey()
    for number in range(30):
        respond(survey, full_form(wait=str(number)))
    export = made(survey, analyst, "csv")
    waits = list(frame(export)["wait"])
    assert sorted(waits) == list(range(30))
    assert waits not in (sorted(waits), sorted(waits, reverse=True))
    again = made(survey, analyst, "csv")
    assert list(frame(again)["wait"]) != waits
    assert list(frame(again)["response"]) == list(range(1, 31))


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_closed_survey_gives_no_day_and_no_receipt(file_format, reader):
    answered = filled()
    definition = answered.versions.get().definition
    survey = make_full_survey("kin", definition=definition, audience=Audience.INVITED)
    Response.objects.update(survey=survey, version=survey.versions.get())
    export = made(survey, reader, file_format, "original")
    if file_format == "jsonl":
        names = set(json.loads(content(export).decode().splitlines()[0]))
    else:
        names = set(frame(export).columns)
    assert "day" not in names
    raw = content(export)
    for response in Response.objects.all():
        assert response.receipt_code.encode() not in raw
        assert str(response.idempotency_key).encode() not in raw


def test_free_texts_come_only_for_who_may_and_masked_unless_they_may_more(analyst, reader, client):
    survey = filled()
    assert "words" not in frame(made(survey, analyst, "csv"))
    assert [t.value for t in ordering.texts_for(analyst)] == ["none"]
    for texts in ("masked", "original"):
        with pytest.raises(ordering.PermissionDenied):
            ordering.order(survey.pk, "csv", texts, analyst)
    masked = frame(made(survey, reader, "csv", "masked"))
    assert "Gọi ông [họ tên] [số điện thoại]" in set(masked["words"])
    original = made(survey, reader, "jsonl", "original")
    texts = [json.loads(line)["texts"] for line in content(original).decode().splitlines()]
    stored = {(t.question, t.text) for t in TextAnswer.objects.all()}
    assert {pair for record in texts for pair in record.items()} == stored
    half = staff("nua", "satisfaction.export_responses", "satisfaction.read_texts")
    client.force_login(half)
    assert client.get(reverse("survey_export_file", args=[original.pk])).status_code == 302


def test_no_text_runs_as_a_formula(reader):
    survey = filled()
    raw = content(made(survey, reader, "csv", "original")).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(raw), delimiter=";") for cell in row]
    assert f"'{DANGER}" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    sheet = frame(made(survey, reader, "xlsx", "original"))
    assert f"'{DANGER}" in set(sheet["words"])
    rows, _meta = pyreadstat.read_sav(files.path_of(made(survey, reader, "sav", "original")))
    assert DANGER in set(rows["words"])
    assert "Trả lại <b>tờ khai</b>" in set(rows["why_other"])


def test_the_dictionary_beside_the_file_explains_every_column(analyst):
    survey = filled()
    export = made(survey, analyst, "csv")
    text = files.path_of(export, files.DICTIONARY).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {line["column"] for line in lines if line["column"]} == set(frame(export).columns)
    assert {"value": "9", "is_no_answer": "1"}.items() <= next(
        line for line in lines if line["column"] == "g1" and line["value"] == "9"
    ).items()
    proof = {line["value"]: line["label_vi"] for line in lines if line["kind"] == "file"}
    assert (proof["rows"], proof["sha256"]) == ("5", export.sha256)


def test_the_admin_orders_shows_and_hands_out(client, analyst):
    survey = filled()
    client.force_login(analyst)
    address = reverse("survey_exports", args=[survey.pk])
    assert client.get(address).status_code == 200
    for _click in range(2):
        client.post(address, {"format": "csv", "texts": "none"})
    export = DataExport.objects.get()
    assert client.get(reverse("survey_export_file", args=[export.pk])).status_code == 404
    drain()
    export.refresh_from_db()
    page = client.get(address).content.decode()
    assert export.sha256 in page
    response = client.get(reverse("survey_export_file", args=[export.pk]))
    assert b"".join(response.streaming_content) == content(export)
    assert "no-store" in response["Cache-Control"]
    response = client.get(reverse("survey_export_dictionary", args=[export.pk]))
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["satisfaction.export.order", "satisfaction.export.download"]
    page = client.post(address, {"format": "csv", "texts": "original"})
    assert DataExport.objects.count() == 1


def test_others_neither_order_nor_take(client, analyst):
    survey = filled()
    export = made(survey, analyst, "csv")
    client.force_login(staff("nguoi.xem", "satisfaction.view_results"))
    address = reverse("survey_exports", args=[survey.pk])
    assert client.get(address).status_code == 302
    assert client.post(address, {"format": "csv", "texts": "none"}).status_code == 302
    for name in ("survey_export_file", "survey_export_dictionary"):
        assert client.get(reverse(name, args=[export.pk])).status_code == 302
    assert DataExport.objects.count() == 1


def test_files_are_erased_on_their_day_and_lost_ones_swept(analyst, at, client):
    survey = filled()
    export = made(survey, analyst, "csv")
    lost = files.path_of(export).with_name("1234.part")
    lost.write_text("x")
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(lost, (old, old))
    assert ordering.purge() == 0
    assert not lost.exists()
    assert files.path_of(export).exists()
    at(export.expires_at)
    client.force_login(analyst)
    assert client.get(reverse("survey_export_file", args=[export.pk])).status_code == 404
    assert ordering.purge() == 1
    assert not files.path_of(export).exists()
    assert not files.path_of(export, files.DICTIONARY).exists()
    export.refresh_from_db()
    assert export.state == ExportState.EXPIRED


def test_an_empty_survey_gives_a_heading(analyst):
    survey = make_full_survey()
    for file_format in FORMATS:
        export = made(survey, analyst, file_format)
        assert export.rows == 0


def test_the_command_writes_the_same_rows(analyst, tmp_path):
    survey = filled()
    path, words = tmp_path / "a.jsonl", tmp_path / "a.csv"
    call_command(
        "export_responses", survey.code, output=str(path), format="jsonl", dictionary=str(words)
    )
    from_command = [json.loads(line)["answers"] for line in path.read_text().splitlines()]
    lines = content(made(survey, analyst, "jsonl")).decode().splitlines()
    assert sorted(map(repr, from_command)) == sorted(
        repr(json.loads(line)["answers"]) for line in lines
    )
    assert words.read_text(encoding="utf-8-sig").startswith("column;question")
