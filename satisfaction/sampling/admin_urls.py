"""Addresses of the sample plan in the admin."""

from django.urls import path

from . import admin_views as views

urlpatterns = [path("khao-sat/<int:survey_id>/mau/", views.plan, name="survey_plan")]
