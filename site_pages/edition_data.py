"""The open figures of a published report, described for machines."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.reporting.extras import DATA, NAMES
from portal.reporting.models import Edition

from .metadata import ORGANISATION


def described_edition(edition: Edition) -> dict[str, object]:
    """The figures of a published report in the words of schema.org."""
    base = settings.BASE_URL
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": edition.title,
        "description": _("Figures of the report after small groups were hidden."),
        "identifier": edition.code,
        "url": f"{base}/bao-cao/{edition.code}/",
        "license": base + reverse("open_data"),
        "creator": ORGANISATION,
        "datePublished": edition.published_at.date().isoformat(),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": NAMES[file.kind][1].partition(";")[0],
                "contentSize": str(file.size),
                "contentUrl": base
                + reverse("edition_data", args=[edition.code, NAMES[file.kind][0]]),
            }
            for file in edition.files.all()
            if file.kind in DATA
        ],
    }
