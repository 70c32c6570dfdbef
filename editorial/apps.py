from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.outbox.registry import every_night
        from site_pages import adding

        from . import access, handing_over, memberships  # noqa: F401
        from .sections import may_write_in

        adding.limit(may_write_in)
        every_night(access.sync_all)
        register_letter(access.LETTER, "editorial/letter_open_again.txt")
        register_letter(handing_over.LETTER, "editorial/letter_handed_over.txt")
