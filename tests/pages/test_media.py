"""Films of the media folder are sent in the parts that players ask for, as nothing but films."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

CONTENT = bytes(range(256)) * 400
FILM = "/media/goods/2611/film.mp4"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    film = tmp_path / "goods/2611/film.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(CONTENT)
    (tmp_path / "goods/2611/picture.webp").write_bytes(b"RIFF")
    return tmp_path


def test_a_whole_film_is_a_film_and_nothing_else(client: Client) -> None:
    answer = client.get(FILM)
    assert (answer.status_code, answer.getvalue()) == (200, CONTENT)
    assert answer["Content-Type"] == "video/mp4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Accept-Ranges"] == "bytes"
    assert client.get("/media/goods/2611/picture.webp")["Content-Type"] == "image/webp"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=70000-99999999", 70_000, len(CONTENT) - 1),
        ("bytes=-10", len(CONTENT) - 10, len(CONTENT) - 1),
        (f"bytes=-{len(CONTENT) * 2}", 0, len(CONTENT) - 1),
    ],
)
def test_a_part_is_sent_as_it_was_asked_for(client: Client, asked: str, first: int, last: int) -> None:
    answer = client.get(FILM, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert answer.getvalue() == CONTENT[first : last + 1]
    assert client.head(FILM, headers={"Range": asked}).getvalue() == b""


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there_is_refused(client: Client, asked: str) -> None:
    answer = client.get(FILM, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=٣-٤"])
def test_what_is_no_part_gets_the_whole(client: Client, asked: str) -> None:
    answer = client.get(FILM, headers={"Range": asked})
    assert (answer.status_code, answer.getvalue()) == (200, CONTENT)


@pytest.mark.parametrize(
    "path", ["goods/none.mp4", "../settings.mp4", "goods/2611/film.mp4/x.mp4", "goods.mp4", "%00.mp4"]
)
def test_there_is_nothing_outside_the_folder(client: Client, folder: Path, path: str) -> None:
    (folder.parent / "settings.mp4").write_bytes(b"secret")
    assert client.get(f"/media/{path}").status_code == 404
