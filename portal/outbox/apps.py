from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from . import mail, upkeep
        from .registry import every_night, register

        register(mail.KIND, mail.deliver, atomic=False)
        every_night(upkeep.purge)
