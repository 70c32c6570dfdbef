"""Who may do what with a consultation."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from portal.accounts.models import User
from site_pages.publishing import is_installation, may_decide

from .models import Consultation, ConsultationPage

RUN, FOLLOW = "consultations.run_consultations", "consultations.follow_consultations"


def may_run(user: User) -> bool:
    """The working group organises consultations (Art. 5.5.đ)."""
    return user.has_perm(RUN)


def may_follow(user: User) -> bool:
    return user.has_perm(FOLLOW) or user.has_perm(RUN)


def require_run(user: User) -> None:
    if not may_run(user):
        raise PermissionDenied


def may_publish_text(user: User, consultation: Consultation) -> bool:
    """While no page is public the page's approval is the gate; then who decides on it."""
    live = ConsultationPage.objects.filter(consultation=consultation, live=True)
    page = live.order_by("pk").first()
    if page is None or is_installation():
        return may_run(user)
    return may_decide(user, page)


def require_publish_text(user: User, consultation: Consultation) -> None:
    if not may_publish_text(user, consultation):
        raise PermissionDenied(
            _("The page is public: a new version is published by who is in charge (Art. 8.3.a).")
        )
