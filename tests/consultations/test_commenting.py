"""A person's opinion: written, checked, sent once, followed, corrected, withdrawn."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.commenting import drafting, sending
from consultations.commenting.subjects import subject_of
from consultations.models import (
    Appeal,
    Decision,
    Opinion,
    OpinionContact,
    OpinionDraft,
    OpinionFile,
    OpinionState,
    PublicOpinion,
    WindowAct,
)
from consultations.moderation import deciding
from consultations.window import NotOpen
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.protection.models import QuarantinedFile
from portal.rules.models import RuleValue
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations import saying
from tests.consultations.saying import TEXT, act, address, begin, follow, say
from tests.pages import assert_valid_html
from tests.protection.files import PDF, upload

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def rows_everywhere() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_an_opinion_on_a_clause_keeps_what_it_spoke_of(client, page, clause):
    opinion = say(client, page, clause, suggested_text="Nội dung khoản 2 mới.")
    assert (opinion.provision, opinion.text_version) == (clause, clause.text_version)
    assert opinion.provision_sha256 == clause.sha256
    assert clause.text in opinion.quoted_text
    assert (opinion.state, opinion.text) == (OpinionState.WAITING, TEXT)
    assert opinion.suggested_text == "Nội dung khoản 2 mới."
    assert opinion.contact.email == "anh@dan.example"
    clause.text_version.refresh_from_db()
    assert clause.text_version.locked_at == opinion.received_at
    draft = OpinionDraft.objects.get()
    assert (draft.typed, draft.receipt_code) == ({}, opinion.receipt_code)


def test_every_step_is_a_valid_page_and_says_what_it_does(client, page, clause):
    url = address(page, clause)
    written = client.get(url)
    assert_valid_html(written)
    assert clause.name in written.content.decode()
    begin(client, page, clause, suggested_text="Nội dung khoản 2 khác hẳn.")
    checked = client.get(address(page, clause, "kiem-tra"))
    tree = assert_valid_html(checked)
    assert list(tree.iter("ins"))
    assert list(tree.iter("del"))
    assert_valid_html(client.get(address(page, clause, "tep")))
    client.post(address(page, clause, "kiem-tra"))
    assert_valid_html(client.get(address(page, clause, "bien-nhan")))
    assert_valid_html(follow(client, Opinion.objects.get()))
    assert_valid_html(client.get("/gop-y/theo-doi/"))


def test_a_wording_left_as_it_stands_suggests_nothing(client, page, clause):
    opinion = say(client, page, clause, suggested_text=clause.label + " " + clause.text)
    assert opinion.suggested_text == ""


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"respondent_kind": "agency"}, "respondent_kind"),
        ({"respondent_kind": "business", "name": ""}, "name"),
        ({"name": "", "is_name_shown": "1"}, "name"),
        ({"email": "anh@"}, "email"),
        ({"text": "a" * 20_001}, "text"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_typed_is_lost(client, page, changed, field):
    response = begin(client, page, **changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    tree = assert_valid_html(response)
    kept = {e.get("name"): e for e in tree.iter("textarea")}["text"].text or ""
    assert kept.strip() == {**saying.TYPED, **changed}["text"].strip()
    assert not OpinionDraft.objects.exists()


def test_odd_input_is_no_failure(client, page):
    for target in ("khong-co", "0" * 36, "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"{page.url}gop-y/{target}/").status_code == 404
    opinion = say(client, page, text="Nội dung\x00 “đủ”", name="NFD: Đỗ")
    assert opinion.text == "Nội dung “đủ”"
    assert opinion.name == "NFD: Đỗ"


def test_the_second_click_lands_on_the_first_receipt(client, page):
    url = address(page)
    token = client.get(url).context["guard"].token
    posted = {**saying.TYPED, "form_token": token}
    client.post(url, posted)
    client.post(url, posted)
    check = address(page, step="kiem-tra")
    first, second = client.post(check), client.post(check)
    assert first.url == second.url
    again = client.post(url, posted)
    assert again.url == address(page, step="bien-nhan")
    assert Opinion.objects.count() == 1


def test_a_draft_outlives_its_session_and_is_nobody_else_s(client, page):
    begin(client, page)
    client.cookies.pop("sessionid", None)
    assert client.get(address(page)).context["form"].initial["text"] == TEXT
    assert "text" not in Client().get(address(page)).context["form"].initial


def test_given_up_nothing_is_left(client, page):
    begin(client, page)
    client.post(address(page, step="tep"), {"tep": upload("don.pdf", PDF)})
    assert OpinionFile.objects.exists()
    assert_valid_html(client.post(address(page, step="xoa")))
    assert not OpinionDraft.objects.exists()
    assert not OpinionFile.objects.exists()
    assert not QuarantinedFile.objects.exists()


def test_files_go_along_and_wait_in_quarantine(client, page):
    begin(client, page)
    files = address(page, step="tep")
    refused = client.post(files, {"tep": [upload("xau.exe", b"MZ"), upload("don.pdf", PDF)]})
    assert refused.status_code == 422
    assert "xau.exe" in refused.content.decode()
    client.post(address(page, step="kiem-tra"))
    opinion = Opinion.objects.get()
    assert [row.file.name for row in opinion.files.all()] == ["don.pdf"]
    assert OutboxRow.objects.filter(kind="protection.scan").count() == 1


def test_the_office_s_questions_are_answered_with_it(client, at):
    at(make.NOON)
    consultation, page = saying.open_to_all(code="chu-de", kind="topic")
    for number in (1, 2):
        consultation.questions.create(number=number, text=f"Câu {number} <b>?")
    opinion = say(client, page, text="", cau_1="Có & nên", cau_2="")
    assert opinion.has_answers
    assert [row.text for row in opinion.answers.all()] == ["Có & nên"]
    assert opinion.text_version is None


# --- The window -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        (make.OPENS - TICK, False),
        (make.OPENS, True),
        (make.CLOSES - TICK, True),
        (make.CLOSES, False),
        (make.CLOSES + TICK, False),
    ],
)
def test_half_open_to_the_microsecond_through_the_address(client, at, moment, is_taken):
    at(make.OPENS - timedelta(days=1))
    _consultation, page = saying.open_to_all()
    at(make.NOON)
    begin(client, page)
    at(moment)
    # A draft does not live this long; what is asked is the window.
    OpinionDraft.objects.update(updated_at=moment)
    response = client.post(address(page, step="kiem-tra"))
    assert (response.status_code == 302) is is_taken
    assert Opinion.objects.exists() is is_taken


def test_a_late_opinion_comes_back_and_leaves_no_trace(client, page, at):
    begin(client, page)
    token = Client().get(address(page)).context["guard"].token
    at(make.CLOSES)
    OpinionDraft.objects.update(updated_at=make.CLOSES)
    before = rows_everywhere()
    late = Client().post(address(page), {**saying.TYPED, "form_token": token})
    sent = client.post(address(page, step="kiem-tra"))
    filed = client.post(address(page, step="tep"), {"tep": upload("don.pdf", PDF)})
    for response in (late, sent, filed):
        assert response.status_code == 403
        tree = assert_valid_html(response)
        assert TEXT in "".join(tree.find("body").itertext())
    assert rows_everywhere() == before
    assert not Opinion.objects.exists()


def test_an_extension_in_the_last_second_counts(client, place, page, at):
    at(make.CLOSES - timedelta(seconds=1))
    begin(client, page)
    make.record(place[0], WindowAct.EXTEND, closes_at=make.CLOSES + timedelta(days=1))
    at(make.CLOSES)
    assert client.post(address(page, step="kiem-tra")).status_code == 302
    assert Opinion.objects.get().received_at == make.CLOSES


def test_suspended_means_not_taken(client, place, page):
    begin(client, page)
    make.record(place[0], WindowAct.SUSPEND)
    response = client.post(address(page, step="kiem-tra"))
    assert response.status_code == 403
    assert TEXT.split("<")[0] in response.content.decode()


def test_what_closes_between_the_question_and_the_writing_is_not_written(page, place, at):
    subject = subject_of(place[0], "toan-van")
    _key, draft = drafting.start(uuid.uuid4(), subject, dict(saying.TYPED))
    at(make.CLOSES)
    before = rows_everywhere()
    for refused in (
        lambda: sending.send(draft.pk),
        lambda: drafting.save(draft.pk, {}),
        lambda: drafting.add_file(draft.pk, upload("don.pdf", PDF)),
        lambda: drafting.remove_file(draft.pk, 1),
    ):
        with pytest.raises(NotOpen):
            refused()
    assert rows_everywhere() == before


# --- Following, correcting, withdrawing -------------------------------------------------


def test_a_wrong_code_is_told_and_then_a_check_is_asked(client, page):
    say(client, page)
    RuleValue.objects.filter(key="protection.throttle_per_hour").update(amount=3)
    for _n in range(4):
        last = client.post("/gop-y/theo-doi/", {"ma": "0000-0000-0000"})
    assert last.status_code == 422
    assert last.context["guard"].challenge
    assert TEXT.split("<")[0] not in last.content.decode()


def test_a_correction_keeps_what_was_said_before_and_waits_again(client, page, clause):
    opinion = say(client, page, clause)
    deciding.publish(opinion.pk, by=moderator())
    assert_valid_html(act(client, opinion, "sua"))
    response = act(client, opinion, "sua", luu="1", text="Ý kiến đã sửa.")
    assert_valid_html(response)
    opinion.refresh_from_db()
    assert (opinion.text, opinion.state) == ("Ý kiến đã sửa.", OpinionState.WAITING)
    assert [row.text for row in opinion.revisions.all()] == [TEXT]
    assert not PublicOpinion.objects.exists()


def test_after_the_closing_nothing_is_corrected_and_the_text_comes_back(client, page, at):
    opinion = say(client, page)
    given = follow(client, opinion).context["pass"]
    at(make.CLOSES)
    given = follow(client, opinion).context["pass"]
    late = client.post("/gop-y/theo-doi/sua/", {"luot": given, "luu": "1", "text": "Muộn mất rồi."})
    assert late.status_code == 403
    assert "Muộn mất rồi." in late.content.decode()
    opinion.refresh_from_db()
    assert opinion.text == TEXT


def test_withdrawn_after_the_closing_too_and_the_contact_goes(client, page, at):
    opinion = say(client, page)
    at(make.CLOSES + timedelta(days=3))
    assert_valid_html(act(client, opinion, "rut"))
    for _twice in range(2):
        response = act(client, opinion, "rut", rut="1")
        assert response.status_code == 200
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.WITHDRAWN
    assert OpinionContact.objects.get().email == ""
    assert Decision.objects.get().kind == "withdraw"
    assert "Đề nghị rút" not in follow(client, opinion).content.decode()


def test_acts_need_the_pass_of_the_code(client, page):
    opinion = say(client, page)
    for name in ("sua", "rut", "khieu-nai"):
        response = client.post(
            f"/gop-y/theo-doi/{name}/", {"luot": "bịa", "rut": "1", "text": "giữ lại chữ này"}
        )
        assert response.status_code == 422
        assert "giữ lại chữ này" in response.content.decode()
        assert client.get(f"/gop-y/theo-doi/{name}/").status_code == 302
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.WAITING
    assert not Appeal.objects.exists()


def test_letters_say_nothing_of_what_was_written(client, page, mailoutbox):
    opinion = say(client, page)
    deciding.publish(opinion.pk, by=moderator())
    drain()
    (letter,) = mailoutbox
    assert letter.to == ["anh@dan.example"]
    for secret in ("Đề nghị", "Ánh", opinion.receipt_code, page.title):
        assert secret not in letter.subject + letter.body


def test_without_reading_it_is_public_at_once(client, at):
    at(make.NOON)
    _consultation, page = saying.open_to_all(is_moderated=False)
    opinion = say(client, page)
    assert opinion.state == OpinionState.PUBLISHED
    assert PublicOpinion.objects.get().text == TEXT


def test_few_queries_to_write(client, page, clause):
    client.get(address(page, clause))
    with CaptureQueriesContext(
        connection,
    ) as made:
        client.get(address(page, clause))
    assert len(made) <= 22


def moderator(name: str = "kiem.duyet"):
    return staff(name, "consultations.moderate_opinions")
