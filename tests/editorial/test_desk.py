"""A collaborator's small admin: what is theirs, and not a word of anybody else's."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    Comment,
    GroupApprovalTask,
    Page,
    ReferenceIndex,
    Task,
    Workflow,
    WorkflowTask,
)
from wagtail_factories import ImageFactory

from editorial.confinement import DESK, is_confined
from editorial.models import Post
from news.models import ArticlePage
from portal import clock
from site_pages.models import CategoryPage
from tests.accounts import user
from tests.editorial.people import admin, appointed, collaborator, draft, lay_roles, section

pytestmark = pytest.mark.django_db
SECRETS = ("Mật-tiêu-đề", "Mật-thân-bài", "Mật-bình-luận", "Mật-ảnh", "Mật-tệp")
# As text, and as JSON writes it.
TELLING = [form for word in SECRETS for form in (word, json.dumps(word)[1:-1])]


@pytest.fixture(autouse=True)
def _today(home, at):
    at("2026-11-20 09:00")
    lay_roles()


@pytest.fixture
def writer(client):
    person = collaborator("cong.tac.vien", "tinh-hinh-ket-qua").user
    client.force_login(person)
    return person


def picture(title: str, owner) -> Image:
    root = Collection.get_first_root_node()
    return ImageFactory(title=title, uploaded_by_user=owner, collection=root)


def workflow_for(page: Page) -> None:
    flow = Workflow.objects.create(name="Duyệt")
    task = GroupApprovalTask.objects.create(name="Sàng lọc")
    WorkflowTask.objects.create(workflow=flow, task=Task.objects.get(pk=task.pk), sort_order=0)
    flow.workflow_pages.create(page=page)


class TestDesk:
    def test_a_collaborator_lands_on_it(self, client, writer):
        response = client.get(reverse("wagtailadmin_home"))
        assert response.url == reverse(DESK)
        body = client.get(reverse(DESK)).content.decode()
        add = reverse("wagtailadmin_pages:add", args=["news", "articlepage", section().pk])
        assert add in body
        other = section("ban-chi-dao").pk
        assert reverse("wagtailadmin_pages:add", args=["news", "articlepage", other]) not in body

    def test_it_shows_own_drafts_with_their_clocks(self, client, writer):
        page = draft(writer, "Tin của tôi")
        ArticlePage.objects.filter(pk=page.pk).update(event_at=clock.now() - timedelta(hours=50))
        draft(user("nguoi.khac"), SECRETS[0])
        body = client.get(reverse(DESK)).content.decode()
        assert "Tin của tôi" in body
        assert "room-late" in body
        assert SECRETS[0] not in body

    def test_a_returned_item_stands_first_with_its_note(self, client, writer):
        workflow_for(section())
        page = draft(writer, "Tin trả lại")
        state = page.get_workflow().start(page, writer)
        state.current_task_state.reject(user=admin(), comment="Xin bổ sung nguồn tin.")
        body = client.get(reverse(DESK)).content.decode()
        assert "Xin bổ sung nguồn tin." in body
        assert body.index("room-note") < body.index("title-wrapper")

    def test_as_many_queries_for_twenty_as_for_two(
        self, client, writer, django_assert_max_num_queries
    ):
        for number in range(20):
            draft(writer, f"Tin {number}")
        client.get(reverse(DESK))
        with django_assert_max_num_queries(40):
            client.get(reverse(DESK))

    def test_the_board_and_the_working_group_are_not_confined(self, client):
        for name, post in [("mot", Post.MEMBER), ("hai", Post.WORKING_GROUP)]:
            person = appointed(name, post).user
            assert not is_confined(person)
        both = collaborator("hai").user
        assert not is_confined(both)

    def test_the_menu_holds_nothing_else(self, client, writer):
        body = client.get(reverse(DESK)).content.decode()
        for address in (
            "wagtailimages:index",
            "wagtaildocs:index",
            "wagtailadmin_reports:aging_pages",
        ):
            assert reverse(address) not in body


class TestWriting:
    def test_only_in_the_sections_of_the_contract(self, client, writer):
        for slug, status in [("tinh-hinh-ket-qua", 200), ("ban-chi-dao", 403)]:
            url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", section(slug).pk])
            assert client.get(url).status_code == status, slug
        english = CategoryPage.objects.get(slug="ban-chi-dao", locale__language_code="en")
        assert not english.permissions_for_user(writer).can_add_subpage()

    def test_never_a_section_or_a_page_elsewhere(self, client, writer, home):
        for names in [
            ["site_pages", "categorypage", section().pk],
            ["site_pages", "standardpage", home.pk],
            ["site_pages", "homepage", home.get_parent().pk],
        ]:
            url = reverse("wagtailadmin_pages:add", args=names)
            assert client.get(url).status_code in (302, 403), names

    def test_a_contract_without_sections_opens_every_one(self, client):
        client.force_login(collaborator("mot").user)
        for slug in ("tinh-hinh-ket-qua", "ban-chi-dao"):
            url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", section(slug).pk])
            assert client.get(url).status_code == 200

    def test_the_whole_way_from_the_button_to_one_s_own_preview(self, client, writer):
        page = draft(writer, "Tin của tôi")
        for name in ("edit", "history", "view_draft", "revisions_index", "delete"):
            response = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
            assert response.status_code in (200, 302), name
        assert not page.permissions_for_user(writer).can_publish()


@pytest.fixture
def secret(home):
    """Another person's page with everything that could leak."""
    other = appointed("to.cong.tac", Post.WORKING_GROUP).user
    image = picture("Mật-ảnh", other)
    file = SimpleUploadedFile("Mat-tep.pdf", b"%PDF-1.4")
    document = Document.objects.create(title="Mật-tệp", file=file, uploaded_by_user=other)
    page = draft(other, "Mật-tiêu-đề")
    page.abstract_text = "Mật-thân-bài"
    page.save_revision(user=other)
    workflow_for(section())
    page.get_workflow().start(page, other)
    Comment.objects.create(
        page=page, user=other, text="Mật-bình-luận", contentpath="title", position=""
    )
    ids = {
        "image": image.pk,
        "document": document.pk,
        "page": page.pk,
        "revision": page.latest_revision_id,
        "workflow_state": page.current_workflow_state.pk,
        "task": page.current_workflow_state.current_task_state.task_id,
        "task_state": page.current_workflow_state.current_task_state.pk,
        "user": other.pk,
        "parent": section().pk,
    }
    return ids


