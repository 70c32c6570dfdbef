"""Addresses of the themes, below the surveys of the admin, and what is written to the log."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import admin_views as views

URLS = [
    path("khao-sat/<int:survey_id>/chu-de/", views.themes, name="survey_themes"),
    path("khao-sat/chu-de/<int:theme_id>/", views.theme, name="survey_theme"),
    path("khao-sat/chu-de/chua-xep/<int:grouping_id>/", views.rest, name="survey_theme_rest"),
]

ACTIONS = [
    ("satisfaction.themes.propose", _("Propose themes"), _("Proposal of themes ordered")),
    ("satisfaction.themes.rename", _("Rename a theme"), _("Theme renamed")),
    ("satisfaction.themes.merge", _("Merge themes"), _("Themes merged")),
    ("satisfaction.themes.split", _("Make a theme of texts"), _("Theme made of texts")),
    ("satisfaction.themes.approve", _("Approve a theme"), _("Theme approved")),
    ("satisfaction.themes.withdraw", _("Withdraw an approval"), _("Approval withdrawn")),
    ("satisfaction.themes.quote", _("Choose a quotation"), _("Quotation chosen")),
    ("satisfaction.themes.unquote", _("Remove a quotation"), _("Quotation removed")),
    ("satisfaction.themes.read", _("Read free texts"), _("Free texts read as they were written")),
]
