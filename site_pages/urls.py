"""Public addresses that are not pages of the tree."""

from django.urls import path

from portal.reporting.views import edition_extra, edition_pdf

from . import feeds, open_data, rating_views, search_views, views
from .page_cache_middleware import same_for_all

urlpatterns = [
    path("tim-kiem/", search_views.search, name="search"),
    path("xac-thuc/", same_for_all(views.verify), name="verify"),
    path("xac-thuc/<str:code>/", views.verify_code, name="verify_code"),
    path("so-do-trang/", same_for_all(views.site_map), name="site_map"),
    path("chua-dich/<int:page_id>/", same_for_all(views.untranslated), name="untranslated"),
    path("danh-gia/<int:page_id>/", rating_views.take, name="rating"),
    path("danh-gia/<int:page_id>/cam-on/", same_for_all(rating_views.thanks), name="rating_thanks"),
    path("rss/<path:path>/", feeds.SectionFeed(), name="feed"),
    path("du-lieu-mo/", same_for_all(open_data.index), name="open_data"),
    path("du-lieu-mo/<slug:slug>.csv", same_for_all(open_data.as_csv), name="open_data_csv"),
    path("du-lieu-mo/<slug:slug>.json", same_for_all(open_data.as_json), name="open_data_json"),
    path(
        "du-lieu-mo/<slug:slug>/luoc-do.json",
        same_for_all(open_data.schema),
        name="open_data_schema",
    ),
    path("du-lieu-mo/bao-cao/<str:code>/<str:name>", edition_extra, name="edition_data"),
    path("bao-cao/<str:code>/bao-cao.pdf", edition_pdf, name="edition_pdf"),
    path("bao-cao/<str:code>/tep/<str:name>", edition_extra, name="edition_extra"),
]
