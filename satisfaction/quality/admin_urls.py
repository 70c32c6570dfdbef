"""Addresses of the quality of answers in the admin."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("khao-sat/mang/", views.network_list, name="agency_networks"),
    path("khao-sat/mang/<int:network_id>/bo/", views.network_remove, name="agency_network_remove"),
    path("khao-sat/phieu/<int:response_id>/danh-dau/", views.flag, name="response_flag"),
    path("khao-sat/<int:survey_id>/ra-soat/", views.look_over, name="survey_look_over"),
]
