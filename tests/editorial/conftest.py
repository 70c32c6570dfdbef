import pytest
from wagtail.models import Page

from editorial.models import Post
from site_pages.models import CategoryPage, Group
from tests.editorial.office import appoint


@pytest.fixture
def section(db):
    """One of two sections; a whole tree would cost each test a second."""
    top = Page.objects.get(depth=2)
    made = [
        top.add_child(instance=CategoryPage(title=title, slug=slug, group=Group.RESULTS))
        for title, slug in [("Tình hình, kết quả", "ket-qua"), ("Kinh nghiệm", "kinh-nghiem")]
    ]
    return made[0]


@pytest.fixture
def head(db):
    return appoint("truong.ban", Post.HEAD)


@pytest.fixture
def member(db):
    return appoint("thanh.vien", Post.MEMBER)


@pytest.fixture
def group(db):
    return appoint("to.cong.tac", Post.WORKING_GROUP)
