"""Draws a PDF: a program of its own, which `mall.core.documents` starts for each file and ends when it takes too long.

It reads the file from standard input and writes one PNG with all pages below each other. It knows nothing of the mall,
may use little time and memory, and writes no file: whatever a broken PDF does to it stays here.
"""

import resource
import sys
from io import BytesIO
from typing import Any

from PIL import Image

PAGES_MAX = 5
WIDTH = 1_080
# No page is drawn taller than this, whatever it says of itself.
HEIGHT_MAX = 2_400
SECONDS_MAX = 12
MEMORY_MAX = 1_500 * 1024 * 1024
REFUSED, TOO_MANY, LOCKED = 3, 4, 5


def main() -> int:
    """Draw what stands on standard input; the exit code says what was wrong with it."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Here, so that the mall can read the limits above without loading the library.
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return LOCKED if "password" in str(error).lower() else REFUSED
    if not len(document):
        return REFUSED
    if len(document) > PAGES_MAX:
        return TOO_MANY
    pages = [_drawn(page) for page in document]
    sheet = Image.new("RGB", (WIDTH, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height
    file = BytesIO()
    sheet.save(file, "PNG", compress_level=1)
    sys.stdout.buffer.write(file.getvalue())
    return 0


def _drawn(page: Any) -> Any:
    """Return a page as wide as all others, without what can be filled in or clicked."""
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise ValueError("a page without a size")
    scale = min(WIDTH / width, HEIGHT_MAX / height)
    found = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    if found.width == WIDTH:
        return found
    wide = Image.new("RGB", (WIDTH, min(found.height, HEIGHT_MAX)), "white")
    wide.paste(found, ((WIDTH - found.width) // 2, 0))
    return wide


if __name__ == "__main__":
    try:
        code = main()
    except Exception:  # whatever a file does to the renderer, it is the file's fault
        code = REFUSED
    sys.exit(code)
