"""The actions that rest on a published report, on the page of that report."""

from __future__ import annotations

from django import template

from portal import clock

from ..actions.queries import public
from ..actions.showing import ShownAction, shown

register = template.Library()


@register.simple_tag
def public_actions(survey_id: int) -> list[ShownAction]:
    return shown(public(survey_id), clock.today())
