"""PDF for reading (tagged PDF/UA-1) and for the archive (PDF/A-3a with files inside).

Tinos is embedded; nothing is fetched but bundled files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone
from PIL import ImageFile
from weasyprint import Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .drawing import Paper, nothing_collected
from .tagging import finish

# WeasyPrint turns this on for the whole process; an upload that breaks off is not whole.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FOLDER = Path(__file__).parent / "fonts"
SCHEME = "bundled:"


class RefusedURL(ValueError):
    """The document asked for something that is not bundled."""


class BundledOnly(URLFetcher):
    """Serves `bundled:NAME` from the fonts folder and refuses every other address."""

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        path = FOLDER / url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or path.parent != FOLDER or not path.is_file():
            raise RefusedURL(url[:200])
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF, whose data the document shows (AFRelationship Data)."""

    name: str
    content: bytes
    description: str


def to_pdf(
    html: str, *, now: datetime, variant: str = "pdf/ua-1", attached: Sequence[Attached] = ()
) -> bytes:
    """Render a whole HTML document; its <title> and lang become the PDF's.

    The same text, files and `now` give the same bytes.
    """
    stamp = timezone.localtime(now).isoformat(timespec="seconds")
    dated = html.replace(
        "</head>",
        f'<meta name="dcterms.created" content="{stamp}">'
        f'<meta name="dcterms.modified" content="{stamp}"></head>',
        1,
    )
    identity = hashlib.sha256(dated.encode())
    for file in attached:
        identity.update(hashlib.sha256(file.content).digest())
    with nothing_collected():
        document = Paper(string=dated, base_url=SCHEME, url_fetcher=BundledOnly())
        return document.write_pdf(
            finisher=finish,
            pdf_variant=variant,
            pdf_identifier=identity.digest()[:16],
            font_config=FontConfiguration(),
            attachments=[_attachment(file, now) for file in attached] or None,
        )


def _attachment(file: Attached, now: datetime) -> Attachment:
    moment = now.astimezone(UTC)
    return Attachment(
        string=file.content,
        base_url=SCHEME,
        url_fetcher=BundledOnly(),
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )
