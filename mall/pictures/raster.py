"""From SVG to pixels: resvg draws with the Noto faces of a wheel, Pillow writes WebP."""

from functools import cache
from io import BytesIO
from random import Random

import resvg_py
from PIL import Image, ImageChops

from mall.core.faces import sans_face, serif_face

QUALITY = 88


@cache
def _faces() -> list[str]:
    return [str(serif_face()), str(sans_face())]


def pixels(svg: str, width: int) -> Image.Image:
    """An SVG as an image, `width` pixels wide."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=width, font_files=_faces(), skip_system_fonts=True)
    return Image.open(BytesIO(bytes(png))).convert("RGB")


def webp(image: Image.Image, width: int = 0) -> bytes:
    """An image as WebP, made smaller to `width` when that is given."""
    if width and width < image.width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def grainy(image: Image.Image, chance: Random) -> Image.Image:
    """The image with the soft noise of a phone's camera."""
    side = image.width // 2
    noise = Image.frombytes("L", (side, side), chance.randbytes(side * side)).resize(
        image.size, Image.Resampling.BICUBIC
    )
    soft = noise.point(lambda value: 128 + (value - 128) // 14).convert("RGB")
    return ImageChops.overlay(image, soft)
