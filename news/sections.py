"""What the home page and the page tree show of the news."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from site_pages import tree
from site_pages.home import HomeSection, register_section
from site_pages.models import HomePage
from site_pages.top_level import child_of_type

from .models import ArticlePage, NewsIndexPage

SHOWN = 6


@register_section(30)
def latest_articles(request: HttpRequest, home: HomePage) -> HomeSection | None:
    articles = list(ArticlePage.latest(home.locale_id)[:SHOWN])
    parent = child_of_type(request, NewsIndexPage)
    if not articles or parent is None:
        return None
    return HomeSection(
        _("News"), "site_pages/home/pages.html", articles, parent.get_url(request), _("All news")
    )


tree.register(
    tree.Node(
        60,
        "tin-tuc",
        NewsIndexPage,
        ("Tin tức", "News"),
        ("Tin, bài của tất cả các chuyên mục, mới nhất ở trên.", "All articles, newest first."),
        in_menu=True,
    )
)
