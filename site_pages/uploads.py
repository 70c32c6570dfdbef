"""What editors upload: a file is what its name says it is."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from portal.protection.file_kinds import check_content


class DocumentForm(BaseDocumentForm):
    """Wagtail's form, with a look at the content."""

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            check_content(file)
        return file
