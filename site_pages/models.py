"""The public shell: page tree, categories of Article 6, standard pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class PublicPage(Page):
    """What every public page shares: an abstract, breadcrumbs, a row in a listing."""

    abstract_text = models.TextField(
        _("abstract"),
        max_length=500,
        blank=True,
        help_text=_("Two sentences that stand in lists and search results."),
    )

    # Rows of lists are drawn by the page's own type: {% include page.listing_template %}.
    listing_template = "site_pages/listing/page.html"

    content_panels = [*Page.content_panels, FieldPanel("abstract_text")]

    class Meta:
        abstract = True
