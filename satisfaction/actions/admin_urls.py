"""Addresses of actions in the admin."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("khao-sat/viec-cai-thien/", views.board, name="survey_actions"),
    path("khao-sat/<int:survey_id>/viec-cai-thien/", views.assign, name="survey_action_assign"),
    path("khao-sat/viec-cai-thien/<int:action_id>/", views.show, name="survey_action"),
    path(
        "khao-sat/viec-cai-thien/<int:action_id>/bao-cao/",
        views.report,
        name="survey_action_report",
    ),
    path(
        "khao-sat/viec-cai-thien/<int:action_id>/thoi-han/",
        views.deadline,
        name="survey_action_deadline",
    ),
    path(
        "khao-sat/viec-cai-thien/<int:action_id>/lam-tiep/",
        views.send_back,
        name="survey_action_back",
    ),
    path(
        "khao-sat/viec-cai-thien/<int:action_id>/rut/",
        views.withdraw,
        name="survey_action_withdraw",
    ),
    path(
        "khao-sat/viec-cai-thien/<int:action_id>/do-lai/",
        views.measure,
        name="survey_action_measure",
    ),
]
