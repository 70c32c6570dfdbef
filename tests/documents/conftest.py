"""The register, empty."""

from __future__ import annotations

import pytest

from documents.models import DocumentsPage
from site_pages import tree


@pytest.fixture
def register(db) -> DocumentsPage:
    tree.lay()
    return DocumentsPage.objects.get(locale__language_code="vi")
