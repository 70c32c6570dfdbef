"""PDF for reading: tagged PDF/UA-1, Tinos embedded, nothing fetched but bundled files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

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


def to_pdf(html: str, *, now: datetime) -> bytes:
    """Render a whole HTML document; its <title> and lang become the PDF's.

    The same text and `now` give the same bytes.
    """
    stamp = timezone.localtime(now).isoformat(timespec="seconds")
    dated = html.replace(
        "</head>",
        f'<meta name="dcterms.created" content="{stamp}">'
        f'<meta name="dcterms.modified" content="{stamp}"></head>',
        1,
    )
    document = HTML(string=dated, base_url=SCHEME, url_fetcher=BundledOnly())
    return document.write_pdf(
        finisher=finish,
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(dated.encode()).digest()[:16],
        font_config=FontConfiguration(),
    )
