"""What the room registers with the house: rights, reports, chores, what readers never see."""

from __future__ import annotations

from editorial import activity, roles
from portal.accounts.roles import Role
from portal.outbox.registry import every_minute, every_night, register
from portal.reporting.kinds import register_kind
from site_pages import page_cache

# Listings, panels and what is lent to consultations register themselves.
from . import chapter, drafting, lending, models, reports, sections, waiting, window  # noqa: F401
from .actions import joining as actions
from .building import trying
from .collecting import closed, invitations, posters
from .exchange import joining as exchange
from .exports import joining as exports
from .measuring import weighting
from .quality import reviewing
from .themes import joining as themes

RIGHTS = (
    "view_results",
    "review_responses",
    "define_measures",
    "build_surveys",
    "run_fieldwork",
    "invite",
    "enter_paper",
)
NEVER_SHOWN = (
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
    models.QuestionnaireDraft,
    models.TrialAnswer,
    models.Correction,
    models.VersionMapping,
)


def join() -> None:
    _rights()
    _work()
    register_kind(reports.REPORT)
    activity.register_chapter("surveyed", 60, chapter.surveyed)
    page_cache.register_boundary(window.next_turn)
    page_cache.never_shown(*NEVER_SHOWN)
    for part in (actions, exchange, exports, themes):
        part.join()


def _rights() -> None:
    roles.grant(Role.WORKING_GROUP, *(f"satisfaction.{name}" for name in RIGHTS))
    for role in (Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.LEADERSHIP):
        roles.grant(role, "satisfaction.view_results")


def _work() -> None:
    every_night(drafting.purge)
    every_night(trying.purge)
    every_night(reviewing.look_over_open_surveys)
    every_minute(closed.mix_what_has_ended)
    register(weighting.EFFECT, weighting.carry_out, atomic=False, lost=weighting.lose)
    register(invitations.KIND, invitations.deliver, failed=invitations.give_up)
    # A hundred posters take a minute: outside a transaction.
    register(posters.KIND, posters.make, atomic=False, lost=posters.lose)
