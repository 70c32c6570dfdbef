"""Every opinion in the rows it should be in, every row answered, all of it public at once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.models import (
    Exclusion,
    MappingKind,
    Opinion,
    OpinionState,
    Point,
    ProvisionMapping,
    RowState,
    SynthesisRow,
)
from consultations.synthesis import (
    answering,
    coverage,
    papers,
    publishing,
    reminding,
    sorting,
    table,
    taking_in,
    words,
)
from consultations.synthesis.answering import Answer
from consultations.synthesis.sorting import Piece
from portal.agencies.models import Agency
from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.editorial.office import allowed

pytestmark = pytest.mark.django_db

LONG = (
    "Tôi là cán bộ một cửa. Đề nghị bỏ yêu cầu nộp bản sao có chứng thực; đề nghị cho nộp "
    "trực tuyến.\n1. Bổ sung mức phạt khi trễ hạn."
)


# --- Points ----------------------------------------------------------------------------


@given(st.text(max_size=400))
def test_the_pieces_of_a_text_put_together_are_the_text(text):
    cuts = words.pieces(text)
    assert "".join(text[start:end] for start, end in cuts) == text
    assert all(start < end for start, end in cuts)


def test_an_opinion_is_split_at_its_sentences():
    told = [LONG[start:end].strip() for start, end in words.pieces(LONG)]
    assert told == [
        "Tôi là cán bộ một cửa.",
        "Đề nghị bỏ yêu cầu nộp bản sao có chứng thực;",
        "đề nghị cho nộp trực tuyến.",
        "1. Bổ sung mức phạt khi trễ hạn.",
    ]


def test_the_points_of_an_opinion_cover_it_word_for_word(consultation, clauses):
    by = house.official()
    opinion = house.said(consultation, LONG, clauses[0])
    (account,) = house.accounts(consultation, opinion)
    cuts = words.pieces(LONG)
    targets = [None, "A", "A", "B"]
    pieces = [Piece(*cut, row) for cut, row in zip(cuts, targets, strict=True)]
    places = {"A": clauses[0].pk, "B": clauses[1].pk}
    sorting.split(account, pieces, by, places)
    points = list(Point.objects.filter(account=account))
    assert "".join(LONG[point.start : point.end] for point in points) == LONG
    assert [point.row and point.row.provision for point in points] == [
        None,
        clauses[0],
        clauses[1],
    ]
    first = points[1].row
    assert first.summary.startswith("Đề nghị bỏ yêu cầu")
    assert first.taken_from == opinion


@pytest.mark.parametrize("cuts", [[(0, 5)], [(0, 5), (6, None)], [(1, None)], [(0, 9), (5, None)]])
def test_points_that_leave_a_gap_are_refused(consultation, cuts):
    opinion = house.said(consultation, LONG)
    (account,) = house.accounts(consultation, opinion)
    pieces = [Piece(start, end or len(LONG), "A") for start, end in cuts]
    with pytest.raises(ValidationError):
        sorting.split(
            account, [Piece(p.start, p.end, f"{n}") for n, p in enumerate(pieces)], house.official()
        )
    assert not Point.objects.exists()
    assert not SynthesisRow.objects.exists()


def test_a_corrected_opinion_is_sorted_again(consultation):
    by = house.official()
    opinion = house.said(consultation)
    sorting.place(consultation.pk, house.accounts(consultation), by)
    Opinion.objects.filter(pk=opinion.pk).update(text="Ý kiến đã sửa lại hoàn toàn.")
    assert coverage.remaining(consultation).unseen == 1
    assert taking_in.take_in(consultation.pk).changed == 1
    assert not Point.objects.exists()
    assert coverage.remaining(consultation).unsorted == 1


def test_the_same_text_is_one_row_with_people_and_texts_counted(consultation, clauses):
    by = house.official()
    same = "Đề nghị rút ngắn thời hạn."
    for text in (same, "đề  nghị rút ngắn thời hạn", "ĐỀ NGHỊ RÚT NGẮN THỜI HẠN!"):
        house.said(consultation, text, clauses[0])
    twice = [house.said(consultation, same, clauses[0]) for _ in range(2)]
    for opinion in twice:
        Opinion.objects.filter(pk=opinion.pk).update(sender_key="một người")
    house.said(consultation, same, clauses[1])
    assert sorting.sort_rest(consultation.pk, by) == 6
    first, second = table.lines(consultation.pk)
    assert (first.opinions, first.people, first.texts) == (5, 4, 1)
    assert (second.opinions, second.row.provision) == (1, clauses[1])
    assert sorting.sort_rest(consultation.pk, by) == 0


def test_what_comes_later_with_the_same_text_joins_the_row(consultation, clauses):
    by = house.official()
    house.said(consultation, "Giữ nguyên.", clauses[0])
    sorting.sort_rest(consultation.pk, by)
    house.said(consultation, "giữ nguyên", clauses[0])
    sorting.sort_rest(consultation.pk, by)
    row = SynthesisRow.objects.get()
    assert row.points.count() == 2


def test_an_opinion_on_an_old_version_goes_to_what_the_provision_became(consultation, clauses, at):
    newer = make.make_text(consultation)
    new = list(newer.provisions.filter(kind="clause").order_by("position"))
    ProvisionMapping.objects.create(
        text_version=newer, old=clauses[0], new=new[2], kind=MappingKind.CHANGED
    )
    ProvisionMapping.objects.create(
        text_version=newer, old=clauses[1], new=None, kind=MappingKind.REMOVED
    )
    house.said(consultation, "Một.", clauses[0])
    house.said(consultation, "Hai.", clauses[1])
    sorting.sort_rest(consultation.pk, house.official())
    found = [(line.row.provision, line.place.name) for line in table.lines(consultation.pk)]
    assert found == [(new[2], new[2].name), (clauses[1], f"{clauses[1].name} (bản 1)")]


def test_left_out_needs_a_ground_and_a_reason(consultation):
    by = house.official()
    house.said(consultation, "Tôi nhất trí.")
    keys = house.accounts(consultation)
    for ground, note in ((Exclusion.AGREES, " "), ("khac", "Lý do")):
        with pytest.raises(ValidationError):
            sorting.leave_out(consultation.pk, keys, ground, note, by)
    sorting.leave_out(consultation.pk, keys, Exclusion.AGREES, "Nhất trí, xin cảm ơn.", by)
    assert coverage.remaining(consultation).is_complete


def test_rows_that_say_the_same_become_one(consultation, clauses):
    by = house.official()
    for text in ("Một.", "Hai.", "Ba."):
        house.said(consultation, text, clauses[0])
    sorting.sort_rest(consultation.pk, by)
    rows = list(SynthesisRow.objects.order_by("number"))
    sorting.merge(consultation.pk, [row.pk for row in rows], rows[1].number, by)
    row = SynthesisRow.objects.get()
    assert (row, row.points.count()) == (rows[1], 3)


# --- Answers ---------------------------------------------------------------------------


@pytest.fixture
def row(consultation, clauses):
    house.said(consultation, "Đề nghị rút ngắn.", clauses[0])
    sorting.sort_rest(consultation.pk, house.official())
    return SynthesisRow.objects.get()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer("", "Vì", is_ready=True), "result"),
        (Answer("accepted", "", "Điều 1", is_ready=True), "reasons"),
        (Answer("accepted", "Vì", is_ready=True), "changed_where"),
        (Answer("partly", "Vì", " ", is_ready=True), "changed_where"),
        (Answer("explained", "\x00", is_ready=True), "reasons"),
        (Answer("bịa", "Vì", is_ready=True), "result"),
    ],
)
def test_an_answer_has_a_result_reasons_and_the_place_it_changed(row, given, field):
    with pytest.raises(ValidationError) as refused:
        answering.answer(row.pk, row.revision, row.summary, given, house.official())
    assert field in refused.value.message_dict
    row.refresh_from_db()
    assert row.state == RowState.OPEN


def test_two_officials_at_once_lose_nothing(row):
    by = house.official()
    answering.answer(row.pk, row.revision, row.summary, house.agreed(reasons="Một"), by)
    with pytest.raises(ValidationError, match="vừa sửa dòng này"):
        answering.answer(row.pk, row.revision, row.summary, house.agreed(reasons="Hai"), by)
    row.refresh_from_db()
    assert row.reasons == "Một"


def test_who_answers_sorts_and_publishes(row, consultation):
    """The drafting agency answers, a unit drafts what it was given, the group oversees."""
    unit = Agency.objects.exclude(code="SNV").first()
    people = {
        "drafter": house.official(),
        "unit": house.official("can.bo.don.vi", unit.code),
        "other": house.official("can.bo.khac", Agency.objects.exclude(code="SNV").last().code),
        "group": make.organiser(),
        "nobody": staff("khong.vai"),
    }
    answering.assign(consultation.pk, [row.pk], make.organiser(), agency=unit)
    draft = Answer("explained", "Vì luật quy định.")
    acts = {
        "draft": lambda u: answering.answer(row.pk, row.revision, row.summary, draft, u),
        "answer": lambda u: answering.answer(row.pk, row.revision, row.summary, house.agreed(), u),
        "many": lambda u: answering.answer_many(consultation.pk, [row.pk], house.agreed(), u),
        "assign": lambda u: answering.assign(consultation.pk, [row.pk], u),
        "sort": lambda u: sorting.sort_rest(consultation.pk, u),
        "place": lambda u: sorting.place(consultation.pk, house.accounts(consultation), u),
        "take_in": lambda u: taking_in.take_in(consultation.pk, u),
        "publish": lambda u: _published(consultation, u),
        "due": lambda u: reminding.set_due(consultation.pk, house.AFTER.date(), u),
    }
    found = {act: "".join(allowed(attempt, people).values()) for act, attempt in acts.items()}
    assert found == {
        "draft": "yynnn",
        "answer": "ynnnn",
        "many": "ynnnn",
        "assign": "ynnyn",
        "sort": "ynnyn",
        "place": "ynnyn",
        "take_in": "ynnyn",
        "publish": "nnnyn",
        "due": "nnnyn",
    }


def _published(consultation, user) -> None:
    with suppress(ValidationError):
        publishing.publish(consultation.pk, user)


def test_one_answer_for_many_rows(consultation, clauses):
    by = house.official()
    for clause in clauses[:3]:
        house.said(consultation, "Đề nghị làm rõ.", clause)
    sorting.sort_rest(consultation.pk, by)
    keys = SynthesisRow.objects.values_list("pk", flat=True)
    assert answering.answer_many(consultation.pk, keys, house.agreed(), by) == 3
    assert coverage.remaining(consultation).is_complete


def test_a_row_that_gets_another_opinion_is_looked_at_again(row, consultation):
    by = house.official()
    answering.answer(row.pk, row.revision, row.summary, house.agreed(), by)
    late = house.said(consultation, "Thêm một ý.")
    sorting.place(consultation.pk, house.accounts(consultation, late), by, row=row.number)
    row.refresh_from_db()
    assert row.state == RowState.DRAFTED


# --- Papers ----------------------------------------------------------------------------


def _paper(consultation, **fields):
    given = {
        "source": "letter",
        "source_name": "Công văn 45/STC-VP",
        "dated_on": make.OPENS.date(),
        "respondent_kind": "agency",
        "agency": Agency.objects.exclude(code="SNV").first(),
        "text": "Đề nghị bổ sung kinh phí thực hiện.",
    }
    return papers.enter(consultation.pk, house.official(), **{**given, **fields})


def test_a_letter_and_a_meeting_stand_in_the_same_table(consultation, clauses):
    _paper(consultation, provision=clauses[0])
    _paper(
        consultation,
        source="meeting",
        source_name="Hội nghị ngày 10/11/2026",
        respondent_kind="person",
        agency=None,
        name="Trần Thị Bí Mật",
        provision=clauses[0],
    )
    house.said(consultation, "Ý kiến trực tuyến.", clauses[0])
    made = house.published(consultation)
    assert made.counts["sources"] == {"online": 1, "letter": 1, "meeting": 1}
    assert made.counts["kinds"] == {"person": 2, "business": 0, "organisation": 0, "agency": 1}
    names = [name for row in made.rows.all() for name in row.names]
    assert names == [Agency.objects.exclude(code="SNV").first().name]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": "mang"}, "source"),
        ({"source_name": ""}, "source_name"),
        ({"text": " \x00"}, "text"),
        ({"agency": None}, "agency"),
        ({"respondent_kind": "person"}, "agency"),
        ({"dated_on": house.AFTER.date().replace(year=2030)}, "dated_on"),
    ],
)
def test_a_paper_says_whose_it_is_and_where_it_comes_from(consultation, fields, field):
    with pytest.raises(ValidationError) as refused:
        _paper(consultation, **fields)
    assert field in refused.value.message_dict
    assert not consultation.papers.exists()


# --- Coverage as a property -------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "hide", "withdraw", "split", "out", "place", "rest", "back"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=14,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_every_counted_opinion_stands_in_exactly_the_rows_it_should(consultation, acts):
    """Whatever was done, what is published covers what counts, once and word for word."""
    point = transaction.savepoint()
    try:
        expected = _played(consultation, acts)
        made = house.published(consultation)
        _check_cover(consultation, made, expected)
    finally:
        transaction.savepoint_rollback(point)


def _played(consultation, acts) -> dict[int, str]:
    by, said = house.official(), []
    for act, a, b in acts:
        keys = house.accounts(consultation, *said) if said else []
        chosen = keys[a % len(keys) :][: b + 1] if keys else []
        if act == "say":
            said.append(
                house.said(consultation, f"Ý kiến số {a} về việc rút ngắn thời hạn. Và {b}.")
            )
        elif act in ("hide", "withdraw") and said:
            state = OpinionState.WITHHELD if act == "hide" else OpinionState.WITHDRAWN
            house.become(said[a % len(said)], state)
        elif act == "out" and chosen:
            sorting.leave_out(consultation.pk, chosen, Exclusion.UNCLEAR, "Không rõ.", by)
        elif act == "place" and chosen:
            sorting.place(consultation.pk, chosen, by)
        elif act == "back" and chosen:
            sorting.take_back(consultation.pk, chosen, by)
        elif act == "split" and chosen:
            _split(consultation.accounts.get(pk=chosen[0]), b, by)
        elif act == "rest":
            sorting.sort_rest(consultation.pk, by)
    return dict(Opinion.objects.filter(consultation=consultation).values_list("pk", "state"))


def _split(account, b: int, by) -> None:
    cuts = words.pieces(account.opinion.text)
    targets = ["A", "B" if b % 2 else None]
    sorting.split(account.pk, [Piece(*c, t) for c, t in zip(cuts, targets, strict=False)], by)


def _check_cover(consultation, made, states) -> None:
    counted = {pk for pk, state in states.items() if state != OpinionState.WITHDRAWN}
    places = list(made.places.values_list("opinion", "row", "exclusion"))
    assert {place[0] for place in places} == counted
    for opinion in counted:
        own = [place for place in places if place[0] == opinion]
        account = consultation.accounts.get(opinion=opinion)
        rows = {point.row.number for point in account.points.exclude(row=None)}
        stands = set(made.rows.filter(places__opinion=opinion).values_list("row_number", flat=True))
        assert stands == rows
        assert len(own) == (len(rows) or 1)
        assert bool(rows) != bool(account.exclusion)
        if rows:
            text = account.opinion.text
            points = account.points.order_by("start")
            assert "".join(text[p.start : p.end] for p in points) == text
    assert made.counts["received"] == len(counted)
    assert sum(made.counts["kinds"].values()) == len(counted)
    left_out = sum(made.counts["left_out"].values())
    assert made.counts["in_rows"] + left_out == len(counted)
    spoken = Counter(made.rows.values_list("result", flat=True))
    assert spoken == Counter(made.counts["results"])
