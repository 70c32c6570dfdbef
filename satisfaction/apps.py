from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SatisfactionConfig(AppConfig):
    name = "satisfaction"
    label = "satisfaction"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from editorial import activity, roles
        from portal.accounts.roles import Role
        from portal.outbox.registry import every_minute, every_night, register
        from portal.reporting.kinds import register_kind
        from site_pages import page_cache

        from . import (  # noqa: F401
            chapter,
            drafting,
            lending,
            models,
            reports,
            sections,
            waiting,
            window,
        )
        from .actions import joining
        from .collecting import closed, invitations, posters
        from .exchange.joining import join as join_exchange
        from .exports.joining import join as join_exports
        from .measuring import weighting
        from .quality import reviewing
        from .themes.joining import join as join_themes

        roles.grant(
            Role.WORKING_GROUP,
            "satisfaction.view_results",
            "satisfaction.review_responses",
            "satisfaction.define_measures",
            "satisfaction.build_surveys",
            "satisfaction.run_fieldwork",
            "satisfaction.invite",
            "satisfaction.enter_paper",
        )
        for role in (Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.LEADERSHIP):
            roles.grant(role, "satisfaction.view_results")
        joining.join()
        register_kind(reports.REPORT)
        register(weighting.EFFECT, weighting.carry_out, atomic=False, lost=weighting.lose)
        activity.register_chapter("surveyed", 60, chapter.surveyed)
        every_night(drafting.purge)
        every_night(reviewing.look_over_open_surveys)
        every_minute(closed.mix_what_has_ended)
        register(invitations.KIND, invitations.deliver)
        # A hundred posters take a minute: outside a transaction.
        register(posters.KIND, posters.make, atomic=False, lost=posters.lose)
        page_cache.register_boundary(window.next_turn)
        page_cache.never_shown(
            models.AgencyNetwork,
            models.Collector,
            models.FieldworkCount,
            models.PaperForm,
            models.Participation,
            models.PosterBatch,
            models.PosterBatch.collectors.through,
            models.SamplePlan,
            models.SampleUnit,
            models.Urn,
            models.Draft,
            models.Response,
            models.TextAnswer,
            models.Cell,
            models.Tally,
            models.IndexMoment,
            models.IndexDefinition,
            models.Weighting,
            models.WeightGroup,
            models.WeightMoment,
            models.ReportPlan,
            models.ActionReport,
        )
        page_cache.never_shown(
            models.QuestionnaireDraft,
            models.TrialAnswer,
            models.Correction,
            models.VersionMapping,
        )
        join_exchange()
        join_exports()
        join_themes()
