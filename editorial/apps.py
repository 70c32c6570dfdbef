from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.outbox.registry import every_night

        from . import orders, planning, reminders

        register_letter(planning.LETTER, "editorial/letters/plan.txt")
        register_letter(orders.LETTER, "editorial/letters/order.txt")
        register_letter(reminders.LETTER, "editorial/letters/reminder.txt")
        every_night(reminders.remind_all)
