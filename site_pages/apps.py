from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitePagesConfig(AppConfig):
    name = "site_pages"
    label = "site_pages"
    verbose_name = _("Site pages")

    def ready(self) -> None:
        from wagtail.documents.models import Document
        from wagtail.images.models import Image
        from wagtail.permissions import register_permission_policy

        from portal.outbox.registry import every_night, register

        from . import pictures, signals  # noqa: F401
        from .keeping import KeepUsedPolicy
        from .search import batches, file_text, watching
        from .search import signals as search_signals  # noqa: F401

        for model in (Document, Image):
            policy = KeepUsedPolicy(model, owner_field_name="uploaded_by_user")
            # Exact: Wagtail's own apps start later and register theirs for the same model.
            register_permission_policy(model, policy, exact_class=True)

        register(batches.KIND, batches.carry_out)
        register(file_text.KIND, file_text.carry_out, atomic=False)
        register(pictures.KIND, pictures.carry_out, atomic=False)
        every_night(watching.purge)
