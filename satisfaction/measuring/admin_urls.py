"""Addresses of the measuring pages, and what they write to the audit log."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import admin_views as views

_SURVEY = "khao-sat/<int:survey_id>/cach-tinh/"

URLS = [
    path(_SURVEY, views.measures, name="survey_measures"),
    path(f"{_SURVEY}moi/", views.define, name="survey_define"),
    path(f"{_SURVEY}<int:definition_id>/bo/", views.withdraw, name="survey_define_withdraw"),
    path(f"{_SURVEY}quyen-so/", views.weigh, name="survey_weigh"),
    path(f"{_SURVEY}quyen-so/<int:weighting_id>/", views.weighting_detail, name="survey_weighting"),
]
ACTIONS = [
    (
        "satisfaction.index.define",
        _("Define how the index is computed"),
        _("Definition of the index laid down"),
    ),
    (
        "satisfaction.index.withdraw",
        _("Take a definition of the index back"),
        _("Definition of the index taken back"),
    ),
    ("satisfaction.weighting.order", _("Have weights computed"), _("Weights ordered")),
]
