"""Films that suppliers send: judged by what is in the file, kept under a random name, never played by us.

    film = form.cleaned_data["film"]                  # FilmField: a Film or none
    with kept_film(film, folder="goods", at=now) as path:
        …                                             # write the row with this path; a refusal drops the file

A film is not drawn anew as photos are, since nothing here can decode one. Its boxes are read to the end instead: it has
to be an MP4 or a WebM with a picture track that browsers play, and what a phone writes down beside it (place, device)
is blanked out. It is served as what it was judged to be, with `nosniff`.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from mall.core.ids import SHANGHAI

BYTES_MAX = 50 * 1024 * 1024
SECONDS_MAX = 180
ACCEPT = "video/mp4,video/webm"
BOXES_MAX, DEPTH_MAX = 4_000, 8
# What stands for "some MP4" in a file's first box. QuickTime (`qt  `) is another container, which not all play.
_BRANDS = {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
_CODECS = {b"avc1", b"avc3", b"av01", b"vp09"}
_NESTED = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_TOLD = {b"udta", b"meta", b"uuid"}
_EBML, _SEGMENT, _DOC_TYPE = 0x1A45DFA3, 0x18538067, 0x4282


class FilmRefused(Exception):
    """A file that is not kept as a film. The text is for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film as it is kept; `suffix` is what it was judged to be."""

    content: bytes = field(repr=False)
    suffix: str


def take_film(upload: UploadedFile) -> Film:
    """Judge an upload by its content and return it; its name and the type that came with it are not looked at.

    Raises FilmRefused.
    """
    if not upload.size:
        raise FilmRefused(_("视频是空的，请换一个"))
    if upload.size > BYTES_MAX:
        raise FilmRefused(_("视频超过 50MB，请压缩后再传"))
    upload.seek(0)
    content = bytearray(upload.read(BYTES_MAX + 1))
    try:
        suffix = "mp4" if content[4:8] == b"ftyp" else "webm"
        if suffix == "mp4":
            _judge_mp4(content)
        else:
            _judge_webm(content)
    except (_Broken, IndexError) as broken:
        raise FilmRefused(_("这个文件不是完好的 MP4 或 WebM 视频，请换一个")) from broken
    return Film(bytes(content), suffix)


@contextmanager
def kept_film(film: Film | None, *, folder: str, at: datetime) -> Iterator[str]:
    """Write a film under a random name and give its path; where the block raises, the file is dropped again. Without a
    film the path is empty."""
    if film is None:
        yield ""
        return
    storage = storages["default"]
    name = f"{folder}/{at.astimezone(SHANGHAI):%y%m}/{secrets.token_hex(16)}.{film.suffix}"
    path = storage.save(name, ContentFile(film.content))
    try:
        yield path
    except BaseException:
        storage.delete(path)
        raise


def film_type(path: str) -> str:
    """Return the content type of a kept film by its path, or an empty string for anything else."""
    return {"mp4": "video/mp4", "webm": "video/webm"}.get(path.rpartition(".")[2], "")


class FilmField(forms.FileField):
    """One film; cleans to a Film, or to none where none came."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput({"accept": ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Film | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return take_film(upload)
        except FilmRefused as refusal:
            raise forms.ValidationError(str(refusal), code="film") from refusal


class _Broken(Exception):
    """The file ends too early, or says of itself what cannot be."""


@dataclass(slots=True)
class _Seen:
    """What was found in an MP4."""

    kinds: set[bytes] = field(default_factory=set)
    handlers: set[bytes] = field(default_factory=set)
    codecs: set[bytes] = field(default_factory=set)
    seconds: int | None = None
    boxes: int = 0


