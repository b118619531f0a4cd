"""Pictures for goods that came without one."""

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from mall.pictures import SILHOUETTES, picture_files, view_path
from suppliers.commands import give_picture
from suppliers.models import Product
from suppliers.queries import unpictured_products

LABEL_MAX = 4


def draw_missing_pictures(*, limit: int = 20) -> int:
    """Draw the pictures of products that have none, at most so many; the same product always looks the same.

    Returns how many were drawn. A repeat draws the next ones.
    """
    drawn = 0
    for product in unpictured_products()[:limit]:
        for path, content in picture_files(
            product.slug,
            product.hue,
            product.silhouette if product.silhouette in SILHOUETTES else _silhouette(product),
            product.label or _label(product.name),
            mark=product.supplier.seal,
        ):
            _write(path, content)
        drawn += give_picture(product=product, image=view_path(product.slug, "hero"))
    return drawn


def _silhouette(product: Product) -> str:
    return SILHOUETTES[product.pk % len(SILHOUETTES)]


def _label(name: str) -> str:
    """The first characters of a name that stand well on a label."""
    return "".join(char for char in name if "\u4e00" <= char <= "\u9fff")[:LABEL_MAX] or "好物"


def _write(path: str, content: bytes) -> None:
    storage = storages["default"]
    if storage.exists(path):
        storage.delete(path)
    storage.save(path, ContentFile(content))
