"""Pictures drawn from names: products, buyers' photos, banners, seals and avatars, the same on every machine.

`draw_product` gives one view as WebP; `picture_files` gives all files of a product as (path, bytes), ready for a storage.
A product's `image` is the path of its hero; `view_path` names its other views and sizes.
"""

from collections.abc import Iterator
from random import Random

from PIL.Image import Image, Resampling

from mall.pictures.marks import avatar_svg, banner_svg, category_svg, seal_svg
from mall.pictures.raster import grainy, pixels, webp
from mall.pictures.scenes import FORMS, SIDE, SNAPSHOTS, VIEWS, product_svg
from mall.pictures.sheet import seeded

SILHOUETTES = tuple(FORMS)
THUMBNAIL = 375
SNAPSHOT_THUMBNAIL = 300
# Buyers' photos are drawn smaller than they are: they need not be sharp, and cost half as much.
PHOTO_SIDE = 480


def draw_product(
    slug: str, hue: int, silhouette: str, label: str, view: str = "hero", *, mark: str = "", theme: str = ""
) -> bytes:
    """One view of a product as WebP, 750 by 750: `hero`, `scene`, `detail` or `packing`.

    `label` is one to six Chinese characters, `mark` the character of the red seal (default: the label's first), `theme` one of
    the keys of `props.BESIDE` (default: guessed from label and silhouette).
    """
    return webp(pixels(product_svg(slug, hue, silhouette, label, view, mark, theme), SIDE))


def picture_files(
    slug: str,
    hue: int,
    silhouette: str,
    label: str,
    *,
    mark: str = "",
    theme: str = "",
    views: tuple[str, ...] = VIEWS,
    snapshots: int = 0,
) -> Iterator[tuple[str, bytes]]:
    """Every picture of a product as (path under media, WebP): each view at 750 and at 375, buyers' photos at 750 and 300."""
    for view in (*views, *SNAPSHOTS[:snapshots]):
        svg = product_svg(slug, hue, silhouette, label, view, mark, theme)
        image = _photo(svg, seeded(slug, view)) if view in SNAPSHOTS else pixels(svg, SIDE)
        yield view_path(slug, view), webp(image)
        small = SNAPSHOT_THUMBNAIL if view in SNAPSHOTS else THUMBNAIL
        yield view_path(slug, view, small), webp(image, small)


def category_path(slug: str) -> str:
    """The path of a category's picture under media."""
    return f"categories/{slug}-160.webp"


def draw_category(slug: str, hue: int, silhouette: str, label: str, *, mark: str = "") -> bytes:
    """A category by one of its goods as WebP, 160 by 160, to be shown round."""
    return webp(pixels(category_svg(slug, hue, silhouette, label, mark), 160))


def view_path(slug: str, view: str, width: int = SIDE) -> str:
    """The path of one picture of a product under media."""
    return f"products/{slug}/{view}-{width}.webp"


def draw_snapshot(
    slug: str, hue: int, silhouette: str, label: str, view: str, *, mark: str = "", theme: str = ""
) -> bytes:
    """A product as a buyer's phone sees it, as WebP, 750 by 750; `view` is one of SNAPSHOTS."""
    return webp(_photo(product_svg(slug, hue, silhouette, label, view, mark, theme), seeded(slug, view)))


def _photo(svg: str, chance: Random) -> Image:
    """A drawing as a phone's camera sees it: a little soft, and with its noise."""
    return grainy(pixels(svg, PHOTO_SIDE).resize((SIDE, SIDE), Resampling.BICUBIC), chance)


def draw_banner(slug: str, hue: int, silhouette: str, label: str, *, mark: str = "", ground: str = "jade") -> bytes:
    """The art of a banner as WebP, 750 by 320, with room for words at its left; `ground` is one of marks.GROUNDS."""
    return webp(pixels(banner_svg(slug, hue, silhouette, label, mark, ground=ground), SIDE))


def draw_seal(character: str) -> bytes:
    """A supplier's seal as WebP, 240 by 240."""
    return webp(pixels(seal_svg(character), 240))


def draw_avatar(name: str, key: str) -> bytes:
    """A member's portrait by initial as WebP, 160 by 160; `key` chooses its tone."""
    return webp(pixels(avatar_svg(name, key), 160))


__all__ = [
    "SILHOUETTES",
    "SNAPSHOTS",
    "SNAPSHOT_THUMBNAIL",
    "VIEWS",
    "category_path",
    "draw_avatar",
    "draw_banner",
    "draw_category",
    "draw_product",
    "draw_seal",
    "draw_snapshot",
    "picture_files",
    "view_path",
]
