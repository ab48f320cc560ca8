"""Photographs in HEIC become JPEGs: up to the largest that phones make, as they look, or with a sentence why not."""

import io
import threading
from functools import cache
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms

from ita_core import language
from ita_core.evidence import inspect
from ita_core.evidence.examine.heic import MOST_PIXELS
from ita_core.evidence.folder import Folder
from ita_core.evidence.inspect import Broken, TooManyPixels
from tests import files

ORIENTATION = 0x112


@cache
def large(width: int, height: int) -> bytes:
    """One colour in tiles, as iPhones keep their photographs; coded as quickly as can be."""
    made = io.BytesIO()
    picture = pillow_heif.from_pillow(Image.new("RGB", (width, height), "teal"))
    picture.save(made, quality=10, enc_params={"preset": "ultrafast"}, tile_size=1024)
    return made.getvalue()


@pytest.mark.parametrize(("width", "height"), [(8064, 6048), (10_000, 6_000)], ids=["an iPhone's", "the largest"])
def test_the_largest_photographs_are_made_into_jpegs(store: Folder, width: int, height: int):
    assert width * height <= MOST_PIXELS
    kept = store.put([large(width, height)], "ไอโฟน.heic")
    with Image.open(store.verified(kept.sha256)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (width, height))


def test_a_larger_one_is_refused_with_what_to_do(store: Folder):
    language.use("th")
    with pytest.raises(TooManyPixels, match=r"“ไอโฟน\.heic” มีภาพที่ความละเอียดสูงเกินไป โปรดลดขนาดภาพแล้วส่งใหม่"):
        store.put([large(10_016, 6_000)], "ไอโฟน.heic")


def photograph(exif: bytes | None = None, **info: bytes) -> bytes:
    """Blue above, red below; turned as `exif` says, as iPhones write it: in the file's own words and in its EXIF."""
    picture = Image.new("RGB", (64, 48), "blue")
    picture.paste("red", (0, 24, 64, 48))
    picture.info.update(info)
    made = io.BytesIO()
    pillow_heif.from_pillow(picture).save(made, quality=90, exif=exif)
    return made.getvalue()


def made_of(store: Folder, content: bytes) -> Image.Image:
    return Image.open(store.verified(store.put([content], "ไอโฟน.heic").sha256))


def test_the_colours_are_those_of_the_camera_s_own_profile(store: Folder):
    """An iPhone's are of a wider kind: without their profile every screen shows them pale."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with made_of(store, photograph(icc_profile=profile)) as picture:
        assert picture.info["icc_profile"] == profile
    with made_of(store, photograph()) as picture:
        assert "icc_profile" not in picture.info


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_stands_upright_once_and_is_not_turned_again(store: Folder, orientation: int):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    with made_of(store, photograph(exif.tobytes())) as picture:
        assert picture.getexif().get(ORIENTATION, 1) == 1
        assert picture.size == ((64, 48) if orientation == 3 else (48, 64))
        blue = {3: (32, 40), 6: (40, 32), 8: (8, 32)}[orientation]
        assert picture.getpixel(blue)[2] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    "exif",
    [b"MM\0*\0\0", b"II*\0\x08\0\0\0\x01\0\x12\x01\x05\0\x01\0\0\0\x1a\0\0\0\0\0\0\0" + b"\1\0\0\0\0\0\0\0"],
    ids=["cut short", "a fraction for the orientation"],
)
def test_what_is_said_of_the_photograph_in_no_order_is_a_broken_file(store: Folder, exif: bytes):
    with pytest.raises(Broken):
        store.put([photograph(b"Exif\0\0" + exif)], "ไอโฟน.heic")


def test_photographs_are_decoded_one_at_a_time_and_no_other_file_waits_for_them(look, tmp_path: Path):
    """Each may take a gigabyte of memory: many at once must not."""
    (tmp_path / "a.heic").write_bytes(files.heic())
    made: list[bytes] = []
    other = threading.Thread(target=lambda: made.append(inspect.jpeg_of(tmp_path / "a.heic", "a.heic")))
    with inspect._photographs:
        other.start()
        assert look(files.picture("JPEG"), "a.jpg")
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    assert made[0].startswith(b"\xff\xd8\xff")
