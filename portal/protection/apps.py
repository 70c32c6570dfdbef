from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "portal.protection"
    label = "protection"
    verbose_name = _("Protection")

    def ready(self) -> None:
        from portal.outbox.registry import every_night

        from . import challenge, form_tokens, throttle

        for chore in (challenge.purge, form_tokens.purge, throttle.purge):
            every_night(chore)
