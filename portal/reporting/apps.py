from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "portal.reporting"
    label = "reporting"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.outbox.registry import register

        from . import editions

        register(editions.EFFECT, editions.make_or_give_up, atomic=False, lost=editions.lose)
        register_letter(editions.LETTER, "reporting/letter_ready.txt")
