"""Images of the library: what a camera writes about its owner never stays in the file."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from portal.protection.pictures import drawn_anew

from .kept_files import is_kept


class ImageForm(BaseImageForm):
    """Strips place, camera and owner from an upload; the picture is turned as it was seen."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if self.instance.pk and is_kept(self.instance):
            raise ValidationError(
                _(
                    "This picture is in use or was public, so it is not exchanged (Art. 8.5). "
                    "Add the new one as a new picture and choose it in the page."
                )
            )
        return without_metadata(file)


def without_metadata(file: UploadedFile) -> UploadedFile:
    """The same picture under the same name, with nothing about who took it."""
    clean = ContentFile(drawn_anew(file), name=file.name)
    for name in ("image", "content_type"):
        if hasattr(file, name):
            setattr(clean, name, getattr(file, name))
    return clean
