"""Ready-made beginnings of articles: an editor chooses one and fills it in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.fields import StreamField

from site_pages.blocks import ArticleBody


class ArticleTemplate(models.Model):
    """Blocks that a kind of article usually has, with hints where words go."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    purpose = models.CharField(
        _("when to use it"), max_length=200, help_text=_("Editors see it beside the name.")
    )
    body = StreamField(ArticleBody(), verbose_name=_("blocks"))
    is_offered = models.BooleanField(_("offered"), default=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("purpose"),
        FieldPanel("body"),
        FieldPanel("is_offered"),
    ]

    class Meta:
        verbose_name = _("article template")
        verbose_name_plural = _("article templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TemplatesPanel(Panel):
    """The choice of templates above the form of an article that is not saved yet."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "news/admin/templates_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is None and super().is_shown()

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            context["templates"] = ArticleTemplate.objects.filter(is_offered=True)
            context["chosen"] = self.request.GET.get("mau", "") if self.request else ""
            return context
