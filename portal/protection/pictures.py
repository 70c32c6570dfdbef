"""Pictures drawn anew: what a camera writes about its owner never stays in the file."""

from __future__ import annotations

import io
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image as Picture
from PIL import ImageOps

# A picture without loss where the format knows it, hardly any where it does not.
_SAVED = {
    "JPEG": {"quality": 92, "subsampling": "4:2:0", "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 92},
    "GIF": {},
}
# Phones write JPEG with further pictures behind the first (depth, HDR), all with metadata.
_AS_JPEG = {"MPO"}
# What belongs to the picture and not to who took it.
_KEPT = ("transparency",)


def drawn_anew(file: IO[bytes]) -> bytes:
    """The same picture as it was seen, without EXIF, GPS, XMP or comments."""
    file.seek(0)
    try:
        picture = Picture.open(file)
        format_name = "JPEG" if picture.format in _AS_JPEG else picture.format or ""
        moves = getattr(picture, "is_animated", False) and picture.format not in _AS_JPEG
        if format_name not in _SAVED or moves:
            raise ValidationError(
                _("Moving pictures are not taken: upload a still picture, or a film as a video.")
            )
        return _written(picture, format_name)
    except (OSError, SyntaxError, ValueError, Picture.DecompressionBombError):
        raise ValidationError(
            _("The picture cannot be read to its end. Open it on your computer and save it anew.")
        ) from None


def _written(picture: Picture.Image, format_name: str) -> bytes:
    profile = picture.info.get("icc_profile")
    turned = ImageOps.exif_transpose(picture)
    turned.info = {name: turned.info[name] for name in _KEPT if name in turned.info}
    out = io.BytesIO()
    extra = {"icc_profile": profile} if profile else {}
    turned.save(out, format_name, **_SAVED[format_name], **extra)
    return out.getvalue()
