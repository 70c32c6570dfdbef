"""The editor's form for taking a page down, and the way back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page

from . import withdrawal
from .withdrawal import KeepingTester, Withdrawal


class WithdrawalForm(forms.ModelForm):
    class Meta:
        model = Withdrawal
        fields = ["authority", "order_number", "order_date", "reason"]
        widgets = {"order_date": AdminDateInput, "reason": forms.Textarea({"rows": 3})}


def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id)
    if not KeepingTester(request.user, page).can_withdraw():
        raise PermissionDenied
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawal.withdraw(page_id, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The page is withdrawn; its address tells the order."))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    context = {"page": page, "form": form, "media": form.media}
    return render(request, "site_pages/admin/withdraw.html", context)


def put_back(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id)
    if request.method != "POST":
        if not KeepingTester(request.user, page).can_put_back():
            raise PermissionDenied
        context = {"page": page, "withdrawal": withdrawal.current(page)}
        return render(request, "site_pages/admin/put_back.html", context)
    try:
        withdrawal.put_back(page_id, request.user)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("The page is public again."))
    return redirect("wagtailadmin_pages:edit", page.pk)
