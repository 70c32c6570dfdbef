"""Keeping what a supplier sent in, with who, when and the declaration (Art. 3.3, 3.4)."""

from __future__ import annotations

import json
from datetime import date
from hashlib import file_digest, sha256

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency, Membership
from portal.agencies.queries import in_force

from . import authority
from .models.board import Collaborator
from .models.contributions import Contribution
from .models.originals import OriginalFile, SuppliedOriginal
from .plain_text import texts_of

# Every text ever shown, by version; the last one is shown today. The words are law, not
# interface: they are kept in Vietnamese with each original.
DECLARATIONS = {
    "2026-01": (
        "Tôi chịu trách nhiệm trước pháp luật về tính chính xác của thông tin do mình cung cấp; "
        "thông tin trung thực, khách quan, không thuộc bí mật nhà nước, tuân thủ quy định của "
        "pháp luật về báo chí, sở hữu trí tuệ và cung cấp thông tin (khoản 3, khoản 4 Điều 3 Quy "
        "chế hoạt động của Trang thông tin)."
    ),
}
CURRENT_DECLARATION = "2026-01"


def declaration() -> str:
    """What a sender declares by sending an item in."""
    return DECLARATIONS[CURRENT_DECLARATION]


def keep(page: Page, user: User | None) -> SuppliedOriginal:
    """Keep the page as it is sent in for the first time; later versions change nothing."""
    return _keep(
        page,
        user,
        declaration=declaration(),
        declaration_version=CURRENT_DECLARATION,
        sent_by=user,
        agency=agency_of(user, clock.today()) if user else None,
        sent_at=clock.now(),
    )


def keep_contribution(page: Page, row: Contribution, user: User) -> SuppliedOriginal:
    """Keep what the public sent, as the draft that it has just become, before anybody edits it."""
    return _keep(
        page,
        user,
        declaration=row.declaration,
        declaration_version=row.declaration_version,
        sent_at=row.sent_at,
    )


@transaction.atomic
def _keep(page: Page, user: User | None, **sending: object) -> SuppliedOriginal:
    revision = page.get_latest_revision()
    sent = revision.as_object() if revision else page.specific
    content = canonical(revision.content if revision else sent.serializable_data())
    kept, created = SuppliedOriginal.objects.get_or_create(
        page_number=page.pk,
        defaults={
            "page_id": page.pk,
            "page_type": page.specific_class._meta.label_lower,
            "title": sent.title,
            "content": content,
            "sha256": fingerprint(content),
            "texts": texts_of(sent),
            **sending,
        },
    )
    if created:
        _keep_files(kept, sent)
        log(page, "editorial.original.keep", user=user, data={"sha256": kept.sha256})
    return kept


def original_of(page_id: int) -> SuppliedOriginal | None:
    rows = SuppliedOriginal.objects.select_related("page", "sent_by", "agency")
    return rows.filter(page_number=page_id).first()


def may_see(user: User, original: SuppliedOriginal) -> bool:
    """Who may edit the page, screens, or decides on it; of a deleted page who screens or leads."""
    if authority.may_screen(user):
        return True
    if original.page is None:
        return authority.is_on_board(user)
    page = original.page.specific
    tester = page.permissions_for_user(user)
    return tester.can_edit() or authority.authority(user, page) is not None


def is_intact(original: SuppliedOriginal) -> bool:
    """Whether the content still is what was hashed."""
    return fingerprint(original.content) == original.sha256


def canonical(content: dict) -> str:
    return json.dumps(
        content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def fingerprint(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def is_replaced(file: OriginalFile) -> bool:
    """Whether another file stands in the library where this one stood."""
    return _hash_of((file.image or file.document).file) != file.sha256


def _keep_files(kept: SuppliedOriginal, sent: Page) -> None:
    """Note every picture and file that the page shows; from now on the library keeps them."""
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in (Image, Document)}
    references = ReferenceIndex._extract_references_from_object(sent)
    shown = {(kinds[kind], int(pk)) for kind, pk, *_path in references if kind in kinds}
    for model, pk in sorted(shown, key=lambda key: (key[0].__name__, key[1])):
        item = model.objects.filter(pk=pk).first()
        if item is None:
            continue
        file = OriginalFile.objects.create(
            original=kept,
            **{model._meta.model_name: item},
            title=item.title,
            size=item.get_file_size() or 0,
            sha256=_hash_of(item.file),
        )
        # At once, not by a later task: what is in use is not offered for deletion.
        ReferenceIndex.create_or_update_for_object(file)


def _hash_of(file: File) -> str:
    """Empty where the storage has lost the file: that must not stop a submission."""
    try:
        with file.open("rb") as source:
            return file_digest(source, "sha256").hexdigest()
    except OSError:
        return ""


def agency_of(user: User, day: date) -> Agency | None:
    """For which agency a person supplies: by contract or assignment, else by membership."""
    sent_by_agency = Collaborator.objects.in_force(day).filter(user=user, agency__isnull=False)
    collaborator = sent_by_agency.select_related("agency").first()
    if collaborator:
        return in_force(collaborator.agency, day)
    until = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    members = Membership.objects.filter(until, user=user, valid_from__lte=day)
    member = members.select_related("agency").order_by("valid_from", "pk").first()
    return in_force(member.agency, day) if member else None
