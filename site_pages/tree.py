"""The page tree of Article 6 and the standard pages, laid by one verb in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Locale, Page, PageLogEntry, Site

from .models import CategoryPage, Group, HomePage, PublicPage, ReportsPage, StandardPage
from .publishing import by_installation


@dataclass(frozen=True)
class Node:
    """One page below the home page; texts are (Vietnamese, English)."""

    order: int
    slug: str
    model: type[PublicPage]
    title: tuple[str, str]
    abstract: tuple[str, str] = ("", "")
    menu_title: tuple[str, str] = ("", "")
    in_menu: bool = False
    body: tuple[str, str] = ("", "")
    fields: dict[str, object] = field(default_factory=dict)


_nodes: dict[str, Node] = {}
# What the menu shows; more would be cut off.
MOST_ENTRIES = 8


def register(node: Node) -> None:
    """Let lay() make this page; rooms above register their index pages."""
    _nodes[node.slug] = node


@transaction.atomic
def lay() -> HomePage:
    """Make what is missing of the tree; what editors changed is left alone."""
    with by_installation():
        return _lay()


def _lay() -> HomePage:
    home = _lay_home()
    twins = Page.objects.filter(
        locale__language_code="en", translation_key=OuterRef("translation_key")
    )
    whole = set(home.get_children().filter(Exists(twins)).values_list("slug", flat=True))
    for node in sorted(_nodes.values(), key=lambda node: node.order):
        if node.slug in whole:
            continue
        page = home.get_children().filter(slug=node.slug).first()
        if page is None:
            page = _lay_node(home, node)
        _translate(page.specific, node)
    for twin in HomePage.objects.filter(translation_key=home.translation_key):
        _leave_room(twin)
    return home


def _leave_room(home: HomePage) -> None:
    """Keep the menu at the entries that it shows.

    Pages that were laid with an entry and are no longer meant to have one would push out what
    came later. Only these lose it, only while there are too many, and only where nobody has
    touched the page since: what an editor saved is the editor's choice.
    """
    entries = home.get_children().live().in_menu()
    spare = [node.slug for node in _nodes.values() if not node.in_menu]
    for page in entries.filter(slug__in=spare):
        if entries.count() > MOST_ENTRIES and not _was_touched(page):
            _take_out(page.specific)


def _was_touched(page: Page) -> bool:
    """In either language: the menu is one choice."""
    twins = page.get_translations(inclusive=True)
    logged = PageLogEntry.objects.filter(page__in=twins.values("pk"), user__isnull=False)
    return logged.exists() or any(
        twin.revisions.filter(user__isnull=False).exists() for twin in twins
    )


def _take_out(page: PublicPage) -> None:
    page.show_in_menus = False
    if page.latest_revision_id:
        # The next editor starts from the newest revision.
        page.save_revision().publish()
    else:
        page.save()


def _lay_home() -> HomePage:
    vietnamese, _created = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    english, _created = Locale.objects.get_or_create(language_code="en")
    home = HomePage.objects.filter(locale=vietnamese).first()
    if home is None:
        root = Page.get_first_root_node()
        home = root.add_child(instance=HomePage(locale=vietnamese, slug="trang-chu", **_HOME["vi"]))
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": settings.BASE_URL.split("//")[1].split(":")[0],
                "port": 443,
                "root_page": home,
                "site_name": "Cải cách hành chính nhà nước thành phố Hà Nội",
            },
        )
        # Wagtail's own welcome page.
        for page in root.get_children().exclude(pk=home.pk).filter(slug="home"):
            page.delete()
    if not HomePage.objects.filter(locale=english).exists():
        publish_translation(home, english, _HOME["en"])
    return HomePage.objects.get(pk=home.pk)


def _lay_node(home: HomePage, node: Node) -> Page:
    return home.add_child(
        instance=node.model(
            locale=home.locale,
            slug=node.slug,
            show_in_menus=node.in_menu,
            **_texts(node, 0),
            **node.fields,
        )
    )


def _texts(node: Node, language: int) -> dict[str, str]:
    texts = {
        "title": node.title[language],
        "abstract_text": node.abstract[language],
        "menu_title": node.menu_title[language],
    }
    if node.body[language]:
        texts["body"] = node.body[language]
    return texts


def _translate(page: PublicPage, node: Node) -> None:
    english = Locale.objects.get(language_code="en")
    if not page.has_translation(english):
        publish_translation(page, english, _texts(node, 1))


def publish_translation(page: PublicPage, locale: Locale, texts: dict[str, str]) -> None:
    """Make and publish a page's twin in another language; its parent must have one."""
    copy = page.copy_for_translation(locale, copy_parents=False)
    for name, text in texts.items():
        setattr(copy, name, text)
    # Home pages are siblings under the root and keep the slug that tells them apart.
    if copy.depth > 2:
        copy.slug = page.slug
    copy.save_revision().publish()


