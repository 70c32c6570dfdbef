from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    label = "satisfaction"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from portal.outbox.registry import every_night
        from portal.reporting.kinds import register_kind
        from site_pages import page_cache

        from . import drafting, models, reports, sections, window  # noqa: F401

        register_kind(reports.REPORT)
        every_night(drafting.purge)
        page_cache.register_boundary(window.next_turn)
        page_cache.never_shown(
            models.Draft, models.Response, models.TextAnswer, models.Tally, models.IndexMoment
        )
