from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = _("Legal documents")

    def ready(self) -> None:
        from . import sections  # noqa: F401
