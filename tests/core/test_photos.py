"""What is kept of a file that somebody sends as a photo."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from mall.core.photos import (
    BYTES_MAX,
    KEPT_SIDE,
    PhotoRefused,
    PhotosField,
    drop_photos,
    kept_photos,
    photo_url,
    private_photo,
    take_photo,
)
from tests.factories import AT

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _folders(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "file_permissions_mode": 0o600},
        },
    }


def sent(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def drawn(kind: str = "JPEG", *, size=(40, 30), mode: str = "RGB", colour="crimson", **options) -> bytes:
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def kept(content: bytes) -> Image.Image:
    photo = take_photo(sent(content))
    found = Image.open(BytesIO(photo.content))
    found.load()
    assert found.format == "WEBP"
    assert found.size == (photo.width, photo.height)
    return found


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_head(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def declared_huge() -> bytes:
    return png_head(50_000, 50_000) + chunk(b"IDAT", zlib.compress(b"\x00\x00\x00\x00")) + chunk(b"IEND", b"")


def zipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", drawn())
    return file.getvalue()


REFUSED = {
    "nothing": b"",
    "a 1×1 PNG that declares 50,000 × 50,000": declared_huge(),
    "a PNG one row higher than a side may be": png_head(1, 16_001) + chunk(b"IEND", b""),
    "a GIF that is HTML too": drawn("GIF", mode="P", colour=0) + b"<html><script>alert(1)</script></html>",
    "HTML that begins as a GIF": b"GIF89a/*<html><script>alert(1)</script>*/",
    "an SVG": SVG,
    "an SVG with an XML head": b'<?xml version="1.0"?>' + SVG,
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "a zip": zipped(),
    "a JPEG cut short": drawn(size=(400, 300), quality=95)[:-400],
    "a PNG cut short": drawn("PNG", size=(400, 300))[:60],
    "a JPEG of two bytes": b"\xff\xd8",
    "a TIFF": drawn("TIFF"),
    "a BMP": drawn("BMP"),
    "an icon": drawn("ICO", size=(32, 32)),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(/etc/passwd) run\n",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a program": b"\x7fELF" + b"\x00" * 200,
    "a PNG whose text unpacks to 80 MB": png_head(1, 1)
    + chunk(b"zTXt", b"note\x00\x00" + zlib.compress(b"a" * 80_000_000))
    + chunk(b"IDAT", zlib.compress(b"\x00\x00\x00\x00"))
    + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_sound_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        take_photo(sent(content))


def test_twenty_megabytes_are_refused_unread() -> None:
    upload = sent(drawn() + b"\x00" * (20 * 1024 * 1024))
    with pytest.raises(PhotoRefused, match="10MB"):
        take_photo(upload)
    assert upload.tell() == 0
    assert take_photo(sent(drawn() + b"\x00" * (BYTES_MAX - 10_000)))


def test_neither_place_nor_words_of_a_photo_are_kept() -> None:
    exif = Image.Exif()
    exif[TiffImagePlugin.ARTIST] = "somebody"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (30.0, 14.0, 33.0)
    found = kept(drawn(exif=exif, comment=b"my house", icc_profile=b"\x00" * 200))
    assert dict(found.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & found.info.keys()

    words = PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    words.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>somebody</x:xmpmeta>")
    assert b"script" not in take_photo(sent(drawn("PNG", pnginfo=words))).content
    assert b"somebody" not in take_photo(sent(drawn("PNG", pnginfo=words))).content


def test_what_hangs_behind_a_photo_is_not_kept() -> None:
    content = take_photo(sent(drawn() + zipped() + SVG)).content
    assert b"PK\x03\x04" not in content
    assert b"<svg" not in content


def test_a_photo_stands_upright_and_is_made_smaller() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert kept(drawn(size=(4_000, 3_000), exif=exif)).size == (1_200, KEPT_SIDE)
    assert kept(drawn("PNG", size=(40, 30))).size == (40, 30)


def test_an_animation_becomes_its_first_picture() -> None:
    first, second = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    for kind in ("WEBP", "PNG"):
        file = BytesIO()
        first.save(file, kind, save_all=True, append_images=[second], duration=50)
        found = kept(file.getvalue())
        assert getattr(found, "n_frames", 1) == 1
        red, _green, blue = found.convert("RGB").getpixel((10, 10))
        assert red > 200 > 50 > blue


@pytest.mark.parametrize(
    ("kind", "mode", "colour"),
    [("JPEG", "CMYK", (0, 0, 0, 0)), ("JPEG", "L", 128), ("PNG", "P", 0), ("PNG", "I;16", 500), ("PNG", "1", 1)],
)
def test_photos_of_other_colour_systems_are_taken(kind: str, mode: str, colour: object) -> None:
    assert kept(drawn(kind, mode=mode, colour=colour)).mode == "RGB"


def test_what_was_transparent_is_white() -> None:
    assert kept(drawn("PNG", mode="RGBA", colour=(0, 0, 0, 0))).getpixel((5, 5)) == (255, 255, 255)


def test_neither_name_nor_type_of_the_file_matters(tmp_path) -> None:
    upload = SimpleUploadedFile("../../x.php", drawn("PNG"), "text/html")
    with kept_photos([take_photo(upload)], folder="evidence", at=AT, private=True) as names:
        pass
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".webp"]
    assert names[0].startswith("evidence/2611/")
    assert "x" not in names[0].rsplit("/", 1)[-1].removesuffix(".webp")
    assert (tmp_path / "private" / names[0]).stat().st_mode & 0o077 == 0


def test_a_refusal_leaves_no_file_behind(tmp_path) -> None:
    class Refused(Exception):
        pass

    def refuse(names: list[str]) -> None:
        assert len(set(names)) == 2
        raise Refused

    photos = [take_photo(sent(drawn()))] * 2
    with pytest.raises(Refused), kept_photos(photos, folder="reviews", at=AT) as names:
        refuse(names)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_private_photo_leaves_only_through_its_view(client) -> None:
    with kept_photos([take_photo(sent(drawn()))], folder="evidence", at=AT, private=True) as (name,):
        pass
    answer = private_photo(name)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(f"/media/{name}").status_code == 404
    assert client.get(f"/media/../private/{name}").status_code == 400
    for gone in ("", "evidence/2611/none.webp"):
        with pytest.raises(Http404):
            private_photo(gone)
    drop_photos([name], private=True)
    assert not storages["private"].exists(name)


def test_a_public_photo_has_an_address(client) -> None:
    with kept_photos([take_photo(sent(drawn()))], folder="reviews", at=AT) as (name,):
        pass
    assert photo_url(name) == f"/media/{name}"


def test_a_form_takes_several_photos_and_refuses_too_many() -> None:
    field = PhotosField(count_max=2, required=False)
    assert field.clean([]) == []
    assert field.clean(None) == []
    assert len(field.clean([sent(drawn()), sent(drawn("PNG"))])) == 2
    for wrong in ([sent(drawn())] * 3, [sent(drawn()), sent(SVG)]):
        with pytest.raises(Exception, match="图片"):
            field.clean(wrong)
    with pytest.raises(Exception, match="至少一张"):
        PhotosField().clean([])
