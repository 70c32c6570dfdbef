"""The captcha's image."""

urlpatterns: list = []
