"""Who does what on the answers: the drafting agency answers, the working group oversees."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for, running
from portal.agencies.models import Agency
from portal.agencies.queries import in_force

from .. import window
from ..models import Consultation, Synthesis, SynthesisRow

OVERSEE = "consultations.run_consultations"
FOLLOW = "consultations.follow_consultations"


def oversees(user: User) -> bool:
    return user.has_perm(OVERSEE)


def acts_for(user: User, agency: Agency | None) -> bool:
    """True for those who act today for the agency, or for the one that carries it on."""
    current = in_force(agency) if agency else None
    return current is not None and may_act_for(user, current)


def drafts(user: User, consultation: Consultation) -> bool:
    return acts_for(user, consultation.agency)


def may_sort(user: User, consultation: Consultation) -> bool:
    return oversees(user) or drafts(user, consultation)


def may_answer(user: User, row: SynthesisRow) -> bool:
    """The drafting agency, and whom it assigned the row to."""
    if not user.is_active:
        return False
    is_assigned = row.person_id == user.pk or acts_for(user, row.agency)
    return is_assigned or drafts(user, row.consultation)


def may_read(user: User, consultation: Consultation) -> bool:
    if user.has_perm(FOLLOW) or may_sort(user, consultation):
        return True
    return assigned_to(user).filter(consultation=consultation).exists()


def agencies_of(user: User) -> set[int]:
    """Agencies for which a person acts today, with those whose work they carry on."""
    rows = list(running(clock.today()).filter(user=user))
    if not rows:
        return set()
    own = {row.agency_id for row in rows}
    own |= {current.pk for row in rows if (current := in_force(row.agency))}
    return own | set(Agency.objects.filter(successor__in=own).values_list("pk", flat=True))


def assigned_to(user: User) -> QuerySet[SynthesisRow]:
    return _assigned(user, agencies_of(user))


def _assigned(user: User, own: set[int]) -> QuerySet[SynthesisRow]:
    return SynthesisRow.objects.filter(Q(person=user) | Q(agency__in=own))


def in_sight(user: User) -> QuerySet[Consultation]:
    """Consultations whose answers concern a person."""
    if user.has_perm(FOLLOW) or oversees(user):
        return Consultation.objects.all()
    own = agencies_of(user)
    assigned = _assigned(user, own).values("consultation")
    return Consultation.objects.filter(Q(agency__in=own) | Q(pk__in=assigned))


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def held(consultation_id: int) -> tuple[window.Held, Synthesis]:
    """Lock the consultation, as everything that changes its opinions does, and its synthesis."""
    found = window.hold(consultation_id)
    synthesis, _made = Synthesis.objects.get_or_create(consultation=found.consultation)
    return found, synthesis


def opened(consultation_id: int) -> tuple[window.Held, Synthesis]:
    """The same, for work that what is published no longer takes."""
    found, synthesis = held(consultation_id)
    if not synthesis.is_open:
        raise ValidationError(_("The answers are published. Begin a correction to change them."))
    return found, synthesis


def has_any(user: User) -> bool:
    """Whether the answers concern this person at all."""
    return user.has_perm(FOLLOW) or oversees(user) or in_sight(user).exists()
