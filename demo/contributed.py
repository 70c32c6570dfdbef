"""Items of the public in the demonstration: one refused, two that wait, one of them with files."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from editorial import contributing, contribution_drafts, turning_down
from editorial.models import Contribution, Ground, SenderKind
from portal import clock
from portal.accounts.models import User

from . import drawings

REFUSED = {
    "sender_kind": SenderKind.PERSON.value,
    "sender_name": "Phạm Văn Bình (minh họa)",
    "email": "",
    "phone": "024 0000 0001",
    "title": "Giới thiệu dịch vụ làm hộ hồ sơ (minh họa)",
    "text": "Nhận làm hộ mọi loại hồ sơ, lấy ngay trong ngày.",
    "event_on": "",
}
PLAIN = {
    "sender_kind": SenderKind.PERSON.value,
    "sender_name": "Đỗ Thị Ánh (minh họa)",
    "email": "anh@demo.example",
    "phone": "",
    "title": "Làm lại giấy khai sinh cho con chỉ mất một buổi sáng (minh họa)",
    "text": (
        "Tôi nộp hồ sơ qua Cổng Dịch vụ công lúc tám giờ, phường báo kết quả trước trưa.\n\n"
        "Cán bộ hướng dẫn qua điện thoại cách chụp giấy tờ cho rõ nên không phải đi lại lần nào."
    ),
    "event_on": "",
}
WITH_FILES = {
    "sender_kind": SenderKind.ORGANISATION.value,
    "sender_name": "Hội Phụ nữ phường (minh họa)",
    "email": "hoiphunu@demo.example",
    "phone": "024 0000 0002",
    "title": "Ra mắt tổ hỗ trợ người cao tuổi nộp hồ sơ trực tuyến (minh họa)",
    "text": (
        "Sáng nay, mười lăm hội viên bắt đầu trực tại nhà văn hóa các tổ dân phố.\n\n"
        "Mỗi tổ có hai máy tính; hội viên giúp người cao tuổi lập tài khoản và nộp hồ sơ."
    ),
}


def load() -> None:
    """By the verbs that people use, once."""
    if Contribution.objects.exists():
        return
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=3)):
        _send(REFUSED)
    refused = Contribution.objects.get()
    note = "Nội dung quảng cáo dịch vụ, ngoài phạm vi của Trang thông tin (minh họa)."
    group = User.objects.get(username="tocongtac")
    turning_down.turn_down(refused.pk, [Ground.OUT_OF_SCOPE], note, group)
    with clock.stopped_at(now - timedelta(hours=20)):
        _send(PLAIN)
    with clock.stopped_at(now - timedelta(hours=2)):
        picture = SimpleUploadedFile("le-ra-mat.jpg", drawings.jpeg("quay-mot-cua"), "image/jpeg")
        _send({**WITH_FILES, "event_on": clock.today().isoformat()}, picture)


def _send(typed: dict[str, str], *files: SimpleUploadedFile) -> None:
    _key, draft = contribution_drafts.start(uuid.uuid4(), typed)
    for file in files:
        contribution_drafts.add_file(draft.pk, file)
    contributing.send(draft.pk, declares=True)
