"""Public addresses of opinions that belong to no consultation's page."""

from django.urls import path

from ..subscribing import views as subscribing
from . import follow_views as following

ROOT = "gop-y/theo-doi/"
LETTERS = "nhan-tin-lay-y-kien/"

urlpatterns = [
    path(ROOT, following.follow, name="opinion_follow"),
    path(f"{ROOT}sua/", following.correct, name="opinion_correct"),
    path(f"{ROOT}rut/", following.withdraw, name="opinion_withdraw"),
    path(f"{ROOT}khieu-nai/", following.appeal, name="opinion_appeal"),
    path(LETTERS, subscribing.subscribe, name="consultations_subscribe"),
    path(f"{LETTERS}xac-nhan/<str:sign>/", subscribing.confirm, name="consultations_confirm"),
    path(f"{LETTERS}thoi/<str:sign>/", subscribing.unsubscribe, name="consultations_unsubscribe"),
]
