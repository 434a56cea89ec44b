"""Pictures people send: made smaller where a form asks for it, and freed of what the camera knows of the place."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

#: A picture that unpacks to more pixels than this is a bomb or a mistake.
MOST_PIXELS = 80_000_000
QUALITY = 85
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


class BrokenImage(Exception):
    """The picture can't be opened."""


def shrunk(content: bytes, media_type: str, most: int) -> bytes:
    """Give the picture upright, without EXIF and notes, at most `most` pixels on its longer side; or BrokenImage."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BrokenImage
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((most, most), Image.Resampling.LANCZOS)
            return _written(picture, FORMATS[media_type])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BrokenImage from error


def _written(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "JPEG":
        whole = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        whole.save(buffer, kind, quality=QUALITY, optimize=True, exif=b"", comment=b"")
    else:
        picture.save(buffer, kind, optimize=True)
    return buffer.getvalue()
