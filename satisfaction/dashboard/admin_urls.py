"""Addresses of the dashboard in the admin."""

from django.urls import path

from . import admin_views as views

_SURVEY = "khao-sat/<int:survey_id>/bang-so-lieu/"

urlpatterns = [
    path("khao-sat/bang-so-lieu/", views.survey_list, name="survey_dashboards"),
    path(_SURVEY, views.survey, name="survey_dashboard"),
    path(f"{_SURVEY}bang-cheo/", views.cross_table, name="survey_dashboard_cross"),
    path(f"{_SURVEY}tieu-chi/<str:scope>/", views.criterion, name="survey_dashboard_criterion"),
    path(f"{_SURVEY}<str:agency_code>/", views.agency, name="survey_dashboard_agency"),
    path(
        f"{_SURVEY}<str:agency_code>/tieu-chi/<str:scope>/",
        views.criterion,
        name="survey_dashboard_agency_criterion",
    ),
]
