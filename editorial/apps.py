from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.outbox.registry import every_night
        from portal.reporting.kinds import register_kind

        from . import meeting_papers, meetings, orders, planning, proposals, reminders

        register_letter(planning.LETTER, "editorial/letters/plan.txt")
        register_letter(orders.LETTER, "editorial/letters/order.txt")
        register_letter(reminders.LETTER, "editorial/letters/reminder.txt")
        register_letter(meetings.LETTER, "editorial/letters/meeting.txt")
        register_letter(meetings.RESULT, "editorial/letters/meeting_result.txt")
        register_letter(proposals.LETTER, "editorial/letters/proposal.txt")
        register_kind(meeting_papers.NOTICE)
        register_kind(meeting_papers.MINUTES)
        every_night(reminders.remind_all)
        every_night(proposals.urge)
