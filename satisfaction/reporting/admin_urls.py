"""Addresses of reporting in the admin."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("khao-sat/<int:survey_id>/bao-cao/", views.edit_plan, name="survey_report_plan"),
]
