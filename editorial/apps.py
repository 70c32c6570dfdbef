from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from site_pages import publishing

        from . import approval, authority, notices, signals
        from .models import Occasion

        publishing.register_approval(approval.is_approved)
        publishing.register_decider(lambda user, page: authority.authority(user, page) is not None)
        for occasion in Occasion:
            register_letter(notices.letter(occasion), f"editorial/letters/{occasion.value}.txt")
        register_letter(notices.DIGEST, "editorial/letters/digest.txt")
        signals.connect()
