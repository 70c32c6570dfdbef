"""The captcha's picture; nothing else of the captcha package is served."""

from captcha.views import captcha_image
from django.urls import path
from django.views.decorators.cache import never_cache

urlpatterns = [
    path("anh/<slug:key>/", never_cache(captcha_image), {"scale": 1}, name="captcha-image"),
]
