"""Addresses of the exports, below the surveys of the admin."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import admin_views as views

URLS = [
    path("khao-sat/<int:survey_id>/xuat-so-lieu/", views.exports, name="survey_exports"),
    path("khao-sat/xuat-so-lieu/<int:export_id>/tep/", views.file, name="survey_export_file"),
    path(
        "khao-sat/xuat-so-lieu/<int:export_id>/tu-dien/",
        views.dictionary,
        name="survey_export_dictionary",
    ),
]

ACTIONS = [
    ("satisfaction.export.order", _("Order data of a survey"), _("Data of the survey ordered")),
    (
        "satisfaction.export.download",
        _("Download data of a survey"),
        _("Data of the survey downloaded"),
    ),
]
