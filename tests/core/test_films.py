"""Films are judged by what is in the file, and a phone's notes beside it are blanked out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mall.core import films
from mall.core.films import FilmRefused, take_film
from tests.films import a_webm, an_mp4, box


def upload(content: bytes, name: str = "x.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (an_mp4(), "mp4"),
        (an_mp4(codec=b"av01", brand=b"iso6"), "mp4"),
        (a_webm(), "webm"),
    ],
    ids=["h264", "av1", "webm"],
)
def test_a_film_is_known_by_its_content_whatever_its_name_says(content: bytes, suffix: str) -> None:
    for name in ("a.exe", "a.html", "a.mp4", "a.webm"):
        film = take_film(upload(content, name))
        assert (film.suffix, film.content) == (suffix, content)


def test_what_a_phone_notes_beside_a_film_is_blanked_out_and_nothing_else_moves() -> None:
    told = b"+30.2741+120.1551/"
    plain = an_mp4(told=told)
    film = take_film(upload(plain))
    assert told not in film.content
    assert b"udta" not in film.content
    assert len(film.content) == len(plain)
    assert film.content.endswith(b"\x11" * 4_000)
    assert take_film(upload(film.content)).content == film.content


_WHOLE = an_mp4()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"ftyp",
        b"<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        _WHOLE[:-1],
        _WHOLE[:60],
        _WHOLE + b"x",
        _WHOLE + b"<script>alert(1)</script>",
        box(b"ftyp", b"isom", bytes(4), b"isom"),
        box(b"ftyp", b"isom", bytes(4), b"isom") + box(b"moov") + box(b"mdat"),
        an_mp4(brand=b"qt  "),
        an_mp4(brand=b"heic").replace(b"mp42", b"mif1"),
        an_mp4(handler=b"soun"),
        an_mp4(codec=b"hvc1"),
        an_mp4(seconds=181),
        _WHOLE.replace(b"mvhd", b"mvhe"),
        an_mp4().replace((1_000).to_bytes(4, "big"), bytes(4), 1),
        box(b"moov") * 5_000,
        a_webm(doc_type=b"matroska"),
        a_webm()[:10],
        bytes.fromhex("1A45DFA3") + b"\xff" + bytes(100),
        bytes.fromhex("1A45DFA3") + b"\x00" + bytes(100),
    ],
    ids=[
        *("empty", "one byte", "a word", "a page", "a picture", "cut short", "cut in its head", "a byte too many"),
        *("a page behind it", "a head alone", "no track", "quicktime", "a photo in boxes", "sound alone", "hevc"),
        *("too long", "no header", "no scale", "thousands of boxes", "matroska", "cut webm", "open head", "no width"),
    ],
)
def test_what_no_browser_would_play_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(FilmRefused) as refusal:
        take_film(upload(content))
    assert str(refusal.value)


def test_boxes_in_boxes_end_somewhere() -> None:
    content = b""
    for _ in range(2_000):
        content = box(b"moov", content)
    with pytest.raises(FilmRefused):
        take_film(upload(box(b"ftyp", b"isom", bytes(4), b"isom") + content))


def test_too_large_a_film_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "BYTES_MAX", 1_000)
    with pytest.raises(FilmRefused, match="50MB"):
        take_film(upload(an_mp4()))
