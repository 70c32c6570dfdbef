"""Art. 3.3, 3.4: what was sent in stays as it was, and who may see what became of it."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.models import GroupPagePermission, PageLogEntry, Revision
from wagtail.rich_text import RichText
from wagtail_factories import ImageFactory

from editorial import originals
from editorial.differences import Kind, differences
from editorial.models import (
    Appointment,
    BoardDecision,
    Collaborator,
    CollaboratorKind,
    OriginalFile,
    Post,
    SectionAssignment,
    SuppliedOriginal,
)
from news.models import ArticlePage
from portal.accounts.models import User
from portal.agencies.models import Agency
from site_pages.keeping import KeepUsedPolicy
from site_pages.models import CategoryPage
from tests.accounts import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(home, at) -> CategoryPage:
    at("2026-11-20 09:00")
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


@pytest.fixture
def sender(category) -> User:
    """An official of Ba Đình who may write in the section."""
    made = staff("cong.tac.vien")
    group = made.groups.create(name="cong-tac-vien")
    for kind in ("add_page", "change_page"):
        GroupPagePermission.objects.create(group=group, page=category, permission=permission(kind))
    Collaborator.objects.create(
        user=made,
        kind=CollaboratorKind.OFFICIAL,
        agency=Agency.objects.filter(kind="ward").first(),
        paper="Hợp đồng 01/HĐ",
        valid_from=date(2026, 1, 1),
    )
    return made


def permission(codename: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)


@pytest.fixture
def draft(category, sender) -> ArticlePage:
    page = ArticlePage(
        title="Phường <b>Ba Đình</b> trả kết quả “đúng hẹn”",
        slug="dung-hen",
        author="Lê Ánh",
        abstract_text="Tóm tắt.",
        locale=category.locale,
        owner=sender,
        live=False,
        body=[
            ("heading", "Kết quả"),
            ("paragraph", RichText("<p>Tháng này có 95% hồ sơ <script> đúng hẹn.</p>")),
            ("paragraph", RichText("<p>Người dân hài lòng.</p>")),
        ],
    )
    category.add_child(instance=page)
    page.save_revision(user=sender)
    return page


@pytest.fixture
def sent(draft, sender) -> SuppliedOriginal:
    draft.get_workflow().start(draft, sender)
    return SuppliedOriginal.objects.get()


def appoint(name: str, post: Post, section: CategoryPage | None = None) -> User:
    made = staff(name)
    decision, _created = BoardDecision.objects.get_or_create(
        number="1/QĐ-UBND", issued_on=date(2026, 1, 5), about="Thành lập"
    )
    row = Appointment.objects.create(
        user=made, post=post, decision=decision, office="Sở Nội vụ", valid_from=date(2026, 1, 5)
    )
    if section:
        SectionAssignment.objects.create(
            appointment=row, section=section, paper="2/QĐ", valid_from=date(2026, 1, 5)
        )
    return made


def edit(page: ArticlePage, text: str):
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "Phường Ba Đình trả kết quả đúng hẹn"
    page.body = [("heading", "Kết quả"), ("paragraph", RichText(f"<p>{text}</p>"))]
    return page.save_revision()


def test_the_first_submission_is_kept_with_who_when_agency_and_declaration(draft, sender, sent):
    assert (sent.page, sent.page_number, sent.sent_by) == (draft.page_ptr, draft.pk, sender)
    assert f"{sent.sent_at:%Y-%m-%d %H:%M}" == "2026-11-20 02:00"
    assert sent.agency == Agency.objects.filter(kind="ward").first()
    assert "chịu trách nhiệm trước pháp luật về tính chính xác" in sent.declaration
    assert sent.declaration_version == originals.CURRENT_DECLARATION
    assert sent.sha256 == hashlib.sha256(sent.content.encode()).hexdigest()
    assert json.loads(sent.content)["title"] == draft.title
    assert "95% hồ sơ" in sent.texts["body"]
    assert sent.texts["author"] == "Lê Ánh"
    assert PageLogEntry.objects.filter(page=draft.pk, action="editorial.original.keep").count() == 1


def test_what_comes_back_later_changes_nothing(draft, sender, sent):
    draft.current_workflow_state.cancel(user=sender)
    edit(draft, "Bản khác.")
    again = ArticlePage.objects.get(pk=draft.pk)
    again.get_workflow().start(again, sender)
    kept = SuppliedOriginal.objects.get()
    assert (kept.sha256, kept.content, kept.sent_at) == (sent.sha256, sent.content, sent.sent_at)


def test_the_database_refuses_to_change_or_delete_it(sent):
    changes = {
        "title": "Khác",
        "content": "{}",
        "texts": {},
        "sha256": "0" * 64,
        "declaration": "",
        "sent_by_id": None,
        "agency_id": None,
        "page_number": 1,
        "page_id": sent.page.get_parent().pk,
    }
    rows = SuppliedOriginal.objects.filter(pk=sent.pk)
    for name, value in changes.items():
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(**{name: value})
    for erase in (sent.delete, rows.delete, lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            erase()
    assert rows.get().content == sent.content


def test_it_outlives_revisions_and_the_draft(draft, sender, sent):
    draft.current_workflow_state.cancel(user=sender)
    edit(draft, "Bản sau.")
    call_command("purge_revisions", stdout=StringIO())
    assert Revision.page_revisions.filter(object_id=str(draft.pk)).count() == 1
    ArticlePage.objects.get(pk=draft.pk).delete()
    kept = SuppliedOriginal.objects.get()
    assert (kept.page, kept.page_number, kept.title) == (None, sent.page_number, draft.title)
    assert originals.is_intact(kept)


def test_the_difference_is_told_by_field_and_in_words(client, draft, sender, sent):
    edit(draft, "Tháng này có 98% hồ sơ đúng hẹn.")
    client.force_login(sender)
    html = client.get(reverse("supplied_original", args=[draft.pk])).content.decode()
    squeezed = " ".join(html.split())
    assert "Bỏ:</b> 95%" in squeezed.replace("  ", " ")
    assert "Thêm:</b> 98%" in squeezed.replace("  ", " ")
    assert "<del>" in html
    assert "<ins>" in html
    assert "&lt;b&gt;Ba Đình" in html
    assert "<b>Ba Đình" not in html
    assert sent.sha256[:4] in html
    assert "So với bản nháp mới nhất" in html


def test_a_public_page_is_compared_as_it_reads_and_its_draft_on_request(
    client, draft, sender, sent
):
    edit(draft, "Tháng này có 98% hồ sơ đúng hẹn.").publish()
    edit(draft, "Tháng này có 99% hồ sơ đúng hẹn.")
    client.force_login(sender)
    url = reverse("supplied_original", args=[draft.pk])
    html = client.get(url).content.decode()
    assert "98%" in html
    assert "99%" not in html
    html = client.get(url, {"voi": "ban-nhap"}).content.decode()
    assert "99%" in html
    assert "98%" not in html


def test_the_hashed_content_is_downloaded_byte_for_byte(client, draft, sender, sent):
    client.force_login(sender)
    response = client.get(reverse("supplied_original_content", args=[draft.pk]))
    assert hashlib.sha256(response.content).hexdigest() == sent.sha256
    assert "no-store" in response["Cache-Control"]


def test_its_pictures_stay_and_a_replacement_is_told(
    client, draft, sender, django_capture_on_commit_callbacks
):
    picture = ImageFactory(title="Ảnh Bộ phận Một cửa")
    figure = {"image": picture, "alt": "Người dân nhận kết quả", "caption": "", "credit": ""}
    draft.body = [("figure", figure)]
    with django_capture_on_commit_callbacks(execute=True):
        draft.save_revision(user=sender)
        draft.get_workflow().start(draft, sender)
    kept = OriginalFile.objects.get()
    assert (kept.image, kept.size) == (picture, picture.get_file_size())
    draft.current_workflow_state.cancel(user=sender)
    with django_capture_on_commit_callbacks(execute=True):
        edit(draft, "Không còn ảnh.")
    policy = KeepUsedPolicy(Image, owner_field_name="uploaded_by_user")
    assert not policy.user_has_permission_for_instance(boss(), "delete", picture)
    with pytest.raises(ProtectedError):
        picture.delete()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        OriginalFile.objects.update(sha256="")
    client.force_login(sender)
    url = reverse("supplied_original", args=[draft.pk])
    assert "Đã bị thay trong thư viện" not in client.get(url).content.decode()
    storage, name = picture.file.storage, picture.file.name
    storage.delete(name)
    storage.save(name, ContentFile(b"khac"))
    html = client.get(url).content.decode()
    assert "Ảnh Bộ phận Một cửa" in html
    assert "Đã bị thay trong thư viện" in html


def boss() -> User:
    return User.objects.create_superuser("quantri", "quantri@hanoi.example", "mat-khau-rat-dai")


def test_who_may_see_it(client, category, draft, sender, sent):
    other = CategoryPage.objects.get(slug="ban-chi-dao", locale=category.locale)
    people = {
        sender: 200,
        appoint("to.cong.tac", Post.WORKING_GROUP): 200,
        appoint("thanh.vien", Post.MEMBER, category): 200,
        appoint("thanh.vien.khac", Post.MEMBER, other): 302,
        appoint("truong.ban", Post.HEAD): 200,
        staff("ai.do"): 302,
    }
    for person, status in people.items():
        client.force_login(person)
        for name in ("supplied_original", "supplied_original_content"):
            response = client.get(reverse(name, args=[draft.pk]))
            assert response.status_code == status, person.username
    client.logout()
    assert client.get(reverse("supplied_original", args=[draft.pk])).status_code == 302


def test_of_a_deleted_draft_only_those_who_screen_or_lead_see_it(client, draft, sender, sent):
    number = draft.pk
    screener = appoint("to.cong.tac", Post.WORKING_GROUP)
    draft.current_workflow_state.cancel(user=sender)
    ArticlePage.objects.get(pk=number).delete()
    client.force_login(sender)
    assert client.get(reverse("supplied_original", args=[number])).status_code == 302
    client.force_login(screener)
    html = client.get(reverse("supplied_original", args=[number])).content.decode()
    assert "Bản nháp đã bị xóa" in html
    assert "95% hồ sơ" in html


def test_a_page_never_sent_in_has_no_original(client, draft, sender):
    client.force_login(sender)
    assert client.get(reverse("supplied_original", args=[draft.pk])).status_code == 404
    html = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert reverse("supplied_original", args=[draft.pk]) not in html


def test_the_editor_links_to_it(client, draft, sender, sent):
    client.force_login(sender)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert reverse("supplied_original", args=[draft.pk]) in html


def test_differences_are_by_word_and_white_space_is_none():
    parts = differences("Một hai ba.\nBốn năm", "Một  hai bốn.\n\nBốn năm sáu")
    told = [(part.kind, part.text.strip()) for part in parts]
    assert (Kind.REMOVED, "ba.") in told
    assert (Kind.ADDED, "bốn.") in told
    assert (Kind.ADDED, "sáu") in told
    assert differences("a b\nc", "a  b\nc") == differences("a b\nc", "a b\nc") or all(
        part.kind is Kind.SAME for part in differences("a b\nc", "a  b\nc")
    )
    assert differences("", "") == []
