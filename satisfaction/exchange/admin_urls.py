"""Addresses of the exchange of questionnaires, below the surveys of the admin."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import admin_views as views

URLS = [
    path("khao-sat/<int:survey_id>/nhap-bang-hoi/", views.imports, name="survey_imports"),
    path(
        "khao-sat/nhap-bang-hoi/<int:handed_in_id>/",
        views.import_report,
        name="survey_import_report",
    ),
    path("khao-sat/nhap-bang-hoi/<int:handed_in_id>/lay/", views.take, name="survey_import_take"),
    path("khao-sat/<int:survey_id>/bang-hoi.xlsx", views.download, name="survey_xlsform"),
]

ACTIONS = [
    (
        "satisfaction.questionnaire.hand_in",
        _("Hand in a questionnaire"),
        _("Questionnaire handed in"),
    ),
    (
        "satisfaction.questionnaire.take",
        _("Take a questionnaire"),
        _("Questionnaire put into the working draft"),
    ),
]
