"""Documents of the library: what readers had is not exchanged under the same address."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from . import uploads
from .kept_files import is_kept


class DocumentForm(uploads.DocumentForm):
    """Wagtail deletes the old file when a new one is uploaded in its place (Art. 8.5)."""

    def clean_file(self) -> UploadedFile:
        file = super().clean_file()
        if isinstance(file, UploadedFile) and self.instance.pk and is_kept(self.instance):
            raise ValidationError(
                _(
                    "This file is in use or was public, so it is not exchanged (Art. 8.5). "
                    "Add the new one as a new file and choose it in the page."
                )
            )
        return file
