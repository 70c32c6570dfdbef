from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial Board")

    def ready(self) -> None:
        from portal.outbox.mail import register_letter
        from portal.reporting.kinds import register_kind
        from site_pages import publishing

        from . import activity, approval, authority, chapters, notices, signals
        from .models import Occasion

        publishing.register_approval(approval.is_approved)
        publishing.register_decider(lambda user, page: authority.authority(user, page) is not None)
        for occasion in Occasion:
            register_letter(notices.letter(occasion), f"editorial/letters/{occasion.value}.txt")
        register_letter(notices.DIGEST, "editorial/letters/digest.txt")
        signals.connect()
        register_kind(activity.REPORT)
        activity.register_chapter("published", 10, chapters.published)
        activity.register_chapter("reviewed", 20, chapters.reviewed)
        activity.register_chapter("sought", 80, chapters.sought)
        activity.register_chapter("rated", 90, chapters.rated)
