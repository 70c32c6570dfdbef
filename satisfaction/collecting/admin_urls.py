"""Addresses of the fieldwork in the admin."""

from django.urls import path

from . import admin_views as views
from . import paper_views

urlpatterns = [
    path("khao-sat/<int:survey_id>/thuc-dia/", views.fieldwork, name="survey_fieldwork"),
    path("khao-sat/<int:survey_id>/kenh/", views.collector_list, name="survey_collectors"),
    path("khao-sat/<int:survey_id>/ap-phich/", views.order_posters, name="survey_posters"),
    path("khao-sat/ap-phich/<int:batch_id>/", views.poster_file, name="survey_poster_file"),
    path("khao-sat/kenh/<int:collector_id>/ket-thuc/", views.collector_end, name="collector_end"),
    path("khao-sat/<int:survey_id>/moi/", views.invitation_list, name="survey_invitations"),
    path("khao-sat/<int:survey_id>/moi/gui/", views.write_letters, name="survey_letters"),
    path("khao-sat/<int:survey_id>/moi/thu-hong/", views.mark_bounced, name="survey_bounced"),
    path("khao-sat/<int:survey_id>/giay/", paper_views.paper_list, name="survey_paper"),
    path("khao-sat/<int:survey_id>/giay/nhap/", paper_views.enter, name="survey_paper_enter"),
    path("khao-sat/giay/<int:sheet_id>/", paper_views.compare, name="paper_compare"),
    path("khao-sat/giay/<int:sheet_id>/huy/", paper_views.discard, name="paper_discard"),
]
