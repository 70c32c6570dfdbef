"""Work in hand of the demonstration: drafts, so that the first panel of the admin is not empty."""

from __future__ import annotations

from datetime import timedelta

from wagtail.rich_text import RichText

from news.models import ArticlePage
from portal import clock
from portal.accounts.models import User
from site_pages.models import CategoryPage, HomePage

# Section, address, title, abstract, hours since the event ended.
DRAFTS = [
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


def load() -> None:
    """Two articles of the editor, one past its 48 hours and one within them."""
    home = HomePage.objects.get(locale__language_code="vi")
    editor = User.objects.get(username="bientap")
    for section, slug, title, abstract, hours in DRAFTS:
        parent = CategoryPage.objects.child_of(home).get(slug=section)
        if parent.get_children().filter(slug=slug).exists():
            continue
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
