"""Goods on the shelf without a permit that their category asks for: named with a deadline, then taken off.

A category may come to ask for a permit while its goods are sold; nobody could have had it before. Their suppliers are
told, have two weeks, and see each product with its last day. A paper that waits for an operator keeps its goods on the
shelf until it is decided. Runs after `check_papers`, which clears at once what was sold with a permit that ran out.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction

from mall.core.events import publish
from mall.core.ids import SHANGHAI
from suppliers.events import PermitMissed
from suppliers.models import PermitGap, Product
from suppliers.queries.permit_gaps import awaits_decision, gaps_open, lacking_permits
from suppliers.rules.papers import GRACE_DAYS

from .catalogue import publish_product
from .papers import NAMED_MAX, locked_papers, owners_of

Lacking = dict[tuple[int, str], Product]


def watch_permits(*, at: datetime) -> int:
    """Write down which goods lack a permit, forget what was mended, and take off the shelf what is overdue; the owners
    are told each time. Returns how many goods left the shelf; a repeat does nothing more."""
    known = set(gaps_open().values_list("product__supplier", flat=True))
    return sum(_watch(supplier_id, at) for supplier_id in sorted(known | set(lacking_permits())))


def _watch(supplier_id: int, at: datetime) -> int:
    today = at.astimezone(SHANGHAI).date()
    with transaction.atomic():
        locked_papers(supplier_id)
        lacking = lacking_permits(supplier_id=supplier_id).get(supplier_id, {})
        gaps = {(gap.product_id, gap.permit): gap for gap in gaps_open().filter(product__supplier=supplier_id)}
        gaps_open().filter(pk__in=[gap.pk for key, gap in gaps.items() if key not in lacking]).delete()
        _find(supplier_id, {key: product for key, product in lacking.items() if key not in gaps}, today, at)
        overdue = {
            key: product
            for key, product in lacking.items()
            if key in gaps and gaps[key].due_date < today and not awaits_decision(product=product, permit=key[1])
        }
        return _clear(supplier_id, overdue, today, at)


def _find(supplier_id: int, lacking: Lacking, today: date, at: datetime) -> None:
    """Write down goods that are seen without their permit for the first time."""
    due = today + timedelta(days=GRACE_DAYS)
    PermitGap.objects.bulk_create(
        [PermitGap(product_id=pk, permit=permit, found_at=at, due_date=due) for pk, permit in lacking]
    )
    _tell(supplier_id, lacking, due, at, is_off=False)


def _clear(supplier_id: int, overdue: Lacking, today: date, at: datetime) -> int:
    """Take off the shelf what nobody mended in time."""
    products = {product.pk: product for product in overdue.values()}
    for product in products.values():
        publish_product(product=product, is_published=False)
    for pk, permit in overdue:
        gaps_open().filter(product=pk, permit=permit).update(off_shelf_at=at)
    _tell(supplier_id, overdue, today, at, is_off=True)
    return len(products)


def _tell(supplier_id: int, goods: Lacking, due: date, at: datetime, *, is_off: bool) -> None:
    """Tell the owners, of each permit once."""
    by_permit: dict[str, list[str]] = defaultdict(list)
    for (_pk, permit), product in goods.items():
        by_permit[permit].append(product.name)
    for permit, names in sorted(by_permit.items()):
        publish(
            PermitMissed(
                supplier_id=supplier_id,
                permit=permit,
                due_date=due,
                is_off=is_off,
                goods=tuple(names[:NAMED_MAX]),
                goods_count=len(names),
                member_ids=owners_of(supplier_id),
                at=at,
            )
        )
