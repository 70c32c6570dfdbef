import pytest
from wagtail.models import Site

from site_pages.tree import lay


@pytest.fixture
def home(db):
    """The Vietnamese home page with the whole tree below it, in both languages."""
    Site.clear_site_root_paths_cache()
    yield lay()
    Site.clear_site_root_paths_cache()
