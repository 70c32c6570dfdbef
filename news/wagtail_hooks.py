"""Articles, their templates and their sources in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from .admin_pages import ArticleListing, ArticleViewSet, SectionViewSet
from .models import ArticleTemplate, OfficialSource


class OfficialSourceViewSet(ModelViewSet):
    model = OfficialSource
    name = "official_sources"
    url_prefix = "nguon-tin"
    icon = "openquote"
    list_display = [
        "name",
        "kind",
        BooleanColumn("requires_permission", label=_("wants a written permission")),
    ]
    list_filter = ["kind", "requires_permission"]
    search_fields = ["name", "address"]
    inspect_view_enabled = True


class ArticleTemplateViewSet(ModelViewSet):
    model = ArticleTemplate
    name = "article_templates"
    url_prefix = "mau-tin-bai"
    icon = "copy"
    list_display = ["name", "purpose", BooleanColumn("is_offered", label=_("offered"))]
    search_fields = ["name", "purpose"]


class SourcesGroup(ModelViewSetGroup):
    menu_label = _("Sources and templates")
    menu_icon = "openquote"
    menu_order = 330
    items = (OfficialSourceViewSet, ArticleTemplateViewSet)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list:
    return [ArticleListing(), SectionViewSet(), ArticleViewSet(), SourcesGroup()]
