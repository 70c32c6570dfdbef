"""A QR code as inline SVG."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(url: str, title: str) -> SafeString:
    """The address as a QR code, titled for those who cannot see it."""
    out = BytesIO()
    segno.make(url, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        scale=3,
        title=title,
    )
    # segno escapes the title and writes numbers.
    return mark_safe(out.getvalue().decode())  # noqa: S308
