"""What machines are told of a page: Dublin Core, Open Graph and schema.org from one source.

Dublin Core as Circular 24/2011/TT-BTTTT asks: title, creator, date, description,
publisher, identifier; language and source where there are any.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

PUBLISHER = "Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"
ATTRIBUTION = f"Nguồn: {PUBLISHER}"
ORGANISATION = {
    "@type": "GovernmentOrganization",
    "name": "Ủy ban nhân dân thành phố Hà Nội",
    "alternateName": "Hanoi People's Committee",
    "url": settings.BASE_URL + "/",
    "areaServed": {"@type": "City", "name": "Hà Nội"},
}
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Metadata:
    """One page for machines; `more` are properties of its own schema.org type."""

    title: str
    description: str
    url: str
    language: str
    creator: str = PUBLISHER
    published: datetime | date | None = None
    modified: datetime | None = None
    source: str = ""
    image: str = ""
    schema_type: str = "WebPage"
    more: dict[str, object] = field(default_factory=dict)

    @property
    def is_article(self) -> bool:
        return self.schema_type == "NewsArticle"

    def json_ld(self) -> SafeString:
        """The page in schema.org's words, safe inside a script element."""
        data: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": self.schema_type,
            "name": self.title,
            "description": self.description,
            "url": self.url,
            "inLanguage": self.language,
            "publisher": ORGANISATION,
            "creditText": ATTRIBUTION,
            "isAccessibleForFree": True,
        }
        if self.published:
            data["datePublished"] = self.published.isoformat()
        if self.modified:
            data["dateModified"] = self.modified.isoformat()
        if self.image:
            data["image"] = self.image
        return as_json_ld({**data, **self.more})


def as_json_ld(data: dict[str, object]) -> SafeString:
    """JSON that no text in it can break out of."""
    text = json.dumps(data, ensure_ascii=False, default=str).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 every < > & is escaped above
