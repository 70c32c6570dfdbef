"""Versions: handed in or pasted, read, corrected, mapped, published, and then left alone."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from consultations import correcting, drafting, mapping, preparing, tree
from consultations.models import (
    Consultation,
    ConsultationPage,
    DraftKind,
    MappingKind,
    Provision,
    ProvisionKind,
    ReadingState,
    TextState,
)
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations.drafts import DRAFTS
from tests.consultations.test_structure import AMENDING, DECISION
from tests.consultations.word import docx

pytestmark = pytest.mark.django_db
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def upload(content: bytes, name: str = "du-thao.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, DOCX)


def terms(**fields) -> dict:
    return {
        "title": "Quy chế phối hợp <script>“Đ”",
        "kind": DraftKind.NORMATIVE,
        "agency": Agency.objects.get(code="SNV"),
        "request_document": "120/SNV-CCHC ngày 30/10/2026",
        **fields,
    }


@pytest.fixture
def by(at):
    at("2026-11-02 09:00")
    return make.organiser()


@pytest.fixture
def text(by):
    return drafting.new_version(make.make_consultation().pk, by)


def rows(text) -> dict[str, Provision]:
    return {row.name: row for row in tree.rows_of(text)}


def published(text, by, pasted=DECISION):
    drafting.paste(text.pk, by, pasted)
    return drafting.publish(text.pk, by)


# --- Preparing --------------------------------------------------------------------------


def test_a_consultation_begins_with_the_draft_of_its_page(home, by):
    made = preparing.prepare(by, **terms())
    page = ConsultationPage.objects.get(consultation=made)
    assert not page.live
    assert page.slug == made.code == "quy-che-phoi-hop-scriptd"
    assert preparing.prepare(by, **terms()).code == "quy-che-phoi-hop-scriptd-2"


def test_a_topic_needs_a_question(home, by):
    with pytest.raises(ValidationError):
        preparing.prepare(by, **terms(kind=DraftKind.TOPIC))
    made = preparing.prepare(by, **terms(kind=DraftKind.TOPIC, questions=["Việc gì cần làm?"]))
    assert preparing.question_lines(made) == ["Việc gì cần làm?"]
    with pytest.raises(ValidationError):
        drafting.new_version(made.pk, by)


def test_the_terms_hold_once_it_has_opened(home, by, at):
    made = preparing.prepare(by, **terms(questions=["Một?"]))
    preparing.change(made.pk, by, is_moderated=False, questions=["Hai?"])
    make.open_window(made)
    with pytest.raises(ValidationError):
        preparing.change(made.pk, by, is_moderated=True)
    with pytest.raises(ValidationError):
        preparing.change(made.pk, by, questions=["Ba?"])
    preparing.change(made.pk, by, title="Tên sửa", questions=["Hai?"])
    assert Consultation.objects.get(pk=made.pk).title == "Tên sửa"


def test_somebody_else_prepares_nothing(home, by):
    stranger = staff("nguoi.khac", "consultations.follow_consultations")
    with pytest.raises(PermissionDenied):
        preparing.prepare(stranger, **terms())
    assert not Consultation.objects.exists()


# --- Handing in -------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAFTS)
def test_the_queue_reads_what_was_handed_in(text, by, name):
    drafting.hand_in(text.pk, by, upload(DRAFTS[name](), name))
    text.refresh_from_db()
    assert text.reading == ReadingState.QUEUED
    assert text.source.read() == DRAFTS[name]()
    drain()
    text.refresh_from_db()
    assert text.reading == ReadingState.READ
    found = tree.rows_of(text)
    assert tree.says_the_source(text, found)
    assert len({row.anchor for row in found}) == len(found) > 10
    assert [row.position for row in found] == list(range(len(found)))


def test_a_file_that_cannot_be_read_says_so_and_leaves_the_tree(text, by):
    drafting.paste(text.pk, by, AMENDING)
    before = [row.uuid for row in tree.rows_of(text)]
    drafting.hand_in(text.pk, by, upload(docx(document="<w:document")))
    drain()
    text.refresh_from_db()
    assert text.reading == ReadingState.FAILED
    assert "Word" in text.problem
    assert [row.uuid for row in tree.rows_of(text)] == before


@pytest.mark.parametrize(
    "file",
    [
        upload(b"%PDF-1.4", "du-thao.pdf"),
        upload(b"khong phai", "du-thao.docx"),
        upload(b"", "du-thao.docx"),
    ],
    ids=["another kind", "no docx", "empty"],
)
def test_what_is_no_draft_is_refused_at_the_field(text, by, file):
    with pytest.raises(ValidationError) as refused:
        drafting.hand_in(text.pk, by, file)
    assert set(refused.value.message_dict) == {"file"}
    text.refresh_from_db()
    assert text.reading == ReadingState.NONE


def test_names_say_what_a_provision_belongs_to(text, by):
    drafting.paste(text.pk, by, DECISION)
    names = [row.name for row in tree.rows_of(text)]
    assert names == [
        "Phần mở đầu",
        "Điều 1",
        "Điều 2",
        "Điều 3",
        "Đoạn",
        "Quy chế",
        "Quy chế – Chương I",
        "Quy chế – Điều 1",
        "Quy chế – Điều 1 khoản 1",
        "Quy chế – Điều 1 khoản 2",
        "Quy chế – Điều 1 khoản 2 điểm a",
        "Quy chế – Điều 1 khoản 2 điểm b",
        "Quy chế – Điều 2",
        "Quy chế – Chương II",
        "Quy chế – Chương II Mục 1",
        "Quy chế – Điều 3",
        "Quy chế – Điều 3 khoản 1",
    ]
    anchors = [row.anchor for row in tree.rows_of(text)]
    assert anchors[10] == "quy-che-dieu-1-khoan-2-diem-a"


def test_an_empty_paste_is_refused(text, by):
    with pytest.raises(ValidationError):
        drafting.paste(text.pk, by, " \n\u00a0\n")


# --- Correcting -------------------------------------------------------------------------


def test_a_provision_is_joined_to_what_stands_before_it_and_split_again(text, by):
    drafting.paste(text.pk, by, DECISION)
    point = rows(text)["Quy chế – Điều 1 khoản 2 điểm b"]
    into = correcting.join(point.pk, by)
    assert Provision.objects.get(pk=into).text == "Hồ sơ mật;\nb) Hồ sơ khẩn."
    made = Provision.objects.get(pk=correcting.split(into, by, "b) Hồ sơ"))
    assert (made.kind, made.label, made.text) == (ProvisionKind.POINT, "b)", "Hồ sơ khẩn.")
    assert made.name == "Quy chế – Điều 1 khoản 2 điểm b"
    text.refresh_from_db()
    assert tree.says_the_source(text, tree.rows_of(text))


def test_moved_out_what_followed_comes_along_below(text, by):
    drafting.paste(text.pk, by, DECISION)
    point = rows(text)["Quy chế – Điều 1 khoản 2 điểm a"]
    correcting.outdent(point.pk, by)
    point.refresh_from_db()
    follower = next(row for row in tree.rows_of(text) if row.label == "b)")
    assert point.parent.label == "Điều 1."
    assert follower.parent == point
    correcting.indent(point.pk, by)
    text.refresh_from_db()
    assert tree.says_the_source(text, tree.rows_of(text))


def test_words_set_otherwise_than_the_source_are_published_only_on_purpose(text, by):
    drafting.paste(text.pk, by, DECISION)
    row = rows(text)["Điều 2"]
    correcting.rewrite(row.pk, by, ProvisionKind.ARTICLE, row.label, "", "Câu khác.")
    with pytest.raises(ValidationError) as refused:
        drafting.publish(text.pk, by)
    assert set(refused.value.message_dict) == {"accepts_difference"}
    assert drafting.publish(text.pk, by, accepts_difference=True).is_public


def test_whatever_is_moved_joined_or_split_no_word_is_lost(text, by):
    drafting.paste(text.pk, by, f"{DECISION}\n{AMENDING}")
    chance = random.Random(7)
    acts = [correcting.indent, correcting.outdent, correcting.join]
    done = 0
    for _turn in range(60):
        row = chance.choice(tree.rows_of(text))
        try:
            if chance.random() < 0.3 and len(row.text) > 20:
                correcting.split(row.pk, by, row.text[chance.randrange(1, len(row.text) - 5) :])
            else:
                chance.choice(acts)(row.pk, by)
        except ValidationError:
            continue
        done += 1
        text.refresh_from_db()
        found = tree.rows_of(text)
        assert tree.says_the_source(text, found)
        assert [item.position for item in found] == list(range(len(found)))
        assert [b.row.pk for b in tree.walk(tree.nested(found))] == [item.pk for item in found]
    assert done > 25


def test_moving_changes_the_order_and_is_told_at_publication(text, by):
    drafting.paste(text.pk, by, DECISION)
    row = rows(text)["Điều 2"]
    correcting.move_up(row.pk, by)
    assert [item.label for item in tree.rows_of(text)][1:3] == ["Điều 2.", "Điều 1."]
    text.refresh_from_db()
    assert not tree.says_the_source(text, tree.rows_of(text))
    correcting.move_down(row.pk, by)
    assert tree.says_the_source(text, tree.rows_of(text))


def test_a_provision_never_stands_below_itself(text, by):
    drafting.paste(text.pk, by, DECISION)
    found = rows(text)
    with pytest.raises(ValidationError):
        correcting.place_under(
            found["Quy chế – Điều 1"].pk, by, found["Quy chế – Điều 1 khoản 2 điểm a"].pk
        )
    correcting.place_under(found["Quy chế – Điều 2"].pk, by, found["Quy chế – Chương II"].pk)
    moved = Provision.objects.get(pk=found["Quy chế – Điều 2"].pk)
    assert moved.parent.label == "Chương II"
    assert moved.uuid == found["Quy chế – Điều 2"].uuid


def test_what_is_published_is_corrected_no_more(text, by):
    published(text, by)
    row = tree.rows_of(text)[1]
    with pytest.raises(ValidationError):
        correcting.join(row.pk, by)
    with pytest.raises(ValidationError):
        drafting.paste(text.pk, by, AMENDING)


# --- The next version -------------------------------------------------------------------

CHANGED = (
    DECISION.replace("Quy chế này quy định việc phối hợp.", "Quy chế này quy định phối hợp rõ.")
    .replace("b) Hồ sơ khẩn.\n", "")
    .replace("1. Chủ trì.", "1. Chủ trì.\n2. Báo cáo hằng quý.")
)


@pytest.fixture
def second(text, by, at):
    first = published(text, by)
    make.open_window(first.consultation)
    at(make.NOON)
    make.opine(first.consultation, rows(first)["Quy chế – Điều 1 khoản 2 điểm b"])
    made = drafting.new_version(first.consultation_id, by, "Tiếp thu ý kiến")
    drafting.paste(made.pk, by, CHANGED)
    return made


def kinds(text) -> dict[str, str]:
    found = text.mappings.select_related("old", "new")
    return {(row.old or row.new).name: row.kind for row in found if row.kind != MappingKind.KEPT}


def test_what_became_of_each_provision_is_proposed(second):
    assert kinds(second) == {
        "Quy chế – Điều 1 khoản 1": MappingKind.CHANGED,
        "Quy chế – Điều 1 khoản 2 điểm b": MappingKind.REMOVED,
        "Quy chế – Điều 3 khoản 2": MappingKind.ADDED,
    }


def test_a_version_is_published_once_the_editor_has_said_what_became_of_each(second, by):
    with pytest.raises(ValidationError):
        drafting.publish(second.pk, by)
    chosen = {row.pk: (row.kind, row.new_id) for row in second.mappings.all()}
    mapping.confirm(second.pk, by, chosen)
    assert mapping.open_count(second) == 0
    assert drafting.publish(second.pk, by).state == TextState.PUBLISHED


def test_the_editor_says_otherwise(second, by):
    removed = second.mappings.get(kind=MappingKind.REMOVED)
    target = rows(second)["Quy chế – Điều 1 khoản 2 điểm a"]
    mapping.confirm(second.pk, by, {removed.pk: (MappingKind.MERGED, target.pk)})
    removed.refresh_from_db()
    assert (removed.kind, removed.new) == (MappingKind.MERGED, target)
    with pytest.raises(ValidationError):
        mapping.confirm(second.pk, by, {removed.pk: (MappingKind.CHANGED, None)})
    other = tree.rows_of(second)[0].pk + 10_000
    with pytest.raises(ValidationError):
        mapping.confirm(second.pk, by, {removed.pk: (MappingKind.CHANGED, other)})


def test_kept_is_only_what_is_the_same(second, by):
    row = second.mappings.get(kind=MappingKind.CHANGED)
    mapping.confirm(second.pk, by, {row.pk: (MappingKind.KEPT, row.new_id)})
    row.refresh_from_db()
    assert row.kind == MappingKind.CHANGED


def test_the_first_version_stands_with_what_was_said_of_it(second):
    first = second.consultation.texts.get(number=1)
    opinion = first.opinions.get()
    assert opinion.provision.text == opinion.quoted_text == "Hồ sơ khẩn."
    assert opinion.provision.text_version == first
    assert first.is_locked


def test_one_version_is_prepared_at_a_time_and_says_why(text, by):
    with pytest.raises(ValidationError):
        drafting.new_version(text.consultation_id, by, "Nữa")
    published(text, by)
    with pytest.raises(ValidationError):
        drafting.new_version(text.consultation_id, by)


def test_before_anybody_could_speak_of_it_a_version_is_taken_back(text, by, at):
    published(text, by)
    assert drafting.take_back(text.pk, by).state == TextState.PREPARING
    drafting.publish(text.pk, by)
    make.open_window(text.consultation)
    with pytest.raises(ValidationError):
        drafting.take_back(text.pk, by)


# --- Documents beside the draft ---------------------------------------------------------


def test_a_submission_goes_with_the_draft(text, by):
    made = drafting.attach(
        text.pk, by, "submission", "Tờ trình", upload(DRAFTS["ke-hoach-co-bang.docx"](), "tt.docx")
    )
    assert made.size == len(made.file.read())
    with pytest.raises(ValidationError):
        drafting.attach(text.pk, by, "other", "Ảnh", upload(b"GIF89a", "a.gif"))
    drafting.detach(made.pk, by)
    assert not text.attachments.exists()
