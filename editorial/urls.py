"""Public addresses of the editorial room: the way in for who is no collaborator."""

from django.urls import path

from site_pages.page_cache_middleware import same_for_all

from . import contribution_follow_views as following
from . import contribution_views as views

ROOT = "gui-tin-bai/"

urlpatterns = [
    path(ROOT, same_for_all(views.intro), name="contribution"),
    path(f"{ROOT}noi-dung/", views.write, name="contribution_write"),
    path(f"{ROOT}tep/", views.files, name="contribution_files"),
    path(f"{ROOT}kiem-tra/", views.check, name="contribution_check"),
    path(f"{ROOT}bien-nhan/", views.receipt, name="contribution_receipt"),
    path(f"{ROOT}xoa/", views.give_up, name="contribution_give_up"),
    path(f"{ROOT}theo-doi/", following.follow, name="contribution_follow"),
]
