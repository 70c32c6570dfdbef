"""Items of the public: sent in, followed, taken up or refused, erased (Art. 8.1.a, 3.9)."""

from __future__ import annotations

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import ModelLogEntry

from editorial import (
    contributing,
    contribution_drafts,
    contribution_retention,
    taking_up,
    turning_down,
)
from editorial.models import (
    Contribution,
    ContributionDraft,
    ContributionState,
    Post,
    SuppliedOriginal,
)
from news.models import ArticlePage
from portal import clock
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.outbox.registry import chores
from portal.protection import quarantine
from portal.protection.models import FileState, PlainQuestion, QuarantinedFile
from portal.rules.models import RuleValue
from site_pages.models import CategoryPage
from site_pages.work_queue import waiting_for
from tests.accounts import staff, user
from tests.editorial.office import allowed, appoint, collaborator, officer, signed_in
from tests.pages import assert_lean, assert_valid_html
from tests.protection.files import MP3, MP4, PDF, infected_pdf, picture, upload, word

pytestmark = pytest.mark.django_db
NOW = "2026-11-16 09:00"
TITLE = "Phường <i>Ô Chợ Dừa</i> trả kết quả tại nhà"
TYPED = {
    "sender_kind": "person",
    "sender_name": "Đỗ Thị Ánh",
    "email": "anh@dan.example",
    "phone": "",
    "title": TITLE,
    "text": "Đoạn một <script>alert(1)</script>.\n\nĐoạn hai & hết.",
    "event_on": "15/11/2026",
}
ROOT = "/gui-tin-bai/"


@pytest.fixture(autouse=True)
def _now(at):
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=0)
    return at(NOW)


@pytest.fixture
def visitor(client) -> Client:
    return client


@pytest.fixture
def place(db) -> CategoryPage:
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


def begin(client: Client, **changed: str):
    page = client.get(f"{ROOT}noi-dung/")
    token = page.context["guard"].token
    return client.post(f"{ROOT}noi-dung/", {**TYPED, **changed, "form_token": token})


def send(client: Client, *uploads, **changed: str) -> Contribution:
    """The whole way as a visitor goes it."""
    assert begin(client, **changed).url == f"{ROOT}tep/"
    if uploads:
        client.post(f"{ROOT}tep/", {"tep": list(uploads), "tiep": "1"})
    assert client.post(f"{ROOT}kiem-tra/", {"declares": "1"}).url == f"{ROOT}bien-nhan/"
    client.cookies.clear()
    return Contribution.objects.latest("pk")


def admin_url(row: Contribution) -> str:
    return reverse("editorial_contribution", args=[row.pk])


