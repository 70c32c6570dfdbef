"""How the public sends an item (Art. 8.1.a)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from editorial import contribution_drafts
from editorial.models import Contribution, ContributionDraft
from portal import clock
from portal.outbox.registry import chores
from portal.protection import quarantine
from portal.protection.models import QuarantinedFile
from tests.editorial.contributions.steps import ROOT, TITLE, TYPED, begin, send
from tests.pages import assert_lean, assert_valid_html
from tests.protection.files import PDF, picture, upload, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client) -> Client:
    return client


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
