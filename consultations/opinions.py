"""How the taking of opinions is joined to the house when it starts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from editorial import roles
from portal.accounts.roles import Role
from portal.outbox.mail import register_letter
from portal.outbox.registry import every_minute, every_night, register
from site_pages import open_data, page_cache
from site_pages.ways_in import register_way

from . import inviting, models
from .commenting import alike, drafting, exports, letters
from .commenting.retention import erase_due
from .moderation import hooks  # noqa: F401
from .subscribing import letters as news


def join() -> None:
    roles.grant(Role.WORKING_GROUP, "consultations.moderate_opinions")
    page_cache.never_shown(
        models.AbuseReport,
        models.AgencyInvitation,
        models.Announcement,
        models.Appeal,
        models.OpinionAnswer,
        models.OpinionDraft,
        models.OpinionFile,
        models.OpinionMark,
        models.OpinionRevision,
        models.Subscription,
    )
    register(alike.KIND, alike.carry_out)
    register(letters.KIND, letters.deliver, atomic=False)
    register(news.CONFIRM, news.deliver_confirmation, atomic=False)
    register(news.NEWS, news.deliver_news, atomic=False)
    register(news.FAN_OUT, news.fan_out)
    every_minute(news.announce_due)
    every_night(drafting.purge)
    every_night(news.purge)
    every_night(erase_due)
    every_night(inviting.remind_due)
    register_letter(inviting.LETTER, "consultations/letters/invitation.txt")
    open_data.register(exports.DATASET)
    register_way(_("Follow an opinion"), "opinion_follow")
