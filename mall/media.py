"""Files of the media folder, where no reverse proxy serves them: in development and in the demo."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from django.views.static import serve

from mall.core.access import public
from mall.core.films import film_type

PIECE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@public
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file, or of a film the part that a player asks for: without parts, iPhones play none and nobody can skip."""
    if not film_type(path):
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    return _film(request, path)


def _film(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    if not file.is_file():
        raise Http404
    size = file.stat().st_size
    first, last, status = 0, size - 1, 200
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and any(asked.groups()):
        start, end = asked.groups()
        first, last = (int(start), min(int(end or size), size - 1)) if start else (max(0, size - int(end)), size - 1)
        if first >= size or first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    answer = StreamingHttpResponse(
        _part(file, first, last - first + 1) if request.method == "GET" else (),
        status=status,
        content_type=film_type(path),
    )
    answer["Content-Length"] = str(last - first + 1)
    answer["Accept-Ranges"] = "bytes"
    if status == 206:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def _part(file: Path, first: int, length: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(first)
        while length and (piece := opened.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
