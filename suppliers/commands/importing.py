"""Drafts from another platform's file: looked at product by product first, then made by a worker, all of it or nothing.

A product is known by its number there, so that the same file again makes nothing twice: a draft is brought up to what
the file says, what is in review or on the shelf is left alone. Stock is taken over once, when the draft is made;
pictures are not fetched.

Locks: the sheet, the mapping of its supplier and platform (so two files of one platform go one after the other), then
new rows only, or drafts' SKUs before their product.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.ids import random_code
from suppliers.catalogues import SOURCES
from suppliers.models import (
    Category,
    ImportedProduct,
    ImportMapping,
    MovementKind,
    Product,
    ReviewState,
    Sheet,
    SheetKind,
    Sku,
    StockMovement,
    Supplier,
)

from .catalogue import lock_prices, readable_spec, refresh_product
from .import_plans import AT_ONCE, LEFT_ALONE, Plan, Wanted, is_open, plans_of, prices_of_sku, prices_wanted
from .search import index_products
from .sheets import DONE, GOOD, SKIPPED, RowReport, mark_applied, report_of

logger = logging.getLogger(__name__)

Tell = Callable[[int, int], None]


class ImportRefused(Exception):
    """It cannot be read or done so. The text is for people; nothing was changed."""


def set_mapping(
    *,
    sheet: Sheet,
    columns: Mapping[str, str],
    categories: Mapping[str, int],
    supply_bps: int,
    at: datetime,
) -> None:
    """Say how a file is read, and remember it for the supplier's next file of that platform. Raises ImportRefused
    where a field that nothing goes without has no column, a column is not in the file, or the share is none."""
    source = SOURCES[sheet.reading["source"]]
    head = set(sheet.reading["head"])
    kept = {key: word for key, word in columns.items() if word in head and key in {one.key for one in source.fields}}
    missing = [str(one.label) for one in source.fields if one.is_needed and one.key not in kept]
    if missing:
        raise ImportRefused(_("请选择这些内容在哪一列：%s") % "、".join(missing))
    if not 0 < supply_bps <= 10_000:
        raise ImportRefused(_("供货价占售价的比例应大于 0%，最多 100%"))
    real = set(Category.objects.filter(pk__in=set(categories.values())).values_list("pk", flat=True))
    chosen = {word: pk for word, pk in categories.items() if pk in real}
    with transaction.atomic():
        locked = Sheet.objects.select_for_update().get(pk=sheet.pk)
        if locked.started_at or locked.applied_at:
            raise ImportRefused(_("这个文件已经开始导入"))
        known = ImportMapping.objects.filter(supplier=sheet.supplier_id, source=source.key).first()
        ImportMapping.objects.update_or_create(
            supplier_id=sheet.supplier_id,
            source=source.key,
            defaults={
                "columns": kept,
                "categories": {**(known.categories if known else {}), **chosen},
                "supply_bps": supply_bps,
                "saved_at": at,
            },
        )
        locked.reading = {**locked.reading, "columns": kept, "categories": chosen, "supply_bps": supply_bps}
        locked.save(update_fields=["reading"])
        sheet.reading = locked.reading


def check_import(*, sheet: Sheet) -> list[RowReport]:
    """Return what would become of each product of a file now. Changes nothing."""
    return [plan.report for plan in plans_of(sheet)]


def start_import(*, sheet: Sheet, at: datetime) -> bool:
    """Hand a file to the worker, which is to be rung; a repeat changes nothing. Returns whether it was not there yet.
    Raises ImportRefused where nothing of it can be done."""
    with transaction.atomic():
        locked = Sheet.objects.select_for_update().select_related("supplier").get(pk=sheet.pk, kind=SheetKind.IMPORT)
        if locked.started_at or locked.applied_at:
            return False
        if not any(plan.status == GOOD for plan in plans_of(locked)):
            raise ImportRefused(_("没有可以导入的商品，请先改好再上传"))
        Sheet.objects.filter(pk=locked.pk).update(started_at=at, trouble="")
    return True


def run_import(*, sheet_id: int, at: datetime, tell: Tell = lambda _done, _all: None) -> list[RowReport] | None:
    """Make the drafts of a file that was started, in one transaction. `tell` hears how many products are done of how
    many.

    Returns nothing where the file was not started, or somebody else is at it; of one that was done, the report alone.
    Where it goes wrong nothing was done, the file says so, may be started again, and the error is raised.
    """
    try:
        with transaction.atomic():
            waiting = Sheet.objects.select_for_update(skip_locked=True, of=("self",)).select_related("supplier")
            sheet = waiting.filter(pk=sheet_id, kind=SheetKind.IMPORT, started_at__isnull=False).first()
            if sheet is None:
                return None
            if sheet.applied_at is not None:
                return report_of(sheet)
            list(ImportMapping.objects.select_for_update().filter(supplier=sheet.supplier_id))
            plans = plans_of(sheet)
            _make(sheet, [plan for plan in plans if plan.status == GOOD and plan.known is None], at, tell)
            _change([plan for plan in plans if plan.status == GOOD and plan.known is not None], sheet, at)
            for plan in plans:
                if plan.status == GOOD:
                    plan.decide(DONE, plan.text)
            report = [plan.report for plan in plans]
            mark_applied(sheet=sheet, report=report, at=at)
    except Exception:
        logger.exception("an import failed", extra={"sheet_id": sheet_id})
        Sheet.objects.filter(pk=sheet_id, applied_at=None).update(
            started_at=None, trouble=_("导入时出错，什么都没有改动，请再试一次或联系平台")
        )
        raise
    return report


def unfinished_imports() -> list[int]:
    """Return the files that were started and are not done."""
    waiting = Sheet.objects.filter(kind=SheetKind.IMPORT, started_at__isnull=False, applied_at=None)
    return list(waiting.order_by("started_at").values_list("pk", flat=True)[:20])


def _make(sheet: Sheet, plans: Sequence[Plan], at: datetime, tell: Tell) -> None:
    """Make drafts, a thousand at a time."""
    source = sheet.reading["source"]
    for start in range(0, len(plans), AT_ONCE):
        batch = plans[start : start + AT_ONCE]
        products = Product.objects.bulk_create([_product(sheet.supplier, plan) for plan in batch])
        made: list[tuple[Wanted, Sku]] = []
        for plan, product in zip(batch, products, strict=True):
            made += [(wanted, _sku(product, wanted)) for wanted in plan.skus]
        _write_skus(made, by_id=sheet.uploaded_by_id, at=at)
        keys: dict[int, dict[str, int]] = {}
        for wanted, sku in made:
            keys.setdefault(sku.product_id, {})[wanted.key] = sku.pk
        ImportedProduct.objects.bulk_create(
            ImportedProduct(
                supplier=sheet.supplier,
                source=source,
                external_id=plan.listing.external_id,
                product=product,
                skus=keys[product.pk],
                imported_at=at,
            )
            for plan, product in zip(batch, products, strict=True)
        )
        index_products(product_ids=[product.pk for product in products])
        tell(start + len(batch), len(plans))


def _product(supplier: Supplier, plan: Plan) -> Product:
    return Product(
        supplier=supplier,
        category_id=plan.category_id,
        name=plan.listing.name,
        subtitle=plan.listing.subtitle,
        slug=random_code(10).lower(),
        hue=supplier.hue,
        detail=plan.detail,
        spec_names=list(plan.listing.axes),
        lowest_price_fen=min(wanted.sale_fen for wanted in plan.skus),
        is_published=False,
        review=ReviewState.DRAFT,
    )


def _sku(product: Product, wanted: Wanted) -> Sku:
    return Sku(
        product=product,
        code=wanted.code,
        spec=readable_spec(wanted.values),
        spec_values=wanted.values,
        weight_g=wanted.weight_g,
        barcode=wanted.barcode,
        supply_price_fen=wanted.supply_fen,
        list_price_fen=wanted.list_fen,
        sale_price_fen=wanted.sale_fen,
        on_hand=wanted.stock,
    )


def _write_skus(made: Sequence[tuple[Wanted, Sku]], *, by_id: int | None, at: datetime) -> None:
    """Write new SKUs, with a movement for the stock that each begins with."""
    skus = Sku.objects.bulk_create([sku for _wanted, sku in made], batch_size=AT_ONCE)
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                sku=sku,
                kind=MovementKind.RECEIVED,
                on_hand_delta=sku.on_hand,
                reserved_delta=0,
                reason=_("导入时的库存"),
                by_id=by_id,
                at=at,
            )
            for sku in skus
            if sku.on_hand
        ],
        batch_size=AT_ONCE,
    )


def _change(plans: Sequence[Plan], sheet: Sheet, at: datetime) -> None:
    """Bring drafts up to what the file says; each is looked at once more under its locks."""
    for plan in plans:
        known = plan.known
        assert known is not None
        product = lock_prices(product_id=known.product_id)
        if not is_open(product):
            plan.decide(SKIPPED, str(LEFT_ALONE))
            continue
        if plan.changes:
            Product.objects.filter(pk=product.pk).update(**plan.changes)
        skus = {sku.pk: sku for sku in Sku.objects.filter(product=product)}
        fresh: list[tuple[Wanted, Sku]] = []
        for wanted in plan.skus:
            sku = skus.get(known.skus.get(wanted.key, 0))
            if sku is None:
                fresh.append((wanted, _sku(product, wanted)))
            elif prices_of_sku(sku) != prices_wanted(wanted):
                sku.supply_price_fen, sku.list_price_fen = wanted.supply_fen, wanted.list_fen
                sku.sale_price_fen = wanted.sale_fen
                sku.save(update_fields=["supply_price_fen", "list_price_fen", "sale_price_fen"])
        if fresh:
            _write_skus(fresh, by_id=sheet.uploaded_by_id, at=at)
            known.skus = {**known.skus, **{wanted.key: sku.pk for wanted, sku in fresh}}
            known.save(update_fields=["skus"])
        refresh_product(product_id=product.pk)
