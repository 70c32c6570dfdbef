"""Article 3.5 and the text of pictures hold on every path to the public, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Page, Revision, Workflow, WorkflowTask
from wagtail_factories import ImageFactory
from wagtail_localize.models import Translation, TranslationSource

from news.models import ArticlePage
from news.sources import OfficialSource
from portal import clock
from site_pages import tree
from site_pages.models import CategoryPage
from site_pages.scheduling import publish_due
from tests.accounts import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def category() -> CategoryPage:
    tree.lay()
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


@pytest.fixture
def boss(client):
    made = user("quantri", is_superuser=True)
    client.force_login(made)
    return made


def without_permission() -> dict[str, object]:
    source = OfficialSource.objects.create(name="Báo", kind="press", requires_permission=True)
    return {
        "source_kind": "press",
        "official_source": source,
        "source_url": "https://bao.example/1",
    }


def without_alt() -> dict[str, object]:
    return {"body": [("figure", {"image": ImageFactory(), "alt": "", "caption": ""})]}


def write(category, **fields) -> ArticlePage:
    values = {"title": "Bài", "slug": "bai", "author": "An", "locale": category.locale}
    return category.add_child(instance=ArticlePage(**{**values, **fields}))


def in_bulk(client, boss, draft: ArticlePage) -> str:
    draft.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return client.post(f"{url}?id={draft.pk}&next=/quan-tri/", follow=True).content.decode()


def by_approval(client, boss, draft: ArticlePage) -> str:
    draft.save_revision()
    workflow = Workflow.objects.create(name="Duyệt")
    WorkflowTask.objects.create(
        workflow=workflow, task=GroupApprovalTask.objects.create(name="Duyệt"), sort_order=1
    )
    state = workflow.start(draft, boss)
    url = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[draft.pk, "approve", state.current_task_state.pk],
    )
    told = client.post(url, {"next": "/quan-tri/"}, follow=True).content.decode()
    state.refresh_from_db()
    assert state.status == "in_progress"
    return told


def by_the_clock(client, boss, draft: ArticlePage) -> str:
    revision = draft.save_revision()
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=clock.now() - timedelta(minutes=1)
    )
    assert publish_due() == 0
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    url = reverse("wagtailadmin_pages:history", args=[draft.pk])
    return client.get(url).content.decode()


def as_a_copy(client, boss, draft: ArticlePage) -> str:
    """The page went public before the rule stood in its way; its copy does not."""
    Page.objects.filter(pk=draft.pk).update(live=True, first_published_at=clock.now())
    url = reverse("wagtailadmin_pages:copy", args=[draft.pk])
    posted = {
        "new_title": "Bản sao",
        "new_slug": "ban-sao",
        "new_parent_page": draft.get_parent().pk,
        "publish_copies": "on",
    }
    told = client.post(url, posted, follow=True).content.decode()
    assert not Page.objects.filter(slug="ban-sao").exists()
    Page.objects.filter(pk=draft.pk).update(live=False)
    return told


PATHS = [in_bulk, by_approval, by_the_clock, as_a_copy]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("lack", "reason"),
    [(without_permission, "khoản 5"), (without_alt, "mô tả cho người không xem được hình")],
)
def test_what_may_not_be_public_is_refused_with_the_reason(
    client, boss, category, path: Callable, lack: Callable, reason: str
):
    draft = write(category, live=False, **lack())
    assert reason in path(client, boss, draft)
    draft.refresh_from_db()
    assert not draft.live


@pytest.mark.parametrize("kind", ["own", "agency"])
def test_what_names_a_source_wants_its_permission_whatever_kind_is_chosen(category, kind):
    draft = write(category, live=False, **{**without_permission(), "source_kind": kind})
    with pytest.raises(ValidationError) as refused:
        draft.save_revision().publish()
    assert "official_source" in refused.value.message_dict


def test_a_translation_is_refused_like_its_original(category, django_capture_on_commit_callbacks):
    fields = without_permission()
    page = write(category, live=False, **fields)
    english = Locale.objects.get(language_code="en")
    source, _created = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=english)
    # wagtail-localize publishes on commit.
    with (
        pytest.raises(ValidationError) as refused,
        django_capture_on_commit_callbacks(execute=True),
    ):
        translation.save_target(publish=True)
    assert "official_source" in refused.value.message_dict
    assert not Page.objects.filter(locale=english, slug__startswith="bai", live=True).exists()


def test_what_is_due_is_published_and_one_refusal_does_not_stop_the_others(category):
    refused = write(category, live=False, slug="bi-tu-choi", **without_alt())
    waiting = write(category, live=False, slug="cho-den-gio")
    for page, hours in ((refused, -2), (waiting, -1)):
        revision = page.save_revision()
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=timezone.now() + timedelta(hours=hours)
        )
    assert publish_due() == 1
    assert publish_due() == 0
    live = set(ArticlePage.objects.filter(live=True).values_list("slug", flat=True))
    assert live == {"cho-den-gio"}
