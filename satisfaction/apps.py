from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    label = "satisfaction"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from portal.outbox.registry import every_night
        from portal.reporting.kinds import register_kind

        from . import drafting, reports, sections, waiting  # noqa: F401

        register_kind(reports.REPORT)
        every_night(drafting.purge)
