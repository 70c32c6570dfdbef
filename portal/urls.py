"""Addresses. Vietnamese stands at /, English below /en/, the admin at /quan-tri/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.admin_language import AdminScriptCatalog
from site_pages import feeds as site_feeds
from site_pages import views as site_views
from site_pages.page_cache_middleware import same_for_all

urlpatterns = [
    path("quan-tri/jsi18n/", AdminScriptCatalog.as_view()),
    path("quan-tri/localize/jsi18n/", AdminScriptCatalog.as_view()),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("tep/", include(wagtaildocs_urls)),
    path("captcha/", include("portal.protection.urls")),
    path("media/images/<path:path>", site_views.rendition),
    path("robots.txt", same_for_all(site_views.robots)),
    path("sitemap.xml", same_for_all(site_feeds.sitemap)),
    path(".well-known/security.txt", site_views.security),
    path("healthz", site_views.alive),
    path("readyz", site_views.ready),
]

urlpatterns += i18n_patterns(
    path("", include("site_pages.urls")),
    path("", include("editorial.urls")),
    path("", include("consultations.commenting.urls")),
    path("", include("consultations.synthesis.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
