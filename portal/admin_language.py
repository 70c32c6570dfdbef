"""The Wagtail admin's scripts in Vietnamese, from our own catalogue of library strings."""

from django.conf import settings
from django.views.i18n import JavaScriptCatalog


class AdminScriptCatalog(JavaScriptCatalog):
    """Wagtail's script catalogue, with the strings that Wagtail does not yet say in Vietnamese."""

    packages = ["wagtail.admin", "wagtail_localize"]

    def get_paths(self, packages: list[str]) -> list[str]:
        # A later folder wins, so ours comes last.
        return [*super().get_paths(packages), str(settings.VENDOR_LOCALE_DIR)]
