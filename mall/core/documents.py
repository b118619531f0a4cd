"""Papers that people send: a picture of one, or a PDF, of which nothing is kept but how its pages look.

    photo = form.cleaned_data["document"]             # DocumentField: a Photo, or none where none came
    with kept_photos([photo], folder="papers", at=now, private=True) as names:
        …                                             # as photos are kept (`mall.core.photos`), always private

A PDF is drawn by a program of its own (`mall.core.pdf_pages`) into one picture, its pages below each other: scripts,
links, attachments and fields of the file go no further.
"""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from . import pdf_pages
from .photos import ACCEPT, BYTES_MAX, QUALITY, Photo, PhotoRefused, take_photo

DOCUMENT_ACCEPT = f"{ACCEPT},application/pdf"
# The drawing program ends itself before that; this is for one that hangs without working.
SECONDS_MAX = 30
_HEAD_BYTES = 1_024
_PROGRAM = Path(pdf_pages.__file__)

_drawing = BoundedSemaphore(2)


def take_document(upload: UploadedFile) -> Photo:
    """Draw an upload anew: a picture as `take_photo` does, a PDF of at most five pages as one tall picture.

    The name and the type that came with the file are not looked at. Raises PhotoRefused.
    """
    if not upload.size:
        raise PhotoRefused(_("文件是空的，请换一个"))
    if upload.size > BYTES_MAX:
        raise PhotoRefused(_("文件超过 10MB，请压缩后再传"))
    upload.seek(0)
    if b"%PDF-" not in upload.read(_HEAD_BYTES):
        try:
            return take_photo(upload)
        except PhotoRefused as refusal:
            raise PhotoRefused(_("这个文件不是完好的 JPG、PNG、WebP 图片或 PDF，请换一个")) from refusal
    upload.seek(0)
    return _tall_picture(upload.read(BYTES_MAX + 1))


class DocumentField(forms.FileField):
    """One paper; cleans to a Photo, or to none where none came and none is required."""

    default_error_messages = {"required": gettext_lazy("请传一张图片或一份 PDF")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput({"accept": DOCUMENT_ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Photo | None:
        # An empty file is told apart from none.
        if not data and data is not None:
            raise forms.ValidationError(_("文件是空的，请换一个"), code="empty")
        if data is None:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        try:
            return take_document(data)
        except PhotoRefused as refusal:
            raise forms.ValidationError(str(refusal), code="document") from refusal


def _tall_picture(content: bytes) -> Photo:
    try:
        with _drawing:
            drawn = subprocess.run(
                [sys.executable, "-I", str(_PROGRAM)],
                input=content,
                capture_output=True,
                timeout=SECONDS_MAX,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise PhotoRefused(_("这份 PDF 打不开，请换成图片再传")) from error
    if drawn.returncode == pdf_pages.TOO_MANY:
        raise PhotoRefused(_("PDF 最多 %(count)d 页，请分开传") % {"count": pdf_pages.PAGES_MAX})
    if drawn.returncode == pdf_pages.LOCKED:
        raise PhotoRefused(_("这份 PDF 有密码，请去掉密码再传"))
    if drawn.returncode != 0:
        raise PhotoRefused(_("这份 PDF 打不开，请换成图片再传"))
    return _kept(drawn.stdout)


def _kept(png: bytes) -> Photo:
    """Copy the pixels of what the program drew into a file of our own; the program is not trusted more than the PDF."""
    try:
        found = Image.open(BytesIO(png), formats=("PNG",))
        if found.width != pdf_pages.WIDTH or found.height > pdf_pages.PAGES_MAX * pdf_pages.HEIGHT_MAX:
            raise PhotoRefused(_("这份 PDF 打不开，请换成图片再传"))
        canvas = found.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise PhotoRefused(_("这份 PDF 打不开，请换成图片再传")) from error
    file = BytesIO()
    canvas.save(file, "WEBP", quality=QUALITY, method=4)
    return Photo(content=file.getvalue(), width=canvas.width, height=canvas.height)