def admin_patterns(resolver=None, prefix="", names=()):
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = (entry.namespace,) if entry.namespace else ()
            yield from admin_patterns(entry, here, (*names, *space))
        elif isinstance(entry, URLPattern) and here.startswith("quan-tri/"):
            yield ":".join((*names, str(entry.name))), here, entry


def arguments(name: str, entry: URLPattern, ids: dict[str, int]) -> dict[str, object]:
    """The secret page's own numbers for every argument that an address takes."""
    page, parent = ids["page"], ids["parent"]
    files = "image" if "image" in name else "document" if "docs" in name else "page"
    known = {
        "page_id": page,
        "page_pk": page,
        "page_to_move_id": page,
        "object_id": str(page),
        "parent_page_id": page,
        "destination_id": parent,
        "revision_id": ids["revision"],
        "revision_id_a": ids["revision"],
        "revision_id_b": "latest",
        "workflow_state_id": ids["workflow_state"],
        "task_id": ids["task"],
        "task_state_id": ids["task_state"],
        "user_id": ids["user"],
        "image_id": ids["image"],
        "document_id": ids["document"],
        "doc_id": ids["document"],
        "pk": ids[files],
        "action_name": "approve",
        "action": "delete",
        "app_label": "news",
        "app_name": "news",
        "content_type_app_name": "news",
        "model_name": "articlepage",
        "content_type_model_name": "articlepage",
        "filter_spec": "max-165x165",
        "mode": "",
        "uidb64": "MQ",
        "token": "x",
    }
    return {key: known.get(key, 1) for key in entry.pattern.regex.groupindex or {}} or {
        key: known.get(key, 1) for key in entry.pattern.converters
    }


