from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.outbox.registry import every_night, register
        from portal.reporting.kinds import register_kind
        from site_pages import adding, page_cache, publishing, timeliness, work_queue
        from site_pages.ways_in import register_way

        from . import (
            access,
            activity,
            approval,
            authority,
            chapters,
            check_hints,  # noqa: F401
            clocks,
            contribution_drafts,
            contribution_letters,
            contribution_retention,
            following,  # noqa: F401
            handing_over,
            meeting_papers,
            meetings,
            memberships,  # noqa: F401
            notices,
            orders,
            planning,
            proposals,
            reminders,
            signals,
        )
        from .models import Occasion
        from .sections import may_write_in

        adding.limit(may_write_in)
        work_queue.look_within(authority.at_one_look)
        page_cache.never_shown(*self.get_models())
        publishing.register_approval(approval.is_approved)
        publishing.register_objection(approval.require_no_open_doubt)
        publishing.register_decider(lambda user, page: authority.authority(user, page) is not None)
        every_night(access.sync_all)
        for occasion in Occasion:
            register_letter(notices.letter(occasion), f"editorial/letters/{occasion.value}.txt")
        register_letter(notices.DIGEST, "editorial/letters/digest.txt")
        register_letter(access.LETTER, "editorial/letter_open_again.txt")
        register_letter(handing_over.LETTER, "editorial/letter_handed_over.txt")
        signals.connect()
        register_kind(activity.REPORT)
        activity.register_chapter("published", 10, chapters.published)
        activity.register_chapter("reviewed", 20, chapters.reviewed)
        activity.register_chapter("timely", 30, chapters.timely)
        activity.register_chapter("checked", 40, chapters.checked)
        activity.register_chapter("sought", 80, chapters.sought)
        activity.register_chapter("rated", 90, chapters.rated)
        activity.register_chapter("proposed", 95, chapters.proposed)
        register_letter(planning.LETTER, "editorial/letters/plan.txt")
        register_letter(orders.LETTER, "editorial/letters/order.txt")
        register_letter(reminders.LETTER, "editorial/letters/reminder.txt")
        register_letter(meetings.LETTER, "editorial/letters/meeting.txt")
        register_letter(meetings.RESULT, "editorial/letters/meeting_result.txt")
        register_letter(proposals.LETTER, "editorial/letters/proposal.txt")
        register_kind(meeting_papers.NOTICE)
        register_kind(meeting_papers.MINUTES)
        every_night(reminders.remind_all)
        timeliness.arrives_with(clocks.sent_at)
        every_night(proposals.urge)
        register_way(_("Send us news or material"), "contribution")
        register(contribution_letters.KIND, contribution_letters.deliver, atomic=False)
        every_night(contribution_drafts.purge)
        every_night(contribution_retention.erase_due)
