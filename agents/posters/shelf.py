"""Keeps posters as files, each under a digest of all that stands on it, and forgets those that nobody looks at."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages

from .drawing import VERSION, Poster, draw

KEPT_DAYS = 7
# A file that is looked at is touched, but not each time.
TOUCH_AGAIN = timedelta(hours=12)
FILES_MAX = 50_000
# How many new posters one member may have drawn in a minute.
DRAWN_A_MINUTE_MAX = 20


class TooManyPosters(Exception):
    """One member has too many posters drawn at once."""


def digest_of(poster: Poster) -> str:
    """Return the name under which a poster is kept."""
    return hashlib.sha256(repr((VERSION, sorted(asdict(poster).items()))).encode()).hexdigest()


def drawn(poster: Poster, *, member_id: int, at: datetime) -> bytes:
    """Return a poster, as it was kept or drawn now. Raises TooManyPosters."""
    path = _path(digest_of(poster))
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    if content:
        if at.timestamp() - path.stat().st_mtime > TOUCH_AGAIN.total_seconds():
            _touch(path, at)
        return content
    _count(member_id, at)
    content = draw(poster, {name: _picture(name) for name in poster.pictures})
    _write(path, content)
    _touch(path, at)
    return content


def sweep(*, at: datetime) -> int:
    """Delete posters that nobody has looked at for KEPT_DAYS, and the oldest beyond FILES_MAX. Returns how many."""
    files = sorted(_files(), key=lambda found: found[0])
    oldest = (at - timedelta(days=KEPT_DAYS)).timestamp()
    gone = [path for place, (age, path) in enumerate(files) if age < oldest or place < len(files) - FILES_MAX]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def root() -> Path:
    """Return the folder of the posters, beside other files that no proxy serves."""
    return Path(settings.PRIVATE_ROOT) / "posters"


def _path(digest: str) -> Path:
    return root() / digest[:2] / f"{digest[2:]}.jpg"


def _files() -> Iterator[tuple[float, Path]]:
    for path in root().glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            yield path.stat().st_mtime, path


def _picture(name: str) -> bytes:
    storage = storages["default"]
    if not storage.exists(name):
        return b""
    with storage.open(name) as file:
        content: bytes = file.read()
    return content


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: two who draw the same write the same."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(8)}.part")
    part.write_bytes(content)
    part.replace(path)


def _touch(path: Path, at: datetime) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.utime(path, (at.timestamp(), at.timestamp()))


def _count(member_id: int, at: datetime) -> None:
    key = f"posters.{member_id}.{int(at.timestamp()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > DRAWN_A_MINUTE_MAX:
        raise TooManyPosters