def act(person, row: Contribution, code: str, **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return signed_in(person).post(f"{admin_url(row)}{code}/", typed)


class TestSending:
    def test_an_item_is_written_checked_and_sent_with_a_receipt(self, visitor):
        answer = begin(visitor)
        assert (answer.status_code, answer.url) == (302, f"{ROOT}tep/")
        cookie = answer.cookies["gui-tin-bai-vi"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (ROOT, True, "Lax")
        sent = {"tep": [upload("ảnh.jpg", picture()), upload("tin.docx", word())], "tiep": "1"}
        assert visitor.post(f"{ROOT}tep/", sent).url == f"{ROOT}kiem-tra/"
        check = visitor.get(f"{ROOT}kiem-tra/").content.decode()
        for said in ("Đỗ Thị Ánh", "Phường &lt;i&gt;", "15/11/2026", "ảnh.jpg", "tin.docx"):
            assert said in check
        assert not Contribution.objects.exists()
        visitor.post(f"{ROOT}kiem-tra/", {"declares": "1"})
        row = Contribution.objects.get()
        assert (row.title, row.text) == (TITLE, TYPED["text"])
        assert (row.event_on, row.sent_at) == (date(2026, 11, 15), clock.now())
        assert "khoản 4 Điều 3" in row.declaration
        assert [item.file.name for item in row.files.all()] == ["ảnh.jpg", "tin.docx"]
        assert row.code in visitor.get(f"{ROOT}bien-nhan/").content.decode()
        draft = ContributionDraft.objects.get()
        assert draft.typed == {}

    def test_a_double_click_counts_once_at_every_step(self, visitor):
        page = visitor.get(f"{ROOT}noi-dung/")
        data = {**TYPED, "form_token": page.context["guard"].token}
        other = Client()
        for browser in (visitor, other):
            assert browser.post(f"{ROOT}noi-dung/", data).status_code == 302
        assert ContributionDraft.objects.count() == 1
        for browser in (visitor, other, visitor):
            browser.post(f"{ROOT}kiem-tra/", {"declares": "1"})
        assert Contribution.objects.count() == 1
        assert other.get(f"{ROOT}tep/").url == f"{ROOT}bien-nhan/"
        # Another item begins only when the visitor says so.
        assert visitor.get(f"{ROOT}noi-dung/").url == f"{ROOT}bien-nhan/"
        visitor.post(f"{ROOT}bien-nhan/")
        assert visitor.get(f"{ROOT}noi-dung/").status_code == 200

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"sender_kind": ""}, "sender_kind"),
            ({"sender_kind": "robot"}, "sender_kind"),
            ({"sender_name": " "}, "sender_name"),
            ({"email": "", "phone": ""}, "email"),
            ({"email": "khong-phai"}, "email"),
            ({"phone": "số của tôi"}, "phone"),
            ({"title": "x" * 201}, "title"),
            ({"text": "\x00"}, "text"),
            ({"event_on": "32/13/2026"}, "event_on"),
        ],
    )
    def test_an_error_is_told_at_its_field_and_keeps_what_was_typed(self, visitor, changed, field):
        page = begin(visitor, **changed)
        assert page.status_code == 422
        assert_valid_html(page)
        assert set(page.context["form"].errors) == {field}
        assert "Đoạn hai &amp; hết." in page.content.decode() or field == "text"
        assert not ContributionDraft.objects.exists()
        again = {**TYPED, "form_token": page.context["guard"].token}
        assert visitor.post(f"{ROOT}noi-dung/", again).status_code == 302

    def test_a_form_from_a_machine_is_asked_and_loses_nothing(self, visitor):
        data = {**TYPED, "form_token": "forged"}
        page = visitor.post(f"{ROOT}noi-dung/", data)
        assert page.status_code == 422
        assert page.context["guard"].challenge
        assert "Đỗ Thị Ánh" in page.content.decode()
        assert not ContributionDraft.objects.exists()
        data = {**TYPED, "form_token": page.context["guard"].token, "hinh-moi": "1"}
        page = visitor.post(f"{ROOT}noi-dung/", data)
        assert "Đỗ Thị Ánh" in page.content.decode()
        assert page.context["errors"] == []

    def test_a_bad_file_takes_no_good_one_with_it(self, visitor):
        begin(visitor)
        sent = [upload("a.jpg", picture()), upload("virus.exe", b"MZ"), upload("tin.pdf", PDF)]
        page = visitor.post(f"{ROOT}tep/", {"tep": sent, "tiep": "1"})
        assert page.status_code == 422
        assert_valid_html(page)
        assert page.context["told"][0].startswith("virus.exe: ")
        page = visitor.get(f"{ROOT}tep/")
        assert [row.file.name for row in page.context["files"]] == ["a.jpg", "tin.pdf"]
        removed = page.context["files"][0].pk
        visitor.post(f"{ROOT}tep/", {"xoa": str(removed)})
        page = visitor.get(f"{ROOT}tep/")
        assert [row.file.name for row in page.context["files"]] == ["tin.pdf"]

    def test_a_visitor_removes_files_of_their_own_only(self, visitor):
        theirs = send(Client(), upload("tin.pdf", PDF)).files.get()
        begin(visitor)
        for number in (str(theirs.pk), "x", "9" * 30, "-1"):
            visitor.post(f"{ROOT}tep/", {"xoa": number})
        assert QuarantinedFile.objects.filter(pk=theirs.file_id).exists()

    def test_the_same_file_sent_twice_is_kept_once(self, visitor):
        begin(visitor)
        for _ in range(2):
            visitor.post(f"{ROOT}tep/", {"tep": upload("tin.pdf", PDF)})
        assert QuarantinedFile.objects.count() == 1
        assert len(list(quarantine.path_of("").iterdir())) == 1

    def test_an_item_has_an_end_of_files(
        self, visitor, monkeypatch, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr(contribution_drafts, "MOST_FILES", 2)
        monkeypatch.setattr(contribution_drafts, "MOST_UPLOADS", 3)
        begin(visitor)
        sent = [upload(f"{n}.pdf", PDF) for n in range(3)]
        assert len(visitor.post(f"{ROOT}tep/", {"tep": sent}).context["told"]) == 1
        with django_capture_on_commit_callbacks(execute=True):
            for row in visitor.get(f"{ROOT}tep/").context["files"]:
                visitor.post(f"{ROOT}tep/", {"xoa": str(row.pk)})
        visitor.post(f"{ROOT}tep/", {"tep": upload("4.pdf", PDF)})
        assert visitor.post(f"{ROOT}tep/", {"tep": upload("5.pdf", PDF)}).status_code == 422
        kept = QuarantinedFile.objects.get()
        assert [path.name for path in quarantine.path_of("").iterdir()] == [kept.key]

    def test_nothing_is_sent_without_the_declaration(self, visitor):
        begin(visitor)
        page = visitor.post(f"{ROOT}kiem-tra/")
        assert page.status_code == 422
        assert_valid_html(page)
        assert not Contribution.objects.exists()

    def test_a_draft_is_changed_given_up_or_forgotten_after_its_days(self, visitor, at):
        begin(visitor)
        visitor.post(f"{ROOT}tep/", {"tep": upload("tin.pdf", PDF)})
        page = visitor.get(f"{ROOT}noi-dung/?sua=1").content.decode()
        assert "15/11/2026" in page
        changed = {**TYPED, "title": "Tên mới", "sua": "1"}
        assert visitor.post(f"{ROOT}noi-dung/", changed).url == f"{ROOT}kiem-tra/"
        assert "Tên mới" in visitor.get(f"{ROOT}kiem-tra/").content.decode()
        visitor.post(f"{ROOT}xoa/")
        assert not ContributionDraft.objects.exists()
        assert not QuarantinedFile.objects.exists()
        begin(visitor)
        visitor.post(f"{ROOT}tep/", {"tep": upload("tin.pdf", PDF)})
        moment = clock.now()
        at(moment + timedelta(days=7))
        assert contribution_drafts.purge in chores()
        assert contribution_drafts.purge() == 0
        at(moment + timedelta(days=7, seconds=1))
        assert visitor.get(f"{ROOT}kiem-tra/").url == ROOT
        assert contribution_drafts.purge() == 1
        assert not QuarantinedFile.objects.exists()

    def test_what_was_deleted_in_another_window_can_be_sent_anew(self, visitor):
        begin(visitor)
        key = visitor.cookies["gui-tin-bai-vi"].value
        ContributionDraft.objects.all().delete()
        for name in ("tep", "kiem-tra", "bien-nhan"):
            assert visitor.post(f"{ROOT}{name}/").url == ROOT
        assert key
        page = visitor.post(f"{ROOT}noi-dung/", TYPED)
        assert "Đỗ Thị Ánh" in page.content.decode()

    def test_pages_are_sound_lean_and_in_both_languages(self, visitor):
        for address in (ROOT, f"/en{ROOT}", f"{ROOT}noi-dung/", f"{ROOT}theo-doi/", f"{ROOT}xoa/"):
            assert_valid_html(visitor.get(address))
        assert_lean(Client().get(ROOT))
        assert "Send us news" in visitor.get(f"/en{ROOT}").content.decode()
        begin(visitor)
        for name in ("tep", "kiem-tra", "noi-dung"):
            assert_valid_html(visitor.get(f"{ROOT}{name}/"))

    def test_the_way_in_stands_on_every_page_and_on_the_contact_page(self, client, home):
        assert client.get("/").content.decode().count(f'href="{ROOT}"') == 1


class TestFollowing:
    def follow(self, client: Client, code: str, **more: str):
        return client.post(f"{ROOT}theo-doi/", {"ma": code, **more})

    def test_the_code_shows_the_state_and_nothing_of_the_sender(self, client):
        row = send(client)
        page = self.follow(client, f" {row.code.lower().replace('-', ' ')} ")
        text = page.content.decode()
        assert page.status_code == 200
        assert_valid_html(page)
        for secret in ("Ánh", "anh@dan.example", "Ô Chợ Dừa", "Đoạn một", row.code):
            assert secret not in text
        assert "no-store" in page.headers["Cache-Control"]

    @pytest.mark.parametrize("code", ["", "7K3D-09QW-ZXM4", "\x00", "x" * 5000])
    def test_another_code_shows_nothing(self, client, code):
        send(client)
        page = self.follow(client, code)
        assert page.status_code == 422
        assert_valid_html(page)

    def test_guessing_leads_to_a_question_and_never_to_a_closed_door(self, client):
        RuleValue.objects.filter(key="protection.throttle_per_hour").update(amount=2)
        row = send(client)
        for _ in range(2):
            self.follow(client, "sai")
        page = self.follow(client, row.code)
        asked = page.context["guard"].challenge
        assert page.status_code == 422
        assert row.code in page.content.decode()
        words = {"captcha_key": asked.picture_key, "question_key": asked.question_key}
        page = self.follow(client, row.code, question_text="99", **words)
        asked = page.context["guard"].challenge
        answer = PlainQuestion.objects.get(key=asked.question_key).answer
        words = {"captcha_key": asked.picture_key, "question_key": asked.question_key}
        assert self.follow(client, row.code, question_text=answer, **words).status_code == 200

    def test_neither_code_nor_sender_is_logged(self, client, monkeypatch):
        heard: list[str] = []
        monkeypatch.setattr(
            logging.Logger, "handle", lambda self, record: heard.append(record.getMessage())
        )
        row = send(client, upload("tin.pdf", PDF))
        self.follow(client, row.code)
        self.follow(client, "sai")
        drain()
        told = " ".join(heard) + " ".join(str(r.payload) + r.key for r in OutboxRow.objects.all())
        for secret in (row.code, "anh@dan.example", "Ánh", "tin.pdf"):
            assert secret not in told


class TestTakingUp:
    @pytest.fixture
    def row(self, client) -> Contribution:
        return send(
            client,
            upload("lễ khai mạc.jpg", picture(place=True)),
            upload("phỏng vấn.mp3", MP3),
            upload("phim.mp4", MP4),
            upload("tin.docx", word()),
        )

    def test_an_item_becomes_a_draft_with_its_files_and_its_original(
        self, row, group, place, django_capture_on_commit_callbacks
    ):
        drain()
        with django_capture_on_commit_callbacks(execute=True):
            act(group.user, row, "tiep-nhan", section=place.pk, note="Cảm ơn")
        row.refresh_from_db()
        page = ArticlePage.objects.get(pk=row.page_id)
        assert (row.state, row.note, row.decided_by) == ("taken-up", "Cảm ơn", group.user)
        assert (page.live, page.owner, page.author) == (False, group.user, "")
        assert page.get_parent().pk == place.pk
        assert timezone.localdate(page.event_at) == date(2026, 11, 15)
        kinds = [block.block_type for block in page.body]
        assert kinds == ["paragraph", "paragraph", "figure", "audio", "video", "attachment"]
        assert "<script>" not in page.body[0].value.source
        image = Image.objects.get()
        assert (image.title, image.uploaded_by_user) == ("lễ khai mạc", group.user)
        assert Document.objects.count() == 3
        original = SuppliedOriginal.objects.get(page_number=page.pk)
        assert (original.sent_at, original.sent_by) == (row.sent_at, None)
        assert original.declaration == row.declaration
        assert original.files.count() == 4
        # Who sent it is erased in time; an original never is.
        assert TYPED["sender_name"] not in original.content
        assert list(quarantine.path_of("").iterdir()) == []

    def test_the_original_leads_the_group_and_nobody_else_to_the_sender(
        self, row, group, head, place
    ):
        drain()
        page = taking_up.take_up(row.pk, place, group.user).page
        url = reverse("supplied_original", args=[page.pk])
        for person, is_shown in ((group.user, True), (head.user, False)):
            answer = signed_in(person).get(url)
            assert answer.status_code == 200
            assert (admin_url(row) in answer.content.decode()) == is_shown

    def test_its_clock_stopped_when_it_was_sent(self, row, group, place, at):
        drain()
        at("2026-11-20 09:00")
        made = taking_up.take_up(row.pk, place, group.user)
        assert made.page.specific.timeliness.state.value == "on-time"

    def test_the_drafts_files_are_shown_to_no_reader(self, row, group, place, client):
        drain()
        taking_up.take_up(row.pk, place, group.user)
        for document in Document.objects.all():
            assert client.get(document.url).status_code == 404

    def test_an_infected_file_never_leaves_and_an_unchecked_one_holds_up(
        self, client, group, place, settings
    ):
        row = send(client, upload("vi rút.pdf", infected_pdf()), upload("tin.docx", word()))
        with pytest.raises(ValidationError) as held:
            taking_up.take_up(row.pk, place, group.user)
        assert set(held.value.error_dict) == {"without_unchecked"}
        assert not ArticlePage.objects.filter(title=TITLE).exists()
        drain()
        taking_up.take_up(row.pk, place, group.user)
        assert [document.title for document in Document.objects.all()] == ["tin"]
        page = signed_in(group.user).get(admin_url(row))
        assert "Eicar-Test-Signature" in page.content.decode()

    def test_the_group_may_go_on_without_what_is_not_checked(self, row, group, place):
        page = act(group.user, row, "tiep-nhan", section=place.pk)
        assert page.status_code == 200
        act(group.user, row, "tiep-nhan", section=place.pk, without_unchecked="on")
        row.refresh_from_db()
        assert row.state == ContributionState.TAKEN_UP
        assert not Document.objects.exists()

    def test_it_is_decided_once(self, row, group, place):
        drain()
        taking_up.take_up(row.pk, place, group.user)
        act(group.user, row, "tiep-nhan", section=place.pk)
        with pytest.raises(ValidationError):
            turning_down.turn_down(row.pk, ["untrue"], "x", group.user)
        assert ArticlePage.objects.filter(title=TITLE).count() == 1
        assert ModelLogEntry.objects.filter(action="editorial.contribution.take-up").count() == 1

    def test_an_organisation_is_named_as_the_source(self, client, group, place):
        row = send(client, sender_kind="organisation", sender_name="Hội Nông dân xã Bát Tràng")
        page = taking_up.take_up(row.pk, place, group.user).page.specific
        assert (page.source_kind, page.source_name) == ("agency", "Hội Nông dân xã Bát Tràng")

    def test_the_published_item_is_shown_to_who_has_the_code(self, client, group, place):
        row = send(client)
        page = taking_up.take_up(row.pk, place, group.user).page.specific
        page.author = "Ánh Đỗ"
        page.save_revision().publish()
        shown = client.post(f"{ROOT}theo-doi/", {"ma": row.code})
        assert page.url in shown.content.decode()


class TestRefusing:
    def test_a_refusal_has_grounds_and_a_note_that_the_sender_reads(self, client, group):
        row = send(client)
        page = act(group.user, row, "tu-choi", grounds=[], note=" ")
        assert page.status_code == 200
        for grounds, note, field in ((["x"], "Vì", "grounds"), (["untrue"], " ", "note")):
            with pytest.raises(ValidationError) as held:
                turning_down.turn_down(row.pk, grounds, note, group.user)
            assert set(held.value.error_dict) == {field}
        act(group.user, row, "tu-choi", grounds=["untrue", "poor-quality"], note="Thiếu <b>nguồn")
        row.refresh_from_db()
        assert row.state == ContributionState.REFUSED
        shown = client.post(f"{ROOT}theo-doi/", {"ma": row.code}).content.decode()
        assert "Thiếu &lt;b&gt;nguồn" in shown
        assert "Không đúng sự thật" in shown

    def test_the_letter_says_where_to_look_and_nothing_else(self, client, group):
        row = send(client)
        turning_down.turn_down(row.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        (letter,) = mail.outbox
        assert letter.to == ["anh@dan.example"]
        said = letter.subject + letter.body
        assert f"{ROOT}theo-doi/" in said
        assert f"/en{ROOT}theo-doi/" in said
        for secret in ("Ánh", "Ô Chợ", "Thiếu nguồn", row.code):
            assert secret not in said

    def test_who_left_a_telephone_gets_no_letter(self, client, group):
        row = send(client, email="", phone="024 3825 3536")
        turning_down.turn_down(row.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        assert mail.outbox == []


class TestKeeping:
    def test_the_database_refuses_to_change_what_was_sent(self, client):
        row = send(client)
        for change in ({"text": "khác"}, {"title": "khác"}, {"code": "x"}, {"sender_name": "x"}):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                Contribution.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Contribution.objects.filter(pk=row.pk)._raw_delete("default")

    def test_personal_data_goes_after_its_days(self, client, group, place, at):
        taken, refused, open_ = (send(client, upload("t.pdf", infected_pdf())) for _ in range(3))
        drain()
        taking_up.take_up(taken.pk, place, group.user)
        turning_down.turn_down(refused.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        moment = clock.now()
        at(moment + timedelta(days=180))
        assert contribution_retention.erase_due in chores()
        assert contribution_retention.erase_due() == 0
        at(moment + timedelta(days=181))
        assert contribution_retention.erase_due() == 2
        assert contribution_retention.erase_due() == 0
        for row in (taken, refused, open_):
            row.refresh_from_db()
        assert (taken.sender_name, taken.email, taken.title) == ("", "", TITLE)
        assert (refused.sender_name, refused.text, refused.note) == ("", "", "Thiếu nguồn")
        assert open_.sender_name == "Đỗ Thị Ánh"
        states = QuarantinedFile.objects.values_list("emptied_at", flat=True)
        assert sum(emptied is not None for emptied in states) == 2
        assert signed_in(group.user).get(admin_url(refused)).status_code == 200


class TestOffice:
    def test_what_waits_is_listed_oldest_first_and_in_the_queue(self, client, group, at):
        at("2026-11-16 08:00")
        first = send(client, upload("tin.pdf", infected_pdf()))
        at("2026-11-16 08:30")
        second = send(client, title="Tin thứ hai")
        drain()
        urls = [item.url for item in waiting_for(group.user)]
        assert urls[:2] == [admin_url(first), admin_url(second)]
        page = signed_in(group.user).get(reverse("editorial_contributions"))
        text = page.content.decode()
        assert text.index(admin_url(first)) < text.index(admin_url(second))
        assert "Phường &lt;i&gt;" in text
        _row, files = page.context["rows"][0]
        assert files.count("1") == 2
        desk = signed_in(group.user).get(reverse("editorial_desk")).content.decode()
        assert admin_url(first) in desk
        turning_down.turn_down(first.pk, ["untrue"], "Thiếu nguồn", group.user)
        page = signed_in(group.user).get(reverse("editorial_contributions"))
        assert [row for row, _files in page.context["rows"]] == [second]
        page = signed_in(group.user).get(reverse("editorial_contributions"), {"state": ""})
        assert len(page.context["rows"]) == 2

    def test_a_long_list_takes_no_more_queries(self, client, group, django_assert_num_queries):
        office = signed_in(group.user)
        send(client, upload("tin.pdf", PDF))
        office.get(reverse("editorial_contributions"))
        with CaptureQueriesContext(connection) as one:
            office.get(reverse("editorial_contributions"))
        wanted = len(one)
        for _ in range(5):
            send(client, upload("tin.pdf", PDF), upload("tin.docx", word()))
        with django_assert_num_queries(wanted):
            office.get(reverse("editorial_contributions"))

    def test_a_clean_file_is_saved_and_never_shown(self, client, group):
        row = send(client, upload("tin số 1.pdf", PDF), upload("virus.pdf", infected_pdf()))
        clean, infected = (
            reverse("editorial_contribution_file", args=[item.pk]) for item in row.files.all()
        )
        office = signed_in(group.user)
        assert office.get(clean).status_code == 404
        drain()
        answer = office.get(clean)
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert office.get(infected).status_code == 404

    def test_a_scanner_that_is_down_is_told_plainly(self, client, group, settings):
        settings.SCANNER_STAND_IN = False
        row = send(client, upload("tin.pdf", PDF))
        drain()
        assert QuarantinedFile.objects.get().state == FileState.ERROR
        text = signed_in(group.user).get(admin_url(row)).content.decode()
        assert str(FileState.ERROR.label) in text

    def test_only_the_working_group_sees_and_decides(self, client, group, head, member, place):
        row = send(client, upload("tin.pdf", PDF))
        drain()
        people = {
            "group": group.user,
            "head": head.user,
            "member": member.user,
            "collaborator": collaborator("cong.tac.vien").user,
            "officer": officer("can.bo"),
            "staff": staff("nhan.vien"),
            "superuser": user("quan.tri", is_superuser=True),
        }
        addresses = [
            reverse("editorial_contributions"),
            admin_url(row),
            reverse("editorial_contribution_file", args=[row.files.get().pk]),
        ]
        for role, person in people.items():
            for address in addresses:
                opened = signed_in(person).get(address).status_code == 200
                assert opened == (role == "group"), (role, address)
            assert bool(waiting_for(person)) == (role == "group"), role
        for address in addresses:
            assert Client().get(address).status_code == 302
        only_group = {role: "y" if role == "group" else "n" for role in people}
        verbs = [
            lambda person: taking_up.take_up(row.pk, place, person),
            lambda person: turning_down.turn_down(row.pk, ["untrue"], "Vì", person),
        ]
        for verb in verbs:
            assert allowed(verb, people) == only_group

    def test_who_stands_in_for_the_group_decides_and_a_past_member_does_not(self, client, place):
        past = appoint("cuu.thanh.vien", Post.WORKING_GROUP, valid_to=date(2026, 11, 15))
        row = send(client)
        with pytest.raises(PermissionDenied):
            taking_up.take_up(row.pk, place, past.user)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_and_decisions_at_once_one_counts(place):
    group = appoint("to.cong.tac", Post.WORKING_GROUP).user
    typed = {**TYPED, "event_on": ""}
    _key, draft = contribution_drafts.start(uuid.uuid4(), typed)

    def at_once(act):
        def run(_number: int):
            try:
                return act()
            except ValidationError:
                return None
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(run, range(4)))

    assert len(set(at_once(lambda: contributing.send(draft.pk, declares=True)))) == 1
    row = Contribution.objects.get()
    decided = at_once(lambda: turning_down.turn_down(row.pk, ["untrue"], "Vì", group))
    assert [found for found in decided if found] == [row]
    assert row.grounds.count() == 1
