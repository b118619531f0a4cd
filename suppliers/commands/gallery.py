"""The gallery of a product as a review knows it: a list of pictures and films, in their order, beside its words.

What is on the shelf shows its rows of `ProductMedia`; what is proposed stands in the revision alone until it is
approved, with its files, which go again where it is not.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from mall.core.photos import drop_photos
from suppliers.models import MediaKind, Product, ProductMedia, ProductRevision
from suppliers.rules import GALLERY

FIELDS = ("kind", "path", "poster", "alt", "width", "height", "position")

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GalleryEdit:
    """What becomes of one picture: `was` is its path, empty for a new one; `now` what it is to be, none where it
    goes."""

    was: str
    now: Entry | None


def entry_of(media: ProductMedia) -> dict[str, Any]:
    """Return a picture or film as a revision keeps it."""
    return {name: getattr(media, name) for name in FIELDS}


def gallery_of(product: Product) -> list[dict[str, Any]]:
    """Return what a product shows, in its order."""
    return [entry_of(media) for media in ProductMedia.objects.filter(product=product)]


def edited(gallery: Iterable[Entry], edits: Iterable[GalleryEdit]) -> list[dict[str, Any]]:
    """Return a gallery after edits, films first, then by position. A picture that is no longer there comes back when
    it is edited: the last word counts."""
    rows = [dict(row) for row in gallery]
    for edit in edits:
        place = next((n for n, row in enumerate(rows) if row["path"] == edit.was), None)
        if place is not None and edit.now is None:
            del rows[place]
        elif place is not None and edit.now is not None:
            rows[place] = dict(edit.now)
        elif edit.now is not None:
            rows.append(dict(edit.now))
    return sorted(rows, key=lambda row: (row["kind"] != MediaKind.VIDEO, row["position"]))


def show_gallery(*, product: Product, gallery: Iterable[Entry]) -> None:
    """Make a product show this. The caller holds its lock and calls `refresh_product`. Files stay: orders show them."""
    ProductMedia.objects.filter(product=product).delete()
    ProductMedia.objects.bulk_create(
        ProductMedia(product=product, **{name: entry[name] for name in FIELDS}) for entry in gallery
    )


def files_of(gallery: Iterable[Entry]) -> set[str]:
    """Return the files of a gallery."""
    return {entry[name] for entry in gallery for name in ("path", "poster")} - {""}


def drop_files(*, revision: ProductRevision, kept: Collection[str] = ()) -> None:
    """Delete, once this is committed, the files that only a proposal for the shelf had, which was not approved.

    Pictures of drafts are rows of their own and stay."""
    if not revision.is_live:
        return
    fresh = files_of(revision.content.get(GALLERY, ())) - files_of(revision.before.get(GALLERY, ())) - set(kept)
    used = ProductMedia.objects.filter(Q(path__in=fresh) | Q(poster__in=fresh)).values_list("path", "poster")
    if gone := sorted(fresh.difference(*used)):
        transaction.on_commit(partial(drop_photos, gone))
