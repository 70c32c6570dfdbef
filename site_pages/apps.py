from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitePagesConfig(AppConfig):
    name = "site_pages"
    label = "site_pages"
    verbose_name = _("Site pages")

    def ready(self) -> None:
        from portal.outbox.registry import every_night, register

        from .search import file_text, signals, watching  # noqa: F401

        register(file_text.KIND, file_text.carry_out, atomic=False)
        every_night(watching.purge)
