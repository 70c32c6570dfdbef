"""The public address of answers that belongs to no consultation's page."""

from django.urls import path

from site_pages.page_cache_middleware import same_for_all

from .public_views import late

urlpatterns = [path("lay-y-kien/qua-han-tra-loi/", same_for_all(late), name="answers_late")]
