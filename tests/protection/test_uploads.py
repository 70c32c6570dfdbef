"""What the public may upload, and where it waits."""

from __future__ import annotations

import io
import os
import stat
import unicodedata
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from PIL import Image as Picture

from portal import clock
from portal.outbox.registry import chores
from portal.protection import quarantine, uploads
from portal.protection.file_hazards import MOST_MEMBERS
from portal.protection.models import QuarantinedFile

from .files import (
    CONTENT_TYPES,
    MP3,
    MP4,
    PDF,
    RELS,
    moving,
    packed,
    pdf,
    pdf_packed,
    picture,
    relationship,
    upload,
    word,
)

pytestmark = pytest.mark.django_db
EXCEL = {CONTENT_TYPES: "<Types/>", "xl/workbook.xml": "<x/>"}
MACRO_TYPES = '<Types><Override ContentType="application/x.macroEnabled.main+xml"/></Types>'
TEMPLATE = relationship("attachedTemplate", "https://x.example/a.dotm")
OPEN = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tin.pdf", PDF),
        ("tin.docx", word()),
        ("tin.docx", word({RELS: relationship("hyperlink", "https://hanoi.gov.vn/")})),
        ("bảng.xlsx", packed(EXCEL | {"xl/printerSettings/printerSettings1.bin": "x"})),
        ("tin.odt", packed(OPEN)),
        ("ảnh.JPG", picture()),
        ("ảnh.png", picture("PNG")),
        ("ảnh.webp", picture("WEBP")),
        ("tiếng.mp3", MP3),
        ("tiếng.m4a", MP4),
        ("phim.mp4", MP4),
        ("phim.webm", b"\x1a\x45\xdf\xa3" + bytes(64)),
    ],
)
def test_texts_pictures_sound_and_film_are_taken(name, content):
    kept = quarantine.take_in(upload(name, content))
    assert (kept.name, kept.size) == (name, len(content))
    with quarantine.opened(kept) as found:
        assert found.read() == content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tin.exe", b"MZ", "Files of this kind"),
        ("tin.docm", word(), "Files of this kind"),
        ("bang.xlsm", packed(EXCEL), "Files of this kind"),
        ("anh.svg", b"<svg/>", "Files of this kind"),
        ("tin", PDF, "Files of this kind"),
        ("tin.pdf.html", PDF, "Files of this kind"),
        ("tin.pdf", b"", "empty"),
        ("tin.pdf", b"MZ\x90\x00", "not that of a PDF"),
        ("tin.pdf", b"<script>", "not that of a PDF"),
        ("anh.jpg", b"\xff\xd8\xff<?php", "cannot be read"),
        ("anh.webp", moving(), "Moving"),
        ("anh.png", picture(), "not that of a PNG"),
        ("phim.mp4", MP3, "not that of a MP4"),
        ("tin.docx", word({"word/vbaProject.bin": "x"}), "macros"),
        ("tin.docx", word({"word/embeddings/oleObject1.bin": "x"}), "embedded"),
        ("tin.docx", word({"word/embeddings/a.exe": "x"}), "embedded"),
        ("tin.docx", word({"word/embeddings/a.zip": "x"}), "embedded"),
        ("tin.docx", word({"word/activeX/activeX1.xml": "x"}), "embedded"),
        ("tin.docx", word({RELS: TEMPLATE}), "fetches"),
        ("tin.docx", word({RELS: relationship("image", "\\\\10.0.0.1\\a.png")}), "fetches"),
        ("tin.docx", word({RELS: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "damaged"),
        ("tin.docx", word({CONTENT_TYPES: MACRO_TYPES}), "macros"),
        ("tin.odt", packed(OPEN | {"Basic/script-lc.xml": "x"}), "macros"),
        ("tin.docx", word({"word/media/a.xml": "0" * (11 * 1024 * 1024)}), "far too large"),
        ("tin.docx", word({f"word/{n}.xml": "" for n in range(MOST_MEMBERS)}), "far too large"),
        ("tin.docx", word()[:-40], "not that of a DOCX"),
        ("tin.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "scripts"),
        ("tin.pdf", pdf(b"/S /J#61vaScr#69pt"), "scripts"),
        ("tin.pdf", pdf(b"/S /Launch /F (cmd.exe)"), "scripts"),
        ("tin.pdf", pdf(b"/Type /EmbeddedFile"), "scripts"),
        ("tin.pdf", pdf_packed(b"1 0 << /S /JavaScript >>"), "scripts"),
        ("tin.pdf", pdf_packed(bytes(300_000) + b"/S /Launch"), "scripts"),
        ("tin.pdf", pdf_packed(b"x").replace(b"stream\nx", b"stream\n?"), "unusual"),
        ("tin.pdf", pdf(b"/Encrypt 5 0 R"), "locked"),
    ],
)
def test_what_is_not_what_it_says_or_does_more_is_refused(name, content, said):
    with pytest.raises(ValidationError, match=said):
        quarantine.take_in(upload(name, content))
    assert not QuarantinedFile.objects.exists()
    assert not quarantine.path_of("").exists()


def test_the_browsers_word_must_not_contradict_the_name():
    for told in ("", "application/octet-stream", "application/pdf"):
        quarantine.take_in(upload("tin.pdf", PDF, told))
    for told in ("text/html", "image/png"):
        with pytest.raises(ValidationError, match="something else"):
            quarantine.take_in(upload("tin.pdf", PDF, told))


def test_a_file_has_a_largest_size_by_its_kind(monkeypatch):
    monkeypatch.setattr(uploads, "MEGABYTE", 10)
    quarantine.take_in(upload("phim.mp4", MP4))
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        quarantine.take_in(upload("anh.jpg", picture()))


def test_a_picture_of_too_many_points_is_refused_by_its_head():
    bomb = io.BytesIO()
    Picture.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(ValidationError, match="million pixels"):
        quarantine.take_in(upload("anh.png", bomb.getvalue()))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (unicodedata.normalize("NFD", "Ảnh lễ khai mạc.jpg"), "Ảnh lễ khai mạc.jpg"),
        ("C:\\Users\\An\\anh.jpg", "anh.jpg"),
        ("../../etc/anh.jpg", "anh.jpg"),
        ("a\x00\n\u202eb.jpg", "a b.jpg"),
        ("dài" * 90 + ".jpg", None),
    ],
)
def test_a_name_is_kept_for_people_and_leads_nowhere(sent, kept):
    name = quarantine.take_in(upload(sent, picture())).name
    assert kept is None or name == kept
    assert len(name) <= uploads.LONGEST_NAME
    assert name.endswith(".jpg")
    assert not set(name) & set("/\\\n\x00")


