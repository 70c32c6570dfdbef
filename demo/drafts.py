"""Work in hand of the demonstration: drafts, so that the first panel of the admin is not empty."""

from __future__ import annotations

from datetime import timedelta

from wagtail.rich_text import RichText

from editorial import refusal, screening
from editorial.models import Ground, Origin
from news.models import ArticlePage
from portal import clock
from portal.accounts.models import User
from site_pages.models import CategoryPage, HomePage

# Section, address, title, abstract, hours since the event ended.
Text = tuple[str, str, str, str, int]
DRAFTS: list[Text] = [
    (
        "hoat-dong-lanh-dao",
        "nhap-doi-thoai-voi-doanh-nghiep",
        "Lãnh đạo Thành phố đối thoại với doanh nghiệp về thủ tục đầu tư",
        "Bản thảo minh họa: các kiến nghị được giao đầu mối và thời hạn trả lời.",
        60,
    ),
    (
        "tinh-hinh-ket-qua",
        "nhap-ra-mat-quay-so-hoa-ho-so",
        "Ra mắt quầy số hóa hồ sơ tại Trung tâm Phục vụ hành chính công",
        "Bản thảo minh họa: hồ sơ giấy được số hóa ngay khi tiếp nhận.",
        20,
    ),
]


# Handed in: the first waits to be screened, the second to be approved, the third was refused.
HANDED_IN: list[Text] = [
    (
        "tinh-hinh-ket-qua",
        "nhap-tiep-nhan-ho-so-luu-dong",
        "Tổ tiếp nhận hồ sơ lưu động đến từng khu dân cư",
        "Bản thảo minh họa: người cao tuổi, người khuyết tật nộp hồ sơ ngay tại nơi ở.",
        12,
    ),
    (
        "tinh-hinh-ket-qua",
        "nhap-rut-ngan-thoi-gian-cap-phep",
        "Rút ngắn một phần ba thời gian cấp phép xây dựng nhà ở riêng lẻ",
        "Bản thảo minh họa: quy trình liên thông giữa phường và Sở Xây dựng.",
        30,
    ),
    (
        "kinh-nghiem-mo-hinh",
        "nhap-mo-hinh-mot-cua-khong-giay",
        "Mô hình bộ phận một cửa không giấy tờ",
        "Bản thảo minh họa: số liệu chưa ghi rõ nguồn.",
        26,
    ),
]


def load() -> None:
    """Two articles of the editor, one past its 48 hours and one within them."""
    for text in DRAFTS:
        _draft(text)


def load_in_review() -> None:
    """Three articles on their way, by the verbs that people use."""
    group = User.objects.get(username="tocongtac")
    for place, text in enumerate(HANDED_IN):
        page = _draft(text)
        if page.workflow_states.exists():
            continue
        page.get_workflow().start(page, page.owner)
        step = page.current_workflow_task_state
        if place == 1:
            screening.pass_on(
                step.pk,
                group,
                origin=Origin.COLLABORATOR,
                purpose="Thông tin kết quả thực hiện đến người dân",
                holds_no_secret=True,
            )
        if place == 2:
            grounds = [Ground.UNKNOWN_ORIGIN, Ground.POOR_QUALITY]
            note = "Đề nghị ghi rõ nguồn số liệu và bổ sung ý kiến của đơn vị triển khai."
            refusal.refuse(step.pk, group, grounds, note)


def _draft(text: Text) -> ArticlePage:
    section, slug, title, abstract, hours = text
    home = HomePage.objects.get(locale__language_code="vi")
    editor = User.objects.get(username="bientap")
    parent = CategoryPage.objects.child_of(home).get(slug=section)
    if made := ArticlePage.objects.child_of(parent).filter(slug=slug).first():
        return made
    page = parent.add_child(
        instance=ArticlePage(
            title=title,
            slug=slug,
            locale=parent.locale,
            abstract_text=abstract,
            author="Trần Thu Hà (minh họa)",
            event_at=clock.now() - timedelta(hours=hours),
            is_demo=True,
            live=False,
            owner=editor,
            body=[("paragraph", RichText(f"<p>{abstract}</p>"))],
        )
    )
    page.save_revision(user=editor)
    return ArticlePage.objects.get(pk=page.pk)