def _judge_mp4(content: bytearray) -> None:
    """Walk all boxes (ISO/IEC 14496-12) and blank out what they tell beside the film."""
    seen = _Seen()
    _walk(content, 0, len(content), seen, depth=0)
    whole = seen.kinds >= {b"ftyp", b"moov", b"mdat"} and _brands(content) & _BRANDS
    if not whole or seen.seconds is None:
        raise _Broken
    if b"vide" not in seen.handlers:
        raise FilmRefused(_("这个文件里没有画面，请换一个视频"))
    if not seen.codecs & _CODECS:
        raise FilmRefused(_("这种视频编码很多手机放不出来，请导出为 H.264（AVC）的 MP4"))
    if seen.seconds > SECONDS_MAX:
        raise FilmRefused(_("视频超过 3 分钟，请剪短后再传"))


def _walk(content: bytearray, start: int, end: int, seen: _Seen, depth: int) -> None:
    while start < end:
        seen.boxes += 1
        kind, body, after = _box(content, start, end)
        if seen.boxes > BOXES_MAX or depth > DEPTH_MAX:
            raise _Broken
        seen.kinds.add(kind)
        if kind in _TOLD:
            # As a box that is skipped: the places of all others stay as they are.
            content[start + 4 : start + 8] = b"free"
            content[body:after] = bytes(after - body)
        elif kind in _NESTED:
            _walk(content, body, after, seen, depth + 1)
        elif kind == b"mvhd":
            seen.seconds = _seconds(content, body, after)
        elif kind == b"hdlr":
            seen.handlers.add(bytes(content[body + 8 : body + 12]))
        elif kind == b"stsd":
            seen.codecs.add(bytes(content[body + 12 : body + 16]))
        start = after


def _box(content: bytearray, start: int, end: int) -> tuple[bytes, int, int]:
    """Return the kind of the box at `start`, where its body begins and where it ends."""
    if end - start < 8:
        raise _Broken
    size, kind, body = _number(content, start, 4), bytes(content[start + 4 : start + 8]), start + 8
    if size == 1:
        size, body = _number(content, start + 8, 8), start + 16
    elif size == 0:
        size = end - start
    after = start + size
    if not body <= after <= end:
        raise _Broken
    return kind, body, after


def _brands(content: bytearray) -> set[bytes]:
    _kind, body, after = _box(content, 0, len(content))
    listed = [body, *range(body + 8, after - 3, 4)]
    return {bytes(content[at : at + 4]) for at in listed}


def _seconds(content: bytearray, body: int, after: int) -> int:
    """Return how long a film is by its header: of the first version, or of the second with 64 bits."""
    wide = content[body] == 1
    scale_at, width = (body + 20, 8) if wide else (body + 12, 4)
    if scale_at + 4 + width > after:
        raise _Broken
    scale = _number(content, scale_at, 4)
    if not scale:
        raise _Broken
    return _number(content, scale_at + 4, width) // scale


def _number(content: bytearray, at: int, width: int) -> int:
    if at + width > len(content):
        raise _Broken
    return int.from_bytes(content[at : at + width], "big")


def _judge_webm(content: bytearray) -> None:
    """Read the EBML header (RFC 8794): its document type has to be `webm`, and a segment follows it."""
    kind, body, after = _element(content, 0)
    if kind != _EBML:
        raise _Broken
    doc_type = b""
    while body < after:
        inner, start, body = _element(content, body)
        if inner == _DOC_TYPE:
            doc_type = bytes(content[start:body]).rstrip(b"\0")
    if doc_type != b"webm" or _element(content, after, may_be_open=True)[0] != _SEGMENT:
        raise _Broken


def _element(content: bytearray, at: int, *, may_be_open: bool = False) -> tuple[int, int, int]:
    """Return an element's id, where its body begins and where it ends."""
    id_width = _width(content, at)
    size_at = at + id_width
    size_width = _width(content, size_at)
    mask = (1 << (7 * size_width)) - 1
    size = _number(content, size_at, size_width) & mask
    body = size_at + size_width
    if size == mask and may_be_open:
        size = len(content) - body
    if body + size > len(content):
        raise _Broken
    return _number(content, at, id_width), body, body + size


def _width(content: bytearray, at: int) -> int:
    """Return how many bytes a number of EBML has: as many as its first byte has leading zeros, and one."""
    first = content[at]
    if not first:
        raise _Broken
    return 9 - first.bit_length()