def test_a_file_lies_under_a_random_name_that_only_the_portal_reads(settings):
    kept = quarantine.take_in(upload("tin.pdf", PDF))
    path = quarantine.path_of(kept.key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(kept.key) == 32
    assert path.name == kept.key
    assert not path.is_relative_to(settings.MEDIA_ROOT)


def test_an_upload_cut_short_or_a_full_disk_leaves_nothing(monkeypatch):
    sent = upload("tin.pdf", PDF)

    def cut():
        yield PDF[:5]
        raise OSError("No space left on device")

    monkeypatch.setattr(sent, "chunks", cut)
    with pytest.raises(ValidationError, match="no room"):
        quarantine.take_in(sent)
    monkeypatch.setattr(quarantine, "LEAST_FREE", 1 << 60)
    with pytest.raises(ValidationError, match="no room"):
        quarantine.take_in(upload("tin.pdf", PDF))
    assert not QuarantinedFile.objects.exists()
    assert list(quarantine.path_of("").iterdir()) == []


def test_files_that_no_row_knows_are_swept_away_at_night():
    kept = quarantine.take_in(upload("tin.pdf", PDF))
    with transaction.atomic():
        lost = quarantine.take_in(upload("tin.pdf", PDF))
        transaction.set_rollback(True)
    young = quarantine.path_of("young")
    young.write_bytes(b"x")
    old = (clock.now() - timedelta(days=2)).timestamp()
    for key in (kept.key, lost.key):
        os.utime(quarantine.path_of(key), (old, old))
    assert quarantine.sweep in chores()
    assert quarantine.sweep() == 1
    assert {path.name for path in quarantine.path_of("").iterdir()} == {kept.key, "young"}


def test_a_discarded_file_goes_with_its_row(django_capture_on_commit_callbacks):
    kept = quarantine.take_in(upload("tin.pdf", PDF))
    path = quarantine.path_of(kept.key)
    with django_capture_on_commit_callbacks(execute=True):
        quarantine.discard(kept)
        assert path.exists()
    assert not path.exists()
    assert not QuarantinedFile.objects.exists()
