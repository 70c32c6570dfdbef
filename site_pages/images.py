"""Images of the library: what a camera writes about its owner never stays in the file."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image as Picture
from PIL import ImageOps
from wagtail.images.forms import BaseImageForm

# A picture without loss where the format knows it, hardly any where it does not.
_SAVED = {
    "JPEG": {"quality": 92, "subsampling": "4:2:0", "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 92},
}


class ImageForm(BaseImageForm):
    """Strips place, camera and owner from an upload; the picture is turned as it was seen."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            return without_metadata(file)
        return file


def without_metadata(file: UploadedFile) -> UploadedFile:
    """The same picture under the same name, without EXIF, GPS, XMP or comments."""
    file.seek(0)
    picture = Picture.open(file)
    format_name = picture.format or ""
    if format_name not in _SAVED or getattr(picture, "is_animated", False):
        file.seek(0)
        return file
    profile = picture.info.get("icc_profile")
    turned = ImageOps.exif_transpose(picture)
    turned.info = {}
    out = io.BytesIO()
    extra = {"icc_profile": profile} if profile else {}
    turned.save(out, format_name, **_SAVED[format_name], **extra)
    clean = ContentFile(out.getvalue(), name=file.name)
    for name in ("image", "content_type"):
        if hasattr(file, name):
            setattr(clean, name, getattr(file, name))
    return clean
