"""Meetings and their conclusions in the admin."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.reporting.models import Edition

from . import meetings
from .acting import Act, ActForm, add_error, history, listed, media, offers, perform
from .authority import may_screen
from .meeting_forms import (
    AgendaForm,
    ChangeForm,
    ConcludeForm,
    DetailsForm,
    FinishForm,
    HoldForm,
    InviteForm,
    MeetingFilter,
    MinutesForm,
    PaperForm,
)
from .models import Appointment, Conclusion, Meeting, MeetingPaper, MeetingState
from .models.meetings import AHEAD
from .plan_forms import NoteForm

Bound = tuple[str, ActForm] | None


def _by_group(*states: MeetingState):
    """Offered to the working group while the meeting is in one of the states."""
    return lambda meeting, user: meeting.state in states and may_screen(user)


MEETING_ACTS = [
    Act(
        "da-nhan",
        _("Acknowledge receipt"),
        meetings.acknowledge,
        lambda meeting, user: (
            meeting.state == MeetingState.NOTIFIED and meetings.awaits_receipt(meeting.pk, user)
        ),
        _("Your receipt of the notice is recorded."),
        is_primary=True,
    ),
    Act(
        "gui-thong-bao",
        _("Send the notice"),
        meetings.notify,
        _by_group(MeetingState.PREPARED),
        _("The notice is on its way to everyone invited; its PDF is being drawn."),
        is_primary=True,
    ),
    Act(
        "chuong-trinh",
        _("Write the agenda"),
        meetings.set_agenda,
        _by_group(*AHEAD),
        _("The agenda is saved."),
        AgendaForm,
    ),
    Act(
        "thanh-phan",
        _("Say who is invited"),
        meetings.invite,
        _by_group(*AHEAD),
        _("The list of people invited is saved."),
        InviteForm,
    ),
    Act(
        "tai-lieu",
        _("Add a document"),
        meetings.add_paper,
        _by_group(*AHEAD, MeetingState.HELD),
        _("The document is with the meeting."),
        PaperForm,
    ),
    Act(
        "da-hop",
        _("Record that it was held"),
        meetings.hold,
        lambda meeting, user: (
            meeting.state == MeetingState.NOTIFIED
            and meeting.starts_at <= clock.now()
            and may_screen(user)
        ),
        _("The meeting is recorded as held."),
        HoldForm,
    ),
    Act(
        "dien-bien",
        _("Write the proceedings"),
        meetings.write_minutes,
        _by_group(MeetingState.HELD),
        _("The proceedings are saved."),
        MinutesForm,
    ),
    Act(
        "ket-luan",
        _("Add a conclusion"),
        meetings.conclude,
        _by_group(MeetingState.HELD),
        _("The conclusion is in the minutes."),
        ConcludeForm,
    ),
    Act(
        "chot-bien-ban",
        _("Sign off the minutes"),
        meetings.sign_off,
        _by_group(MeetingState.HELD),
        _("The minutes are closed; everyone invited is told the result."),
        is_primary=True,
    ),
    Act(
        "sua",
        _("Change time, place or people in charge"),
        meetings.change,
        _by_group(*AHEAD),
        _("The change is saved. If the notice was out, it goes out again."),
        ChangeForm,
    ),
    Act(
        "lap-giay-moi",
        _("Draw the notice again"),
        partial(meetings.draw_again, kind=meetings.NOTICE),
        _by_group(MeetingState.NOTIFIED),
        _("The PDF is being drawn."),
    ),
    Act(
        "lap-bien-ban",
        _("Draw the minutes again"),
        partial(meetings.draw_again, kind=meetings.MINUTES),
        _by_group(MeetingState.MINUTED),
        _("The PDF is being drawn."),
    ),
    Act(
        "huy",
        _("Cancel the meeting"),
        meetings.cancel,
        _by_group(*AHEAD),
        _("The meeting is cancelled."),
        NoteForm,
        is_serious=True,
    ),
]
CONCLUSION_ACTS = [
    Act(
        "xong",
        _("Report it done"),
        meetings.finish,
        lambda row, user: row.done_at is None and meetings.may_report(user, row),
        _("The conclusion is recorded as carried out."),
        FinishForm,
        is_primary=True,
    ),
    Act(
        "chua-xong",
        _("Not done yet"),
        meetings.take_up_again,
        lambda row, user: row.done_at is not None and may_screen(user),
        _("The conclusion is open again."),
    ),
    Act(
        "bo",
        _("Take out of the minutes"),
        meetings.drop_conclusion,
        lambda row, user: row.meeting.state == MeetingState.HELD and may_screen(user),
        _("The conclusion is out of the minutes."),
        is_serious=True,
    ),
]


def is_concerned(request: HttpRequest) -> bool:
    """Anyone in a post may look at what concerns them."""
    user = request.user
    in_post = Appointment.objects.in_force(clock.today()).filter(user=user)
    return meetings.sees_all(user) or (user.is_active and in_post.exists())


def meeting_list(request: HttpRequest) -> HttpResponse:
    if not is_concerned(request):
        raise PermissionDenied
    form = MeetingFilter(request.GET)
    rows = form.narrow(meetings.visible_to(request.user))
    context = {
        **listed(request, rows.order_by("-starts_at", "-pk")),
        "form": form,
        "may_prepare": may_screen(request.user),
    }
    return render(request, "editorial/admin/meeting_list.html", context)


def meeting_prepare(request: HttpRequest) -> HttpResponse:
    if not may_screen(request.user):
        raise PermissionDenied
    form = DetailsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = meetings.prepare(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            return redirect("editorial_meeting", meeting.pk)
    context = {"form": form, "media": form.media}
    return render(request, "editorial/admin/meeting_prepare.html", context)


def _meeting_for(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = get_object_or_404(
        Meeting.objects.select_related(
            "chair__user", "secretary__user", "signer__user", "signed_off_by"
        ),
        pk=meeting_id,
    )
    if not meetings.may_read(request.user, meeting_id):
        raise PermissionDenied
    return meeting


def meeting_detail(request: HttpRequest, meeting_id: int, bound: Bound = None) -> HttpResponse:
    meeting = _meeting_for(request, meeting_id)
    meetings.open_notice(meeting_id, request.user)
    found = offers(MEETING_ACTS, meeting, request.user, bound)
    papers = Edition.objects.filter(
        kind__in=[meetings.NOTICE, meetings.MINUTES], subject_id=meeting.pk
    )
    context = {
        "meeting": meeting,
        "agenda": meeting.agenda.all(),
        "papers": meeting.papers.all(),
        "attendances": meeting.attendances.select_related("appointment__user", "stand_in__user"),
        "conclusions": meeting.conclusions.select_related("responsible__user"),
        "editions": papers.defer("snapshot"),
        "minutes_kind": meetings.MINUTES,
        "today": clock.today(),
        "offers": found,
        "media": media(found),
        "act_url": "editorial_meeting_act",
        "row": meeting,
        "history": history(meeting),
    }
    return render(request, "editorial/admin/meeting_detail.html", context)


@require_POST
def meeting_act(request: HttpRequest, meeting_id: int, code: str) -> HttpResponse:
    meeting = _meeting_for(request, meeting_id)
    bound = perform(request, MEETING_ACTS, meeting, code)
    if bound:
        return meeting_detail(request, meeting_id, bound)
    return redirect("editorial_meeting", meeting_id)


def paper_file(request: HttpRequest, paper_id: int) -> HttpResponse:
    """A document of the meeting, always as a download, kept in no cache."""
    paper = get_object_or_404(MeetingPaper, pk=paper_id)
    _meeting_for(request, paper.meeting_id)
    ending = paper.file.name.rpartition(".")[2]
    response = FileResponse(
        paper.file.open("rb"), as_attachment=True, filename=f"{paper.title}.{ending}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _visible_conclusions(request: HttpRequest) -> QuerySet[Conclusion]:
    rows = Conclusion.objects.select_related("meeting", "responsible__user")
    return rows.filter(meeting__in=meetings.visible_to(request.user).values("pk"))


def conclusion_list(request: HttpRequest) -> HttpResponse:
    """What meetings decided and is not done, the oldest deadline first."""
    if not is_concerned(request):
        raise PermissionDenied
    chosen = request.GET.get("xem", "")
    rows = _visible_conclusions(request)
    if chosen == "cua-toi":
        rows = rows.filter(responsible__user=request.user)
    rows = rows.filter(done_at__isnull=chosen != "xong").order_by("due_on", "pk")
    context = {**listed(request, rows), "chosen": chosen, "today": clock.today()}
    return render(request, "editorial/admin/meeting_conclusions.html", context)


def conclusion_detail(
    request: HttpRequest, conclusion_id: int, bound: Bound = None
) -> HttpResponse:
    row = get_object_or_404(
        Conclusion.objects.select_related("meeting", "responsible__user", "done_by"),
        pk=conclusion_id,
    )
    _meeting_for(request, row.meeting_id)
    found = offers(CONCLUSION_ACTS, row, request.user, bound)
    context = {
        "conclusion": row,
        "today": clock.today(),
        "offers": found,
        "media": media(found),
        "act_url": "editorial_conclusion_act",
        "row": row,
        "history": history(row),
    }
    return render(request, "editorial/admin/meeting_conclusion.html", context)


@require_POST
def conclusion_act(request: HttpRequest, conclusion_id: int, code: str) -> HttpResponse:
    row = get_object_or_404(Conclusion.objects.select_related("meeting"), pk=conclusion_id)
    _meeting_for(request, row.meeting_id)
    bound = perform(request, CONCLUSION_ACTS, row, code)
    if bound:
        return conclusion_detail(request, conclusion_id, bound)
    if not Conclusion.objects.filter(pk=conclusion_id).exists():
        return redirect("editorial_meeting", row.meeting_id)
    return redirect("editorial_conclusion", conclusion_id)
