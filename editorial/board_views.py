"""“Ban Biên tập”: the Board on a day, and a form for each verb on it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts.models import User
from site_pages.open_data import as_text

from . import appointing, assigning, board, delegating, handing_over
from .appointing import period
from .board_forms import (
    AbsenceForm,
    AppointForm,
    AssignForm,
    DayForm,
    DecisionForm,
    DelegateForm,
    EndForm,
    HandOverForm,
    LastDayForm,
)
from .models import Appointment, SectionAssignment
from .papers import may_assign, may_look, may_record, require

BOARD = "editorial_board"


def show(request: HttpRequest) -> HttpResponse:
    """Today's Board, or as it stood on a day: ?ngay=2026-11-20."""
    require(may_look(request.user))
    form, day = _day(request)
    is_today = day == clock.today()
    records = may_record(request.user) and is_today
    context = {
        "form": form,
        "day": day,
        "is_today": is_today,
        "seats": board.seats(day),
        "coming": board.coming(day) if is_today else [],
        "decisions": board.decisions()[:20],
        "orphans": handing_over.orphans() if records else [],
        "may_record": records,
        "may_assign": may_assign(request.user) and is_today,
        "mine": set(_own(request.user).values_list("pk", flat=True)) if is_today else set(),
        "media": form.media,
    }
    return render(request, "editorial/admin/board.html", context)


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    form = DayForm(request.GET if "ngay" in request.GET else None)
    asked = form.cleaned_data["ngay"] if form.is_bound and form.is_valid() else None
    return form, asked or clock.today()


def export(request: HttpRequest) -> HttpResponse:
    require(may_look(request.user))
    _form, day = _day(request)
    head = [_("Post"), _("Person"), _("Office held"), _("Decision"), _("Term"), _("Sections")]
    head += [_("Away, stand-in"), _("Delegations given")]
    return as_csv(f"ban-bien-tap-{day}", head, map(_line, board.seats(day)))


def _line(seat: board.Seat) -> list[str]:
    row = seat.appointment
    if row is None:
        return [seat.post.label, _("Vacant"), "", "", "", "", "", ""]
    return [
        seat.post.label,
        row.user.get_full_name(),
        row.office,
        str(row.decision),
        period(row),
        "; ".join(item.section.title for item in seat.sections),
        "; ".join(f"{a.stand_in.user.get_full_name()} {period(a)}" for a in seat.absences),
        "; ".join(f"{d.taker.user.get_full_name()} {period(d)} ({d.paper})" for d in seat.given),
    ]


