"""Draw the mark as the PNG icons that phones put on their home screens."""

from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

import resvg_py
from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image

SOURCE = Path(settings.BASE_DIR) / "static" / "img" / "mark.svg"
SIZES = (192, 512)
# A maskable icon is cut to a circle by some phones: the mark keeps to the middle, its ground runs to the edge.
GROUND = "#c8341b"
SCALE = "translate(4.8 4.8) scale(.8)"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=SOURCE.parent, help="folder of the icons")

    def handle(self, *args: Any, **options: Any) -> None:
        mark = SOURCE.read_text().strip()
        for size in SIZES:
            for name, svg in (("mark", mark), ("mark-maskable", maskable(mark))):
                (options["to"] / f"{name}-{size}.png").write_bytes(png(svg, size))


def maskable(mark: str) -> str:
    """Return the mark on a ground without corners, small enough for the safe zone."""
    head, drawn = mark.split("/>", 1)
    head = head[: head.index("<rect")]
    ground = f'<rect width="48" height="48" fill="{GROUND}"/>'
    return f'{head}{ground}<g transform="{SCALE}">{drawn.removesuffix("</svg>")}</g></svg>'


def png(svg: str, size: int) -> bytes:
    image = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size)))).convert("RGBA")
    out = BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()