_HOME = {
    "vi": {
        "title": "Cải cách hành chính nhà nước thành phố Hà Nội",
        "intro": (
            "Văn bản, kết quả và mô hình cải cách hành chính của Thành phố; nơi người dân và "
            "doanh nghiệp đánh giá sự phục vụ của cơ quan nhà nước."
        ),
    },
    "en": {
        "title": "Administrative reform of Hanoi",
        "intro": (
            "Documents, results and models of the City's administrative reform, and the place "
            "where people and businesses rate the service of state agencies."
        ),
    },
}

register(
    Node(
        20,
        "hoat-dong-lanh-dao",
        CategoryPage,
        ("Hoạt động của Lãnh đạo Thành phố", "Activities of the City's leaders"),
        (
            "Hoạt động chỉ đạo, điều hành cải cách hành chính của Lãnh đạo Thành phố.",
            "How the City's leaders direct administrative reform.",
        ),
        ("Lãnh đạo Thành phố", "City leaders"),
        in_menu=True,
        fields={"group": Group.LEADERSHIP},
    )
)
register(
    Node(
        30,
        "ban-chi-dao",
        CategoryPage,
        (
            "Ban Chỉ đạo cải cách hành chính, Chuyển đổi số và Đề án 06",
            "Steering committee on reform, digital transformation and Project 06",
        ),
        (
            "Chương trình, kết luận và hoạt động của Ban Chỉ đạo Thành phố.",
            "Programmes, conclusions and work of the City's steering committee.",
        ),
        ("Ban Chỉ đạo", "Steering committee"),
        in_menu=True,
        fields={"group": Group.STEERING},
    )
)
register(
    Node(
        40,
        "tinh-hinh-ket-qua",
        CategoryPage,
        ("Tình hình và kết quả cải cách hành chính", "State and results of reform"),
        (
            "Tình hình thực hiện và kết quả của Thành phố, các cơ quan, đơn vị, xã, phường.",
            "What the City, its agencies, wards and communes have done and achieved.",
        ),
        ("Tình hình, kết quả", "Results"),
        in_menu=True,
        fields={"group": Group.RESULTS},
    )
)
register(
    Node(
        50,
        "kinh-nghiem-mo-hinh",
        CategoryPage,
        ("Kinh nghiệm, mô hình cải cách hành chính", "Experience and models of reform"),
        (
            "Kinh nghiệm, mô hình trong nước và trên thế giới, xu hướng của nền hành chính công.",
            "Experience and models in Viet Nam and abroad, and trends of public administration.",
        ),
        ("Kinh nghiệm, mô hình", "Models"),
        in_menu=True,
        fields={"group": Group.EXPERIENCE},
    )
)
register(
    Node(
        80,
        "bao-cao",
        ReportsPage,
        ("Báo cáo", "Reports"),
        (
            "Báo cáo đã công bố; mỗi bản phát hành có mã xác thực và không thay đổi.",
            "Published reports; each edition carries a verification code and never changes.",
        ),
    )
)
register(
    Node(
        100,
        "gioi-thieu",
        StandardPage,
        ("Giới thiệu", "About"),
        (
            "Vai trò, cơ quan quản lý và cách hoạt động của Trang thông tin.",
            "What this portal is for, who runs it and how it works.",
        ),
        body=(
            "<h2>Vai trò</h2><p>Trang thông tin cung cấp văn bản của Trung ương và Thành phố về "
            "cải cách hành chính, tình hình thực hiện, kết quả, kinh nghiệm và mô hình; là kênh "
            "để Ủy ban nhân dân Thành phố lắng nghe đánh giá, góp ý của người dân và xã hội.</p>"
            "<h2>Quản lý, vận hành</h2><p>Ban Biên tập điều hành Trang thông tin. Sở Nội vụ là "
            "cơ quan thường trực; Tổ Công tác giúp việc tiếp nhận, biên tập và đăng tải thông "
            "tin. Thông tin chỉ được đăng sau khi được duyệt.</p>"
            "<h2>Sử dụng thông tin</h2><p>Mọi cơ quan, tổ chức, cá nhân đều có quyền tiếp cận, "
            "sử dụng thông tin và ghi rõ nguồn khi sử dụng.</p>",
            "<h2>Purpose</h2><p>The portal carries documents on administrative reform, its "
            "progress, results and models, and lets people and businesses rate the service of "
            "Hanoi's state agencies.</p><h2>Who runs it</h2><p>The Editorial Board directs the "
            "portal; the Department of Home Affairs is its standing body.</p>",
        ),
    )
)
register(
    Node(
        110,
        "lien-he",
        StandardPage,
        ("Liên hệ", "Contact"),
        (
            "Địa chỉ tiếp nhận thông tin của Trang thông tin.",
            "Where to send information for the portal.",
        ),
        body=(
            "<p>Thông tin, tin bài và góp ý về Trang thông tin xin gửi về Sở Nội vụ (Phòng Cải "
            "cách hành chính) theo địa chỉ dưới đây.</p>",
            "<p>Please send information and comments on the portal to the Department of Home "
            "Affairs at the address below.</p>",
        ),
        fields={"shows_contact": True},
    )
)
register(
    Node(
        120,
        "tro-nang",
        StandardPage,
        ("Trợ năng", "Accessibility"),
        (
            "Trang thông tin được xây dựng để mọi người đều dùng được.",
            "This portal is built so that everyone can use it.",
        ),
        body=(
            "<p>Trang thông tin hướng tới chuẩn WCAG 2.2 mức AA: dùng được bằng bàn phím, trình "
            "đọc màn hình, trên điện thoại, khi phóng to 200% và khi tắt JavaScript.</p><p>Nếu "
            "gặp khó khăn khi đọc hoặc gửi phiếu, ông/bà liên hệ Sở Nội vụ theo địa chỉ ở cuối "
            "trang để được hỗ trợ.</p>",
            "<p>We aim at WCAG 2.2 level AA: by keyboard, with a screen reader, on a phone, at "
            "200 % zoom and without JavaScript.</p><p>If something does not work for you, please "
            "contact the Department of Home Affairs.</p>",
        ),
        fields={"shows_contact": True},
    )
)
register(
    Node(
        130,
        "rieng-tu",
        StandardPage,
        ("Quyền riêng tư", "Privacy"),
        (
            "Trang thông tin lưu gì, trong bao lâu và để làm gì.",
            "What the portal keeps, for how long and why.",
        ),
        body=(
            "<p>Trang chỉ đọc không đặt cookie, không dùng công cụ theo dõi của bên thứ ba.</p>"
            "<h2>Khi trả lời khảo sát</h2><p>Phiếu không ghi họ tên, tài khoản hay địa chỉ mạng; "
            "chỉ ghi ngày gửi. Trong lúc trả lời, một cookie kỹ thuật giữ phiếu đang làm dở và "
            "hết tác dụng khi gửi hoặc xóa phiếu; phiếu làm dở tự xóa sau 7 ngày.</p>"
            "<h2>Khi gửi tin, bài</h2><p>Tên người gửi được ghi là tác giả hoặc nguồn tin khi tin, "
            "bài được đăng. Thư điện tử, số điện thoại chỉ Tổ Công tác xem được và bị xóa sau thời "
            "hạn nêu ở trang Gửi tin, bài. Vị trí chụp được loại bỏ khỏi hình ảnh. Một cookie kỹ "
            "thuật giữ bài đang soạn.</p>"
            "<h2>Chống gửi tự động</h2><p>Hệ thống đếm số lượt gửi theo dấu băm thay đổi mỗi "
            "ngày của địa chỉ mạng và xóa sau một ngày; địa chỉ mạng không được lưu.</p>",
            "<p>Pages that are only read set no cookie and use no third-party tracking.</p>"
            "<h2>Answering a survey</h2><p>A response holds no name, account or network address, "
            "only the day. While you answer, one technical cookie finds your draft; drafts are "
            "deleted after 7 days.</p><h2>Sending news or material</h2><p>The sender is named as "
            "author or source once the item is published. E-mail and telephone are seen by the "
            "working group only and deleted after the time that the form's page states. The place "
            "is removed from pictures. One technical cookie finds your draft.</p>"
            "<h2>Against automated sending</h2><p>Requests are counted by a hash that changes "
            "daily and is deleted after a day.</p>",
        ),
    )
)
