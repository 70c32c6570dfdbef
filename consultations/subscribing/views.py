"""Asking for letters, confirming by the first one, and ending them with one press."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal import clock
from portal.outbox.sending import send
from portal.protection import guard
from portal.text import clean
from site_pages.fields import ReformField

from ..models import Consultation, Subscription
from . import letters

PURPOSE = "consultations.subscribe"
TEMPLATES = "consultations/subscribing"


class SubscribeForm(forms.Form):
    use_required_attribute = False
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("For these letters only. Each letter says how to end them."),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter an e-mail."),
            "invalid": gettext_lazy("Write the e-mail like name@example.vn."),
        },
    )
    reform_field = forms.ChoiceField(
        label=gettext_lazy("Field of reform"),
        required=False,
        choices=[("", gettext_lazy("All fields")), *ReformField.choices],
    )


@never_cache
@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, consultation: Consultation | None = None) -> HttpResponse:
    """To one consultation, or to a field; the answer is the same whoever is subscribed already."""
    if request.method == "GET":
        return _show(request, consultation, SubscribeForm(), guard.fresh(PURPOSE))
    typed = {name: clean(text) for name, text in request.POST.items()}
    passage = guard.check(request, PURPOSE)
    if passage.wants_new_picture:
        return _show(request, consultation, SubscribeForm(initial=typed), passage.guard)
    form = SubscribeForm(typed)
    if not form.is_valid() or passage.token is None:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show(request, consultation, form, kept, passage.error)
    _ask(form.cleaned_data["email"], consultation, form.cleaned_data["reform_field"])
    return render(request, f"{TEMPLATES}/asked.html", {"extra_crumbs": [(_("Letters"), "")]})


@transaction.atomic
def _ask(email: str, consultation: Consultation | None, reform_field: str) -> None:
    now = clock.now()
    subject = f"c{consultation.pk}" if consultation else f"f{reform_field}" if reform_field else "*"
    row, _is_new = Subscription.objects.get_or_create(
        email=email.casefold(),
        subject=subject,
        defaults={
            "consultation": consultation,
            "reform_field": "" if consultation else reform_field,
            "asked_at": now,
        },
    )
    if row.confirmed_at is None:
        # At most one letter a day to an address that never asked for it.
        send(letters.CONFIRM, f"{row.pk}:{clock.today():%Y%m%d}", subscription_id=row.pk)


def _show(
    request: HttpRequest,
    consultation: Consultation | None,
    form: SubscribeForm,
    form_guard: guard.Guard,
    told: str = "",
) -> HttpResponse:
    if consultation:
        del form.fields["reform_field"]
    asked = form_guard.challenge is not None
    errors = [("id_captcha_text" if asked else "form", told)] if told else []
    errors += [(field.auto_id, message) for field in form for message in field.errors]
    context = {
        "form": form,
        "guard": form_guard,
        "consultation": consultation,
        "errors": errors,
        "has_errors": bool(errors),
        "extra_crumbs": [(_("Letters"), "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/subscribe.html", context, status=status)


def _acting(request: HttpRequest, sign: str, *, ends: bool) -> HttpResponse:
    """A link in a letter shows a button; programs that follow links change nothing."""
    row = letters.of_sign(sign)
    # Ended already, by this press or by one before: a mail program may press again.
    is_done = ends and request.method == "POST" and letters.id_of_sign(sign) is not None
    if row and request.method == "POST":
        if ends:
            # All of the address: another of its subscriptions would bring the same letters.
            Subscription.objects.filter(email=row.email).delete()
        else:
            Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(
                confirmed_at=clock.now()
            )
        is_done = True
    context = {
        "row": row,
        "ends": ends,
        "is_done": is_done,
        "extra_crumbs": [(_("Letters"), "")],
    }
    status = 200 if row or is_done else 404
    return render(request, f"{TEMPLATES}/act.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, sign: str) -> HttpResponse:
    return _acting(request, sign, ends=False)


# The sign in the address is what lets somebody end it: a mail program brings no other (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, sign: str) -> HttpResponse:
    return _acting(request, sign, ends=True)
