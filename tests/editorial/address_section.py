"""One section of the house with an object of each kind in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.models import Document
from wagtail.models import (
    Collection,
    Page,
    TaskState,
    UploadedFile,
)
from wagtail_factories import ImageFactory

from editorial import approval, meetings, orders, proposals, screening
from editorial.models import (
    Appointment,
    Collaborator,
    Notice,
    Occasion,
    PlanTopic,
    SectionAssignment,
)
from news.models import ArticlePage
from portal import clock
from site_pages.models import CategoryPage
from tests.editorial import people
from tests.editorial.office import local

if TYPE_CHECKING:
    from tests.editorial.addresses import House


class Section:
    """One section at work: who writes, who is in charge, and one thing of each kind."""

    def __init__(self, slug: str, writer: Collaborator, member: Appointment, house: House) -> None:
        self.slug, self.writer, self.member, self.house = slug, writer, member, house
        self.screener = house.screener.user
        self.page = CategoryPage.objects.get(slug=slug, locale__language_code="vi")
        self.public = self._public()
        self.values = self._item() | self._files() | self._work() | self._posts()

    def _draft(self, title: str) -> ArticlePage:
        page = people.draft(self.writer.user, f"{title} {self.slug}", self.slug)
        page.get_workflow().start(page, self.writer.user)
        return page

    def _pass_on(self, page: ArticlePage) -> Page:
        facts = {"origin": "collaborator", "purpose": "Tin", "holds_no_secret": True}
        screening.pass_on(_step(page).pk, self.screener, **facts)
        return Page.objects.get(pk=page.pk)

    def _public(self) -> Page:
        page = self._pass_on(self._draft("Tin công khai"))
        approval.approve(_step(page).pk, self.member.user)
        return ArticlePage.objects.get(pk=page.pk)

    def _item(self) -> dict[str, object]:
        """An item that waits for approval, and what was said of it."""
        draft = self._draft("Tin chờ duyệt")
        asked = screening.forward(
            _step(draft).pk,
            self.screener,
            question="Xin ý kiến",
            to_agency=self.house.agency_asked_by(self.slug),
        )
        draft = self._pass_on(draft)
        step = _step(draft)
        notice = Notice.objects.create(
            user=self.member.user, occasion=Occasion.TO_APPROVE, key="nhac", at=clock.now()
        )
        return {
            "page_id": draft.pk,
            "page_pk": draft.pk,
            "page_to_move_id": draft.pk,
            "object_id": str(draft.pk),
            "parent_page_id": self.page.pk,
            "revision_id": draft.latest_revision_id,
            "revision_id_a": draft.latest_revision_id,
            "revision_id_b": "latest",
            "workflow_state_id": step.workflow_state_id,
            "task_id": step.task_id,
            "task_state_id": step.pk,
            "doubt_id": screening.doubt(step.pk, self.screener, "Hỏi lại số liệu").pk,
            "forward_id": asked.pk,
            "notice_id": notice.pk,
        }

    def _files(self) -> dict[str, object]:
        root, owner = Collection.get_first_root_node(), self.writer.user
        image = ImageFactory(title=f"Ảnh {self.slug}", uploaded_by_user=owner, collection=root)
        document = Document.objects.create(
            title=f"Tệp {self.slug}", file=_file("tep.pdf"), uploaded_by_user=owner
        )
        waiting = UploadedFile.objects.create(
            file=_file("cho.pdf"),
            uploaded_by_user=owner,
            for_content_type=ContentType.objects.get_for_model(Document),
        )
        return {
            "image_id": image.pk,
            "document_id": document.pk,
            "doc_id": document.pk,
            "uploaded_file_id": waiting.pk,
        }

    def _work(self) -> dict[str, object]:
        due = local("2026-12-10 17:00")
        topic = PlanTopic.objects.get(section=self.page)
        order = orders.place(topic.pk, self.writer, "Một bài", due, self.screener)
        proposal = proposals.propose("function", "Thêm bộ lọc", "Để dễ tìm", self.member.user)
        known = {"order_id": order.pk, "proposal_id": proposal.pk, "topic_id": topic.pk}
        return known | self._meeting()

    def _meeting(self) -> dict[str, object]:
        """Held with this section's member only."""
        house, group = self.house, self.screener
        meeting = meetings.prepare(
            by=group,
            title=f"Họp {self.slug}",
            notice_kind="GM",
            starts_at=local("2026-11-25 14:00"),
            place="Phòng 302",
            link="",
            chair=house.head,
            secretary=house.screener,
            signer=house.head,
        )
        meetings.set_agenda(meeting.pk, [("Kiểm điểm", "")], group)
        meetings.invite(meeting.pk, [self.member], group)
        paper = meetings.add_paper(meeting.pk, "Tài liệu", _file("giay.pdf"), group)
        meetings.notify(meeting.pk, group)
        with clock.stopped_at(local("2026-11-25 18:00")):
            meetings.hold(meeting.pk, [self.member], local("2026-11-25 16:00"), group)
            day = date(2026, 12, 15)
            decided = meetings.conclude(meeting.pk, "Mở mục mới", self.member, day, group)
        return {"meeting_id": meeting.pk, "paper_id": paper.pk, "conclusion_id": decided.pk}

    def _posts(self) -> dict[str, object]:
        return {
            "user_id": self.writer.user_id,
            "collaborator_id": self.writer.pk,
            "appointment_id": self.member.pk,
            "assignment_id": SectionAssignment.objects.get(appointment=self.member).pk,
        }


def _step(page: Page) -> TaskState:
    return Page.objects.get(pk=page.pk).current_workflow_task_state


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 noi dung")
