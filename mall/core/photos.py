"""Photos that people send: taken in by decoding and drawing them anew, so that nothing of the file itself is kept.

    photos = form.cleaned_data["photos"]              # PhotosField: a list of Photo
    with kept_photos(photos, folder="evidence", at=now, private=True) as names:
        …                                             # write the rows with these names; a refusal drops the files

Public photos lie in the media folder (`photo_url`). Private ones lie outside it and leave it only through a view that
has found the visitor's own row: `return private_photo(row.name)`.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from mall.core.ids import SHANGHAI

BYTES_MAX = 10 * 1024 * 1024
SIDE_MAX = 16_000
# A JPEG is decoded at a fraction of its size, the others whole: that much memory may a photo take.
PIXELS_MAX = {"JPEG": 64_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
KEPT_SIDE = 1_600
QUALITY = 82
COUNT_MAX = 9
ACCEPT = "image/jpeg,image/png,image/webp"
CONTENT_TYPE = "image/webp"

_decoding = BoundedSemaphore(2)


class PhotoRefused(Exception):
    """A file that is not kept as a photo. The text is for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo drawn anew: WebP, at most 1600 px a side, without a word of what the file said about itself."""

    content: bytes
    width: int
    height: int


def take_photo(upload: UploadedFile) -> Photo:
    """Decode an upload and return it drawn anew, upright, of an animation the first picture.

    The name and the type that came with the file are not looked at. Raises PhotoRefused.
    """
    if not upload.size:
        raise PhotoRefused(_("图片是空的，请换一张"))
    if upload.size > BYTES_MAX:
        raise PhotoRefused(_("图片超过 10MB，请压缩后再传"))
    with _decoding:
        return _drawn_anew(_decoded(upload))


def smaller_photo(photo: Photo, side: int) -> Photo:
    """Return the same photo at most `side` px a side, for lists; one that is small already as it is."""
    if max(photo.width, photo.height) <= side:
        return photo
    found = Image.open(BytesIO(photo.content))
    found.thumbnail((side, side))
    file = BytesIO()
    found.save(file, "WEBP", quality=QUALITY, method=4)
    return Photo(content=file.getvalue(), width=found.width, height=found.height)


@contextmanager
def kept_photos(photos: Sequence[Photo], *, folder: str, at: datetime, private: bool = False) -> Iterator[list[str]]:
    """Write photos under random names and give their names; where the block raises, the files are dropped again."""
    storage = storages["private" if private else "default"]
    names: list[str] = []
    try:
        for photo in photos:
            name = f"{folder}/{at.astimezone(SHANGHAI):%y%m}/{secrets.token_hex(16)}.webp"
            names.append(storage.save(name, ContentFile(photo.content)))
        yield names
    except BaseException:
        drop_photos(names, private=private)
        raise


def drop_photos(names: Sequence[str], *, private: bool = False) -> None:
    """Delete the files of photos; one that is gone already is no mistake."""
    storage = storages["private" if private else "default"]
    for name in names:
        storage.delete(name)


def photo_url(name: str) -> str:
    """Return the address of a public photo."""
    return storages["default"].url(name)


def private_photo(name: str) -> HttpResponse:
    """Answer with a private photo. The caller has made sure that the visitor may see it: `name` comes from his row."""
    storage = storages["private"]
    if not name or not storage.exists(name):
        raise Http404
    with storage.open(name) as file:
        response = HttpResponse(file.read(), content_type=CONTENT_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    return response


class PhotosInput(forms.ClearableFileInput):
    """Several photos at once, from the camera or the album."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, **(attrs or {})})


class PhotosField(forms.FileField):
    """Up to `count_max` photos; cleans to a list of Photo, empty where none came and none is required."""

    widget = PhotosInput
    default_error_messages = {
        "too_many": gettext_lazy("最多传 %(count)d 张图片"),
        "required": gettext_lazy("请传至少一张图片"),
    }

    def __init__(self, *, count_max: int = COUNT_MAX, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.count_max = count_max

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        uploads = [upload for upload in (data if isinstance(data, list | tuple) else [data]) if upload]
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.count_max:
            raise forms.ValidationError(self.error_messages["too_many"] % {"count": self.count_max}, code="too_many")
        try:
            return [take_photo(upload) for upload in uploads]
        except PhotoRefused as refusal:
            raise forms.ValidationError(str(refusal), code="photo") from refusal


def _decoded(upload: UploadedFile) -> Image.Image:
    """Return the upload's pixels. Its size is judged by the head alone, before anything is unpacked."""
    try:
        upload.seek(0)
        found = Image.open(BytesIO(upload.read(BYTES_MAX + 1)), formats=tuple(PIXELS_MAX))
        width, height = found.size
        is_too_large = max(width, height) > SIDE_MAX or width * height > PIXELS_MAX[str(found.format)]
        if not is_too_large:
            found.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
            found.load()
            return ImageOps.exif_transpose(found)
    except Exception as error:  # whatever a decoder raises at a broken file, it is the file's fault
        raise PhotoRefused(_("这个文件不是完好的 JPG、PNG 或 WebP 图片，请换一张")) from error
    raise PhotoRefused(_("图片尺寸太大，请缩小后再传"))


def _drawn_anew(found: Image.Image) -> Photo:
    """Copy nothing but pixels: onto white, small enough, into a file of our own."""
    found.thumbnail((KEPT_SIDE, KEPT_SIDE))
    canvas = Image.new("RGB", found.size, "white")
    if found.has_transparency_data:
        layer = found.convert("RGBA")
        canvas.paste(layer, mask=layer)
    else:
        canvas.paste(found.convert("RGB"))
    file = BytesIO()
    canvas.save(file, "WEBP", quality=QUALITY, method=4)
    return Photo(content=file.getvalue(), width=canvas.width, height=canvas.height)
