"""Drawn pictures and made files, so that the demonstration shows nobody and quotes nothing."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture
from PIL import ImageDraw
from wagtail.documents.models import Document
from wagtail.images.models import Image

from portal import clock
from portal.reporting.pdf import to_pdf

SIZE = (1600, 900)
PAPER, INK, LACQUER, BLUE, GREEN, SAND = (
    "#f4f1ea",
    "#3a3936",
    "#8e1b16",
    "#0a4b85",
    "#1f5f5b",
    "#d9cfc0",
)


def _person(draw: ImageDraw.ImageDraw, x: int, foot: int, colour: str) -> None:
    draw.ellipse((x - 34, foot - 330, x + 34, foot - 262), fill="#e2c3a1")
    draw.rounded_rectangle((x - 62, foot - 250, x + 62, foot), radius=40, fill=colour)


def _counter(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 640, 1600, 900), fill=SAND)
    draw.rectangle((180, 120, 1420, 220), fill=LACQUER)
    for x, colour in ((420, GREEN), (800, BLUE), (1180, GREEN)):
        _person(draw, x, 660, colour)
    draw.rectangle((120, 560, 1480, 760), fill="#fff", outline=INK, width=4)
    for x in (330, 710, 1090):
        draw.rectangle((x, 500, x + 180, 600), fill=INK)
        draw.rectangle((x + 10, 510, x + 170, 590), fill="#cfe0ee")
    for x, colour in ((560, LACQUER), (950, INK)):
        _person(draw, x, 900, colour)


def _bridge(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 620, 1600, 900), fill="#b9c9cc")
    draw.rectangle((0, 520, 1600, 548), fill=INK)
    for left in range(-80, 1600, 320):
        peak = left + 160
        draw.line((left, 520, peak, 300, left + 320, 520), fill=LACQUER, width=16)
        for step in range(40, 320, 40):
            top = 300 + abs(160 - step) * 220 / 160
            draw.line((left + step, top, left + step, 520), fill=LACQUER, width=5)
        draw.rectangle((left - 24, 548, left + 24, 680), fill="#77736b")
    for y in range(700, 880, 40):
        draw.line((0, y, 1600, y), fill="#a7babd", width=3)


def _papers(draw: ImageDraw.ImageDraw) -> None:
    noise = random.Random(6)  # noqa: S311 a drawing, not a secret
    for left in (200, 560, 920):
        draw.rectangle((left + 14, 164, left + 334, 744), fill=SAND)
        draw.rectangle((left, 150, left + 320, 730), fill="#fff", outline=INK, width=3)
        draw.rectangle((left + 40, 190, left + 280, 214), fill=LACQUER)
        for y in range(260, 640, 34):
            end = left + noise.randint(160, 284)
            draw.rectangle((left + 40, y, end, y + 10), fill="#c9c5bc")
        draw.ellipse((left + 210, 630, left + 280, 700), outline=LACQUER, width=6)


DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "quay-mot-cua": _counter,
    "cau": _bridge,
    "ho-so": _papers,
}


def jpeg(name: str) -> bytes:
    canvas = Picture.new("RGB", SIZE, PAPER)
    DRAWINGS[name](ImageDraw.Draw(canvas))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def image(name: str, title: str) -> Image:
    """The drawing as an image of the library, drawn once."""
    found = Image.objects.filter(title=title).first()
    if found:
        return found
    return Image.objects.create(
        title=title,
        file=ImageFile(io.BytesIO(jpeg(name)), name=f"{name}.jpg"),
        focal_point_x=SIZE[0] // 2,
        focal_point_y=SIZE[1] // 2,
        focal_point_width=400,
        focal_point_height=400,
    )


def paper(name: str, title: str, sentences: list[str]) -> Document:
    """A PDF of one page that says it is an illustration."""
    found = Document.objects.filter(title=title).first()
    if found:
        return found
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    html = (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>@font-face{font-family:Tinos;src:url(bundled:Tinos-Regular.ttf)}"
        "@page{size:A4;margin:25mm}body{font:14pt/1.5 Tinos}h1{font-size:16pt}</style></head>"
        f"<body><h1>{title}</h1>{text}</body></html>"
    )
    made = Document(title=title)
    made.file.save(f"{name}.pdf", ContentFile(to_pdf(html, now=clock.now())))
    made.get_file_size()
    made.get_file_hash()
    return made
