"""Pages of the public shell, made as editors make them."""

import factory
import wagtail_factories

from site_pages.models import CategoryPage, Group, StandardPage


class StandardPageFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda n: f"Trang số {n}")
    abstract_text = "Hai câu tóm tắt nội dung của trang."
    body = "<p>Nội dung của trang.</p>"

    class Meta:
        model = StandardPage


class CategoryPageFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda n: f"Chuyên mục {n}")
    group = Group.RESULTS

    class Meta:
        model = CategoryPage
