"""The demo's catalogue, read from `goods.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .drawing import Subject

CATALOGUE = Path(__file__).with_name("goods.toml")
SNAPSHOTS_MAX = 3
# The view that is drawn before the mall opens; the others follow (`draw_demo_views`).
COVER = ("hero",)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that can be ordered; a gift pack has no price of its own."""

    code: str
    spec: str
    sale_price_fen: int | None
    list_price_fen: int
    supply_price_fen: int
    stock: int


@dataclass(frozen=True, slots=True)
class Good:
    """One product. `theme` is the slug of its top category and chooses what lies beside it in its pictures."""

    slug: str
    supplier: str
    category: str
    theme: str
    name: str
    subtitle: str
    label: str
    silhouette: str
    hue: int
    origin: str
    demand: int
    commission_bps: int
    detail: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]

    @property
    def is_pack(self) -> bool:
        return self.units[0].sale_price_fen is None


@cache
def catalogue() -> dict[str, Any]:
    with CATALOGUE.open("rb") as file:
        return tomllib.load(file)


@cache
def goods() -> tuple[Good, ...]:
    """Return all products in the order of the shelf."""
    return tuple(_goods())


def _goods() -> Iterator[Good]:
    themes = {node["slug"]: top["slug"] for top in catalogue()["categories"] for node in (top, *top["below"])}
    for row in catalogue()["products"]:
        yield Good(
            **{name: row[name] for name in _PLAIN},
            theme=themes[row["category"]],
            commission_bps=row.get("commission_bps", 0),
            detail=tuple((title, text) for title, text in row["detail"]),
            units=tuple(_units(row)),
        )


_PLAIN = ("slug", "supplier", "category", "name", "subtitle", "label", "silhouette", "hue", "origin", "demand")


def _units(row: dict[str, Any]) -> Iterator[Unit]:
    code = row["slug"].upper()
    if "pack" in row:
        spec, list_price_fen, supply_price_fen, stock = row["pack"]
        yield Unit(code, spec, None, list_price_fen, supply_price_fen, stock)
        return
    for number, (spec, sale, list_price_fen, supply_price_fen, stock) in enumerate(row["skus"], 1):
        yield Unit(f"{code}-{number}", spec, sale, list_price_fen, supply_price_fen, stock)


def subjects() -> list[Subject]:
    """Return what the pictures show that the mall cannot open without: what stands on cards, the photos of buyers and
    the categories. Each product bears the seal of its supplier. Buyers picture what they buy most."""
    products = [subject_of(good, views=COVER, snapshots=snapshots(good)) for good in goods()]
    return [*products, *_categories()]


def subject_of(good: Good, *, views: tuple[str, ...], snapshots: int = 0) -> Subject:
    """Return what some pictures of a product show."""
    seal = next(row["seal"] for row in catalogue()["suppliers"] if row["slug"] == good.supplier)
    return Subject(good.slug, good.hue, good.silhouette, good.label, seal, good.theme, views, snapshots)


def snapshots(good: Good) -> int:
    """Return how many photos of buyers there are of a product."""
    return min(SNAPSHOTS_MAX, good.demand // 26)


def _categories() -> Iterator[Subject]:
    """A category in the colours of the first of its goods."""
    for top in catalogue()["categories"]:
        for node in (top, *top["below"]):
            below = {row["slug"] for row in (node, *node.get("below", ()))}
            good = next((good for good in goods() if good.category in below), goods()[0])
            yield Subject(
                node["slug"],
                good.hue,
                node["silhouette"],
                node["name"][:2],
                node["name"][0],
                good.theme,
                is_category=True,
            )
