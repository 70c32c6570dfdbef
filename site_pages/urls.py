"""Public addresses that are not pages of the tree."""

from django.urls import path

from portal.reporting.views import edition_pdf

from . import search_views, views

urlpatterns = [
    path("tim-kiem/", search_views.search, name="search"),
    path("xac-thuc/", views.verify, name="verify"),
    path("xac-thuc/<str:code>/", views.verify_code, name="verify_code"),
    path("so-do-trang/", views.site_map, name="site_map"),
    path("bao-cao/<str:code>/bao-cao.pdf", edition_pdf, name="edition_pdf"),
]
