"""What members like, look at and wait for; and which goods go together."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mall.core import arrays
from mall.core.events import publish
from suppliers.events import StockArrived
from suppliers.models import ArrivalNotice, Favourite, PairKind, Product, ProductPair, ProductView, Sku
from suppliers.queries import card_of

VIEWS_KEPT_DAYS = 90
FAVOURITES_MAX = 500
PAIRS_MAX = 20
# People who look at hundreds of things say nothing about any two of them.
SEEN_MAX = 50

_VIEW = """
INSERT INTO suppliers_productview (member_id, visitor_hash, product_id, date, at)
VALUES (%(member_id)s, %(visitor_hash)s, %(product_id)s, %(date)s, %(at)s)
ON CONFLICT ({key}) WHERE {kept} DO UPDATE SET at = greatest(suppliers_productview.at, excluded.at)
"""
_MEMBERS_VIEW = _VIEW.format(key="member_id, product_id, date", kept="member_id IS NOT NULL")
_VISITORS_VIEW = _VIEW.format(key="visitor_hash, product_id, date", kept="NOT (visitor_hash = '')")

_WAITING = """
UPDATE suppliers_arrivalnotice notice SET notified_at = %s
FROM suppliers_sku sku
WHERE notice.sku_id = ANY(%s::bigint[]) AND notice.notified_at IS NULL
    AND sku.id = notice.sku_id AND sku.on_hand > sku.reserved AND sku.is_active
RETURNING notice.sku_id, notice.member_id
"""

_PAIRS = """
INSERT INTO suppliers_productpair (product_id, other_id, kind, people)
SELECT product_id, other_id, %s, people FROM (
    SELECT pair.product_id, pair.other_id, pair.people,
        row_number() OVER (PARTITION BY pair.product_id ORDER BY pair.people DESC, pair.other_id) AS place
    FROM ({counted}) AS pair
) AS ranked
JOIN suppliers_product one ON one.id = ranked.product_id JOIN suppliers_product two ON two.id = ranked.other_id
WHERE place <= %s AND product_id <> other_id
"""
_GIVEN = """
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS given (product_id, other_id, people)
"""
_SEEN = """
WITH seen AS (
    SELECT who, product_id FROM (
        SELECT coalesce(member_id::text, visitor_hash) AS who, product_id,
            row_number() OVER (PARTITION BY coalesce(member_id::text, visitor_hash) ORDER BY max(at) DESC) AS place
        FROM suppliers_productview WHERE date >= %s GROUP BY 1, 2
    ) AS latest WHERE place <= %s
)
SELECT one.product_id, two.product_id AS other_id, count(*)::integer AS people
FROM seen one JOIN seen two ON one.who = two.who AND one.product_id <> two.product_id
GROUP BY 1, 2
"""


class TooManyFavourites(Exception):
    """A member keeps FAVOURITES_MAX products already."""


def add_favourite(*, member: Any, product: Product, at: datetime) -> None:
    """Keep a product for a member, with the price it has now. A repeat changes nothing. Raises TooManyFavourites."""
    if Favourite.objects.filter(member=member).count() >= FAVOURITES_MAX:
        raise TooManyFavourites
    offer = card_of(product=product, at=at).offer
    row = Favourite(member=member, product=product, price_fen=offer.price_fen if offer else None, added_at=at)
    Favourite.objects.bulk_create([row], ignore_conflicts=True)


def remove_favourite(*, member: Any, product: Product) -> None:
    """Keep it no longer. A repeat changes nothing."""
    Favourite.objects.filter(member=member, product=product).delete()


def note_view(*, product: Product, at: datetime, member: Any = None, visitor_hash: str = "") -> None:
    """Write down that a product was looked at, once a day, by a member or else by a visitor known by a hash.

    The caller has made sure that the visitor agreed to it.
    """
    if member is None and not visitor_hash:
        raise ValueError("a view is of a member or of a visitor")
    row = {
        "member_id": member.pk if member else None,
        "visitor_hash": "" if member else visitor_hash,
        "product_id": product.pk,
        "date": timezone.localdate(at),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS_VIEW if member else _VISITORS_VIEW, row)


def forget_views(*, member: Any, product: Product | None = None) -> None:
    """Forget what a member looked at: one product, or all."""
    rows = ProductView.objects.filter(member=member)
    (rows if product is None else rows.filter(product=product)).delete()


def prune_views(*, at: datetime) -> int:
    """Delete what was looked at longer ago than VIEWS_KEPT_DAYS. Returns how many rows."""
    oldest = timezone.localdate(at - timedelta(days=VIEWS_KEPT_DAYS))
    return ProductView.objects.filter(date__lt=oldest).delete()[0]


def ask_arrival(*, member: Any, sku: Sku, at: datetime) -> None:
    """Remember that a member wants to hear when a SKU can be had again. A repeat changes nothing."""
    ArrivalNotice.objects.bulk_create([ArrivalNotice(member=member, sku=sku, asked_at=at)], ignore_conflicts=True)


def stop_waiting(*, member: Any, sku: Sku) -> None:
    """Wait for a SKU no longer."""
    ArrivalNotice.objects.filter(member=member, sku=sku, notified_at=None).delete()


def announce_arrivals(*, sku_ids: Iterable[int], at: datetime) -> None:
    """Tell of those SKUs that can be had again to who waits for them: once each. Called by whatever adds stock, in the
    same transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WAITING, [at, arrays.numbers(list(sku_ids))])
        waiting: dict[int, list[int]] = {}
        for sku_id, member_id in cursor.fetchall():
            waiting.setdefault(sku_id, []).append(member_id)
        if not waiting:
            return
        for sku in Sku.objects.select_related("product").filter(pk__in=waiting).order_by("pk"):
            publish(
                StockArrived(
                    sku_id=sku.pk,
                    product_id=sku.product_id,
                    product_slug=sku.product.slug,
                    product_name=sku.product.name,
                    spec=sku.spec,
                    member_ids=tuple(sorted(waiting[sku.pk])),
                    arrived_at=at,
                )
            )


def refresh_viewed_pairs(*, at: datetime) -> None:
    """Count anew which products the same people looked at, the last PAIRS_MAX of each product's kept."""
    oldest = timezone.localdate(at - timedelta(days=VIEWS_KEPT_DAYS))
    _replace(PairKind.VIEWED, _SEEN, [oldest, SEEN_MAX])


def replace_bought_pairs(*, pairs: Iterable[tuple[int, int, int]]) -> None:
    """Keep which products the same people bought: (product id, other id, people), each pair in both directions."""
    rows = list(pairs)
    _replace(PairKind.BOUGHT, _GIVEN, [arrays.numbers([row[part] for row in rows]) for part in range(3)])


def _replace(kind: PairKind, counted: str, given: list[Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        ProductPair.objects.filter(kind=kind).delete()
        cursor.execute(_PAIRS.format(counted=counted), [kind.value, *given, PAIRS_MAX])
