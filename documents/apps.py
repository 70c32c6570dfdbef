from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = _("Legal documents")

    def ready(self) -> None:
        from portal.outbox.registry import register
        from site_pages import open_data, page_cache

        from . import (  # noqa: F401
            check_hints,
            importing,
            intake,
            models,
            open_register,
            sections,
            waiting,
        )

        open_data.register(open_register.REGISTER)

        register(importing.KIND, importing.carry_out)
        page_cache.never_shown(models.DocumentImport)
