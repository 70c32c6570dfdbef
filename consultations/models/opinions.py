"""What people say of a draft. Nobody's save can delete it or take it from its place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.agencies.models import Agency

from .consultation import Consultation, RespondentKind
from .drafts import DraftText, Provision


class OpinionState(models.TextChoices):
    """Received = waiting + published + withheld; who withdraws is counted apart."""

    WAITING = "waiting", _("Received, waiting to be read")
    PUBLISHED = "published", pgettext_lazy("opinion", "Published")
    WITHHELD = "withheld", _("Withheld")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")


COUNTED = frozenset({OpinionState.WAITING, OpinionState.PUBLISHED, OpinionState.WITHHELD})


class Opinion(models.Model):
    """One opinion on the whole or on a provision, with the words it spoke of.

    What it is about, when it came and its receipt never change; the database refuses it,
    as it refuses to delete one. It is never shown by the model: only rows in state
    PUBLISHED may reach a page (`queries.shown`).
    """

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="opinions"
    )
    text_version = models.ForeignKey(
        DraftText,
        models.PROTECT,
        verbose_name=_("version"),
        null=True,
        blank=True,
        related_name="opinions",
        help_text=_("None for a topic without a draft."),
    )
    provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision"),
        null=True,
        blank=True,
        related_name="opinions",
        help_text=_("None: on the whole."),
    )
    provision_sha256 = models.CharField(max_length=64, blank=True)
    quoted_text = models.TextField(
        _("text spoken of"), blank=True, help_text=_("As it stood when the opinion was sent.")
    )
    respondent_kind = models.CharField(_("sent as"), max_length=12, choices=RespondentKind)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_name_shown = models.BooleanField(_("name is shown"), default=False)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        related_name="opinions",
    )
    text = models.TextField(_("opinion"), blank=True)
    suggested_text = models.TextField(_("suggested wording"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=OpinionState)
    receipt_code = models.CharField(_("receipt code"), max_length=14, unique=True)
    token = models.UUIDField(
        unique=True, editable=False, help_text=_("Of the form: one POST counts once.")
    )
    received_at = models.DateTimeField(_("received at"))
    changed_at = models.DateTimeField(_("corrected or withdrawn at"), null=True, editable=False)
    has_answers = models.BooleanField(_("answers questions of the office"), default=False)
    # Of all its words, folded: the same text has the same one.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    like = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("says nearly the same as"),
        null=True,
        blank=True,
        related_name="alike",
        help_text=_("The first opinion of a group of nearly the same text."),
    )
    # Of e-mail, telephone or name: one person who sends many texts is counted once.
    sender_key = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(provision__isnull=True)
                | Q(text_version__isnull=False) & ~Q(provision_sha256=""),
                name="opinion_keeps_what_it_spoke_of",
            ),
            models.CheckConstraint(
                condition=~Q(text="")
                | ~Q(suggested_text="")
                | Q(has_answers=True)
                | Q(state="withdrawn"),
                name="opinion_says_something",
            ),
            models.CheckConstraint(
                condition=Q(respondent_kind="agency", agency__isnull=False)
                | Q(agency__isnull=True) & ~Q(respondent_kind="agency"),
                name="opinion_of_an_agency_names_it",
            ),
        ]
        indexes = [
            # Counts of a page: by state and provision, from the index alone.
            models.Index(fields=["consultation", "state", "provision"], name="opinion_counts"),
            models.Index(fields=["consultation", "received_at"], name="opinion_in_order"),
            models.Index(fields=["consultation", "fingerprint"], name="opinion_same_text"),
            # The moderators' queue, oldest first, over all consultations.
            models.Index(fields=["state", "received_at"], name="opinion_queue"),
        ]

    def __str__(self) -> str:
        return self.receipt_code


class OpinionContact(models.Model):
    """How to reach who sent it: apart from the opinion, never public, erased in its time."""

    wagtail_reference_index_ignore = True

    opinion = models.OneToOneField(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="contact"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
