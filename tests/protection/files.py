"""Files that the public might send, good and bad."""

from __future__ import annotations

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

from portal.protection.antivirus import EICAR

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
CONTENT_TYPES = "[Content_Types].xml"
RELS = "word/_rels/settings.xml.rels"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
MP3 = b"ID3\x04" + bytes(64)


def upload(name: str, content: bytes, kind: str | None = None) -> SimpleUploadedFile:
    told = TYPES.get(name.rpartition(".")[2].lower(), "") if kind is None else kind
    return SimpleUploadedFile(name, content, told)


def packed(parts: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(parts: dict[str, str] | None = None) -> bytes:
    return packed({CONTENT_TYPES: "<Types/>", "word/document.xml": "<x/>"} | (parts or {}))


def relationship(kind: str, target: str, mode: str = "External") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'
        "</Relationships>"
    )


def pdf(objects: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj << " + objects + b" >> endobj\n%%EOF"


def pdf_packed(objects: bytes) -> bytes:
    """A PDF whose objects stand in a compressed object stream."""
    body = zlib.compress(objects)
    head = b"%%PDF-1.7\n1 0 obj << /Type /ObjStm /Length %d >>\nstream\n" % len(body)
    return head + body + b"\nendstream endobj\n%%EOF"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), *, place: bool = False) -> bytes:
    """A picture; with `place` it says in EXIF where it was taken and by whom."""
    out = io.BytesIO()
    exif = Picture.Exif()
    if place:
        exif[0x8825] = {1: "N", 2: (21.0, 1.0, 42.0)}
        exif[0x013B] = "Nguyễn Văn A"
    Picture.new("RGB", size, "red").save(out, kind, exif=exif)
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Picture.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def infected_pdf() -> bytes:
    return PDF + EICAR
