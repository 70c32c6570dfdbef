from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from site_pages import timeliness

        from . import clocks, following  # noqa: F401

        timeliness.arrives_with(clocks.sent_at)