def matrix(ids: dict[str, int]):
    for name, path, entry in admin_patterns():
        kwargs = arguments(name, entry, ids)
        try:
            yield name, reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            yield name, "/" + _filled(path, kwargs)


def _filled(path: str, kwargs: dict[str, object]) -> str:
    text = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(kwargs.get(found[1], 1)), path)
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: str(kwargs.get(found[1], 1)), text)
    return re.sub(r"[\^$\\]|\.\*", "", text)


QUERY = "?q=M%E1%BA%ADt&query=M%E1%BA%ADt&term=M&p=1&id={page}&id={image}&id={document}&order=title"


def test_no_address_of_the_admin_tells_of_another_person_s_draft(client, writer, secret):
    client.raise_request_exception = False
    seen, told, broken = 0, [], set()
    query = QUERY.format(**secret)
    for name, url in matrix(secret):
        if name == "wagtailadmin_error_test" or "login" in name or "logout" in name:
            continue
        for method, address in [
            (client.get, url),
            (client.get, url + query),
            (client.post, url),
        ]:
            response = address and method(address)
            seen += 1
            if response.status_code == 500:
                broken.add(name)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            text = body.decode(errors="replace")
            leaks = [word for word in TELLING if word in text]
            if leaks:
                told.append((name, address, response.status_code, leaks))
    assert not told
    # Wagtail's own answer to a link without an address.
    assert broken <= {"wagtailadmin_choose_page_external_link"}
    assert seen > 900
    page = Page.objects.get(pk=secret["page"])
    assert (page.title, page.live) == ("Mật-tiêu-đề", False)


def test_foreign_revisions_do_not_open_through_one_s_own_page(client, writer, secret):
    own = draft(writer, "Của tôi")
    revision = secret["revision"]
    for name, args in [
        ("revisions_view", [own.pk, revision]),
        ("revisions_revert", [own.pk, revision]),
        ("revisions_compare", [own.pk, revision, "latest"]),
        ("workflow_history_detail", [own.pk, secret["workflow_state"]]),
    ]:
        response = client.get(reverse(f"wagtailadmin_pages:{name}", args=args))
        assert response.status_code in (302, 403, 404), name
        assert "Mật" not in response.content.decode()


def test_choosers_offer_own_uploads_and_what_is_public(client, writer, secret):
    mine = picture("Ảnh của tôi", writer)
    body = client.get(reverse("wagtailimages_chooser:choose_results")).content.decode()
    assert mine.title in body
    assert "Mật-ảnh" not in body
    page = draft(user("bien.tap"), "Tin công khai")
    Page.objects.filter(pk=page.pk).update(live=True, has_unpublished_changes=False)
    ReferenceIndex.objects.create(
        base_content_type=ContentType.objects.get_for_model(Page),
        content_type=ContentType.objects.get_for_model(ArticlePage),
        object_id=str(page.pk),
        to_content_type=ContentType.objects.get_for_model(Image),
        to_object_id=str(secret["image"]),
        model_path="body",
        content_path="body",
        content_path_hash="00000000-0000-0000-0000-000000000000",
    )
    body = client.get(reverse("wagtailimages_chooser:choose_results")).content.decode()
    assert "Mật-ảnh" in body


@pytest.mark.parametrize("kind", ["images", "docs"])
def test_choosers_are_searched_within_what_is_offered(client, writer, secret, kind):
    url = reverse(f"wagtail{kind}_chooser:choose_results")
    response = client.get(url, {"q": "Mật"})
    assert response.status_code == 200
    assert "Mật-" not in response.content.decode()
