"""Acts on one row in the admin: each a verb with its form, offered to who may do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page as ListPage
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from wagtail.admin.paginator import WagtailPaginator
from wagtail.log_actions import registry

from portal.accounts.models import User

PAGE_SIZE = 30
HISTORY = 100


class ActForm(forms.Form):
    """A form that knows the row and who fills it in."""

    def __init__(self, *args: Any, row: Model, user: User, **kwargs: Any) -> None:
        self.row, self.user = row, user
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class Act:
    """One act: `run(row.pk, by=user, **form.cleaned_data)`, offered while `offered(row, user)`.

    What is offered only spares people a refusal; the verb decides.
    """

    code: str
    label: str | Promise
    run: Callable[..., object]
    offered: Callable[[Any, User], bool]
    done: str | Promise
    form: type[ActForm] | None = None
    is_primary: bool = False
    is_serious: bool = False


@dataclass(frozen=True)
class Offer:
    act: Act
    form: ActForm | None
    is_open: bool


def offers(
    acts: Iterable[Act], row: Model, user: User, bound: tuple[str, ActForm] | None = None
) -> list[Offer]:
    """The acts to show beside the row; the one that was refused with what was typed."""
    found = []
    for act in acts:
        if bound and bound[0] == act.code:
            found.append(Offer(act, bound[1], True))
        elif act.offered(row, user):
            form = act.form(row=row, user=user, prefix=act.code) if act.form else None
            found.append(Offer(act, form, act.is_primary))
    return found


def media(found: Iterable[Offer]) -> SafeString:
    return sum((offer.form.media for offer in found if offer.form), forms.Media())


def perform(
    request: HttpRequest, acts: Iterable[Act], row: Model, code: str
) -> tuple[str, ActForm] | None:
    """Do the act of this code; the form comes back when it has errors."""
    act = next((act for act in acts if act.code == code), None)
    if act is None:
        raise Http404
    form = None
    if act.form:
        form = act.form(request.POST, request.FILES, row=row, user=request.user, prefix=code)
        if not form.is_valid():
            return code, form
    try:
        act.run(row.pk, by=request.user, **(form.cleaned_data if form else {}))
    except ValidationError as error:
        if form:
            add_error(form, error)
            return code, form
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, act.done)
    return None


def add_error(form: forms.Form, error: ValidationError) -> None:
    """A verb's refusal at the field it names, if the form has it."""
    known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else error.messages)


def history(row: Model) -> QuerySet:
    """What was done with the row, newest first."""
    rows = registry.get_logs_for_instance(row).select_related("user")
    return rows.order_by("-timestamp", "-pk")[:HISTORY]


def listed(request: HttpRequest, rows: QuerySet, size: int = PAGE_SIZE) -> dict[str, Any]:
    """One page of a list, as Wagtail's page numbers want it."""
    paginator = WagtailPaginator(rows, size)
    page: ListPage = paginator.get_page(request.GET.get("p"))
    return {
        "page_obj": page,
        "elided_page_range": list(paginator.get_elided_page_range(page.number)),
    }
