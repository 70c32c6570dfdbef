"""What the admin offers to do with a consultation, a version, a provision."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from editorial.acting import Act
from portal.accounts.models import User
from site_pages import lending as portal_lending

from . import correcting, drafting, forms, lending, preparing, scheduling, window
from .access import may_publish_text, may_run
from .models import Consultation, DraftText, Provision, ReadingState, TextState
from .scheduling import RUNNING
from .window import WindowState


def _in_window(*states: WindowState) -> Callable[[Consultation, User], bool]:
    return lambda row, user: may_run(user) and window.of(row).state in states


def _between_versions(row: Consultation, user: User) -> bool:
    preparing_one = row.texts.filter(state=TextState.PREPARING).exists()
    return may_run(user) and row.has_draft and not preparing_one


CONSULTATION = [
    Act(
        "mo",
        _("Set the window"),
        scheduling.open_window,
        _in_window(WindowState.UNSET),
        _("The window is set; it opens and closes by itself."),
        forms.OpenForm,
        is_primary=True,
    ),
    Act(
        "ban-moi",
        _("Begin a version of the draft"),
        drafting.new_version,
        _between_versions,
        _("The version is begun. Hand in the draft on its page."),
        forms.VersionForm,
    ),
    Act(
        "gan-khao-sat",
        _("Show surveys on the page"),
        lending.lend,
        lambda row, user: may_run(user) and bool(portal_lending.choices()),
        _("The surveys of the page are set."),
        lending.LendForm,
    ),
    Act(
        "gia-han",
        _("Extend the window"),
        scheduling.extend,
        _in_window(*RUNNING),
        _("The window is extended; the record is public."),
        forms.LastDayForm,
    ),
    Act(
        "rut-ngan",
        _("Shorten the window"),
        scheduling.shorten,
        _in_window(*RUNNING),
        _("The window is shortened; the record is public."),
        forms.LastDayForm,
        is_serious=True,
    ),
    Act(
        "tam-dung",
        _("Suspend"),
        scheduling.suspend,
        _in_window(WindowState.UPCOMING, WindowState.OPEN),
        _("No opinions are taken for the time being. The last day stays: extend it if need be."),
        forms.ReasonForm,
        is_serious=True,
    ),
    Act(
        "tiep-tuc",
        _("Resume"),
        scheduling.resume,
        _in_window(WindowState.SUSPENDED),
        _("Opinions are taken again. The last day stays: extend it if need be."),
        forms.ReasonForm,
        is_primary=True,
    ),
    Act(
        "dong-som",
        _("Close early"),
        scheduling.close,
        _in_window(*RUNNING),
        _("The window is closed; the record is public."),
        forms.ReasonForm,
        is_serious=True,
    ),
    Act(
        "mo-lai",
        _("Open once more"),
        scheduling.open_window,
        lambda row, user: row.answered_at is None and _in_window(WindowState.CLOSED)(row, user),
        _("The window is set once more; the record is public."),
        forms.OpenForm,
        is_serious=True,
    ),
    Act(
        "sua",
        _("Change the terms"),
        preparing.change,
        lambda row, user: may_run(user),
        _("The terms are changed."),
        forms.ChangeForm,
    ),
]


def is_preparing(text: DraftText, user: User) -> bool:
    return may_run(user) and text.state == TextState.PREPARING


def _ready(text: DraftText, user: User) -> bool:
    is_ready = text.state == TextState.PREPARING and text.reading == ReadingState.READ
    return is_ready and may_publish_text(user, text.consultation)


def _untouched(text: DraftText, user: User) -> bool:
    if text.state != TextState.PUBLISHED or text.is_locked:
        return False
    not_open = window.of(text.consultation).state in (WindowState.UNSET, WindowState.UPCOMING)
    return not_open and may_publish_text(user, text.consultation)


TEXT = [
    Act(
        "nop-tep",
        _("Hand in the draft"),
        drafting.hand_in,
        is_preparing,
        _("The draft is being read. Load this page again in a moment."),
        forms.HandInForm,
    ),
    Act(
        "dan",
        _("Paste the text instead"),
        drafting.paste,
        is_preparing,
        _("The text is read; look over the tree below."),
        forms.PasteForm,
    ),
    Act(
        "dinh-kem",
        _("Add a document"),
        drafting.attach,
        is_preparing,
        _("The document goes with the draft."),
        forms.AttachForm,
    ),
    Act(
        "cong-bo",
        _("Publish this version"),
        drafting.publish,
        _ready,
        _("The version is published. From the first opinion on its text is locked."),
        forms.PublishForm,
    ),
    Act(
        "soan-tiep",
        _("Prepare further"),
        drafting.take_back,
        _untouched,
        _("The version is being prepared again."),
        is_serious=True,
    ),
]


def _correctable(row: Provision, user: User) -> bool:
    return is_preparing(row.text_version, user)


PROVISION = [
    Act(
        "noi-dung",
        _("Kind, label and text"),
        correcting.rewrite,
        _correctable,
        _("The provision is changed."),
        forms.RewriteForm,
        is_primary=True,
    ),
    Act("len", _("Move up"), correcting.move_up, _correctable, _("Moved up.")),
    Act("xuong", _("Move down"), correcting.move_down, _correctable, _("Moved down.")),
    Act("vao", _("Indent"), correcting.indent, _correctable, _("Moved one level in.")),
    Act("ra", _("Outdent"), correcting.outdent, _correctable, _("Moved one level out.")),
    Act(
        "gop",
        _("Join to what stands before it"),
        correcting.join,
        _correctable,
        _("Joined; no word is lost."),
    ),
    Act(
        "tach",
        _("Split"),
        correcting.split,
        _correctable,
        _("Split in two."),
        forms.SplitForm,
    ),
    Act(
        "dat-duoi",
        _("Put below another provision"),
        correcting.place_under,
        _correctable,
        _("Moved with all that stands below it."),
        forms.UnderForm,
    ),
]
