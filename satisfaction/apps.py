from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    label = "satisfaction"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from editorial import activity, roles
        from portal.accounts.roles import Role
        from portal.outbox.registry import every_night
        from portal.reporting.kinds import register_kind
        from site_pages import page_cache

        from . import chapter, drafting, models, reports, sections, waiting, window  # noqa: F401
        from .actions import joining

        roles.grant(
            Role.WORKING_GROUP, "satisfaction.view_results", "satisfaction.review_responses"
        )
        for role in (Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.LEADERSHIP):
            roles.grant(role, "satisfaction.view_results")
        joining.join()
        register_kind(reports.REPORT)
        activity.register_chapter("surveyed", 60, chapter.surveyed)
        every_night(drafting.purge)
        page_cache.register_boundary(window.next_turn)
        page_cache.never_shown(
            models.Draft,
            models.Response,
            models.TextAnswer,
            models.Cell,
            models.Tally,
            models.IndexMoment,
            models.ReportPlan,
            models.ActionReport,
        )
