"""The captcha's picture; nothing else of the captcha package is served."""

from django.urls import path

from .views import picture

urlpatterns = [path("anh/<slug:key>/", picture, name="captcha-image")]
