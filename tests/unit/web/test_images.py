"""Pictures made smaller."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from web.ui.images import BrokenImage, shrunk

ORIENTATION, GPS = 0x0112, 0x8825


def picture(kind: str, size: tuple[int, int] = (800, 400), mode: str = "RGB", turned: int = 1) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[GPS] = {1: "N", 2: (50.0, 5.0, 0.0)}
    Image.new(mode, size, "red").save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_gets_as_big_as_asked_and_forgets_where_it_was_taken(kind: str, media_type: str) -> None:
    with Image.open(io.BytesIO(shrunk(picture(kind), media_type, 200))) as made:
        assert made.size == (200, 100)
        assert made.format == kind
        assert not made.getexif()


def test_a_picture_forgets_what_was_noted_in_it() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(buffer, "JPEG", comment=b"Dlouha 5")
    assert b"Dlouha 5" not in shrunk(buffer.getvalue(), "image/jpeg", 200)


def test_a_picture_taken_on_its_side_stands_upright() -> None:
    with Image.open(io.BytesIO(shrunk(picture("JPEG", turned=6), "image/jpeg", 200))) as made:
        assert made.size == (100, 200)


def test_a_small_picture_stays_as_big_as_it_is() -> None:
    with Image.open(io.BytesIO(shrunk(picture("PNG", (10, 10), "RGBA"), "image/png", 200))) as made:
        assert made.size == (10, 10)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff broken", picture("JPEG")[:300], picture("PNG")])
def test_what_is_no_such_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenImage):
        shrunk(content, "image/jpeg", 200)


def test_a_picture_of_too_many_pixels_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    Image.new("1", (10_000, 8_100)).save(buffer, "PNG")
    with pytest.raises(BrokenImage):
        shrunk(buffer.getvalue(), "image/png", 200)
