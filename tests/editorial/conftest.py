import pytest
from wagtail.models import Locale, Page, Site

from site_pages.models import CategoryPage, Group, HomePage


@pytest.fixture
def home(db):
    """A home page with two sections and one English twin: the whole tree takes seconds."""
    Site.clear_site_root_paths_cache()
    locale = Locale.objects.get_or_create(language_code="vi")[0]
    english = Locale.objects.get_or_create(language_code="en")[0]
    root = Page.get_first_root_node()
    page = root.add_child(instance=HomePage(title="Trang chủ", slug="trang-chu", locale=locale))
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": page})
    for slug, group in [("tinh-hinh-ket-qua", Group.RESULTS), ("ban-chi-dao", Group.STEERING)]:
        page.add_child(instance=CategoryPage(title=slug, slug=slug, group=group, locale=locale))
    twin_home = HomePage(title="Home", slug="home-en", locale=english)
    twin_home.translation_key = page.translation_key
    other = root.add_child(instance=twin_home)
    twin = CategoryPage(title="Committee", slug="ban-chi-dao", group=Group.STEERING, locale=english)
    twin.translation_key = CategoryPage.objects.get(slug="ban-chi-dao").translation_key
    other.add_child(instance=twin)
    yield page
    Site.clear_site_root_paths_cache()