def as_csv(name: str, head: list[str], lines: Iterable[list[str]]) -> HttpResponse:
    """For Excel: UTF-8 by its mark, semicolons, nothing that it would compute."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([as_text(str(cell)) for cell in line] for line in lines)
    return response


def act(
    request: HttpRequest,
    form: forms.Form,
    verb: Callable[..., object],
    *,
    title: str,
    done: str,
    intro: str = "",
    subtitle: str = "",
    back: str = BOARD,
) -> HttpResponse:
    """Show a form; carry the verb out with what it holds; tell refusals at their fields."""
    if request.method == "POST" and form.is_valid():
        try:
            verb(**form.cleaned_data)
        except ValidationError as refused:
            _tell(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    for field in form.fields.values():
        field.label = capfirst(field.label)
    context = {
        "form": form,
        "title": title,
        "intro": intro,
        "subtitle": subtitle,
        "back": reverse(back),
        "media": form.media,
    }
    return render(request, "editorial/admin/board_form.html", context)


def _tell(form: forms.Form, refused: ValidationError) -> None:
    by_field = refused.error_dict if hasattr(refused, "error_dict") else {"": refused.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


def record_decision(request: HttpRequest) -> HttpResponse:
    require(may_record(request.user))
    return act(
        request,
        DecisionForm(request.POST or None),
        lambda **data: appointing.record_decision(by=request.user, **data),
        title=_("Record a decision"),
        intro=_("Decisions on the Board and the working group (Art. 4.1)."),
        done=_("The decision is recorded."),
    )


def appoint(request: HttpRequest) -> HttpResponse:
    require(may_record(request.user))
    return act(
        request,
        AppointForm(request.POST or None, initial={"valid_from": clock.today()}),
        lambda **data: appointing.appoint(by=request.user, **data),
        title=_("Appoint"),
        intro=_("Head and each deputy are held by one person at a time (Art. 4.1)."),
        done=_("The appointment is recorded; the access follows from it."),
    )


def end_appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    require(may_record(request.user))
    row = get_object_or_404(Appointment, pk=appointment_id)
    return act(
        request,
        EndForm(request.POST or None, initial={"last_day": clock.today()}),
        lambda **data: appointing.end(row.pk, by=request.user, **data),
        title=_("End an appointment"),
        subtitle=str(row),
        intro=waiting(row.user),
        done=_("The appointment is ended."),
    )


def waiting(user: User) -> str:
    """What the form on an ending tells beforehand."""
    count = len(handing_over.waiting_pages(user))
    return handing_over.refusal(count) if count else _("No draft waits with this person.")


def assign(request: HttpRequest) -> HttpResponse:
    require(may_assign(request.user))
    initial = {"valid_from": clock.today(), "appointment": request.GET.get("thanh-vien")}

    def verb(appointment: Appointment, **data) -> None:
        assigning.assign(appointment.pk, by=request.user, **data)

    return act(
        request,
        AssignForm(request.POST or None, initial=initial),
        verb,
        title=_("Put in charge of a section"),
        intro=_("By the Head's assignment (Art. 5.2.b). The member answers for it (Art. 5.4.h)."),
        done=_("The assignment is recorded."),
    )


def end_assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    require(may_assign(request.user))
    row = get_object_or_404(SectionAssignment, pk=assignment_id)
    return act(
        request,
        LastDayForm(request.POST or None, initial={"last_day": clock.today()}),
        lambda **data: assigning.end(row.pk, by=request.user, **data),
        title=_("End an assignment"),
        subtitle=str(row),
        done=_("The assignment is ended."),
    )


def _own(user: User) -> QuerySet[Appointment]:
    return Appointment.objects.in_force(clock.today()).filter(user=user)


def _givers(user: User) -> QuerySet[Appointment]:
    """Whose delegations and absences a person may record."""
    rows = Appointment.objects.in_force(clock.today()) if may_record(user) else _own(user)
    require(rows.exists() or may_record(user))
    return rows.select_related("user")


def delegate(request: HttpRequest) -> HttpResponse:
    require(may_look(request.user))
    initial = {"valid_from": clock.today(), "giver": request.GET.get("cua")}

    def verb(giver: Appointment, taker: Appointment, **data) -> None:
        delegating.delegate(giver.pk, taker.pk, by=request.user, **data)

    return act(
        request,
        DelegateForm(request.POST or None, initial=initial, givers=_givers(request.user)),
        verb,
        title=_("Delegate"),
        intro=_("Dated, never wider than what the giver decides, and ended at any time."),
        done=_("The delegation is recorded."),
    )


def absence(request: HttpRequest) -> HttpResponse:
    require(may_look(request.user))
    initial = {"valid_from": clock.today(), "appointment": request.GET.get("cua")}

    def verb(appointment: Appointment, stand_in: Appointment, **data) -> None:
        delegating.leave(appointment.pk, stand_in.pk, by=request.user, **data)

    return act(
        request,
        AbsenceForm(request.POST or None, initial=initial, givers=_givers(request.user)),
        verb,
        title=_("Record an absence"),
        intro=_("Whoever stands in decides what the absent person decides, so that nothing waits."),
        done=_("The absence is recorded."),
    )


@require_POST
def revoke(request: HttpRequest, delegation_id: int) -> HttpResponse:
    done = _("The delegation is revoked.")
    return _at_once(request, delegating.revoke, delegation_id, done)


@require_POST
def come_back(request: HttpRequest, absence_id: int) -> HttpResponse:
    return _at_once(request, delegating.come_back, absence_id, _("The absence is ended."))


def _at_once(
    request: HttpRequest, verb: Callable[..., object], row_id: int, done: str
) -> HttpResponse:
    require(may_look(request.user))
    try:
        verb(row_id, by=request.user)
    except ValidationError as refused:
        messages.info(request, refused.messages[0])
    else:
        messages.success(request, done)
    return redirect(BOARD)


def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    require(may_record(request.user))
    leaver = get_object_or_404(User, pk=user_id)
    return act(
        request,
        HandOverForm(request.POST or None),
        lambda successor: handing_over.hand_over(leaver, successor, request.user),
        title=_("Hand over drafts"),
        subtitle=leaver.get_full_name(),
        intro=waiting(leaver),
        done=_("The drafts are handed over."),
    )
