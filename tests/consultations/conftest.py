from tests.site_pages.conftest import home

__all__ = ["home"]
