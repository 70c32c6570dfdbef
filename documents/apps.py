from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = _("Legal documents")

    def ready(self) -> None:
        from portal.outbox.registry import register

        from . import importing, sections  # noqa: F401

        register(importing.KIND, importing.carry_out)
