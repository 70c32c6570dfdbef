"""Legal documents, what joins them, and what is imported."""

from .documents import (
    DocumentFile,
    DocumentRelation,
    DocumentsPage,
    LegalDocumentPage,
    LegalDocumentQuerySet,
    WithoutLeadingZeros,
    index_changed,
    index_changed_by,
)
from .imports import DocumentImport, ImportState
from .vocabulary import (
    DocumentType,
    Force,
    Level,
    RelationKind,
)

__all__ = [
    "DocumentFile",
    "DocumentImport",
    "DocumentRelation",
    "DocumentType",
    "DocumentsPage",
    "Force",
    "ImportState",
    "LegalDocumentPage",
    "LegalDocumentQuerySet",
    "Level",
    "RelationKind",
    "WithoutLeadingZeros",
    "index_changed",
    "index_changed_by",
]
