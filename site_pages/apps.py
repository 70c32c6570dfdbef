from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitePagesConfig(AppConfig):
    name = "site_pages"
    label = "site_pages"
    verbose_name = _("Site pages")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from wagtail.documents.models import Document
        from wagtail.images.models import Image
        from wagtail.permissions import register_permission_policy

        from portal.accounts.models import User
        from portal.agencies.models import Membership
        from portal.outbox import models as outbox
        from portal.outbox.registry import every_minute, every_night, register
        from portal.protection import models as protection

        from . import page_cache, page_cache_signals, pictures, scheduling, signals  # noqa: F401
        from .keeping import KeepUsedPolicy
        from .rating import RatingCount
        from .search import batches, file_text, watching
        from .search import models as search
        from .search import signals as search_signals  # noqa: F401

        for model in (Document, Image):
            policy = KeepUsedPolicy(model, owner_field_name="uploaded_by_user")
            # Exact: Wagtail's own apps start later and register theirs for the same model.
            register_permission_policy(model, policy, exact_class=True)

        register(batches.KIND, batches.carry_out)
        register(file_text.KIND, file_text.carry_out, atomic=False)
        register(pictures.KIND, pictures.carry_out, atomic=False)
        every_night(watching.purge)
        every_minute(scheduling.publish_due)

        page_cache.never_shown(
            User,
            Membership,
            outbox.OutboxRow,
            outbox.Heartbeat,
            protection.SpentToken,
            protection.ThrottleCount,
            protection.PlainQuestion,
            protection.QuarantinedFile,
            # Results of a search are kept by nobody (search_views).
            search.SearchEntry,
            search.FileText,
            search.SearchedWords,
            RatingCount,
        )
        post_migrate.connect(page_cache_signals.moved_by_migration, sender=self)
