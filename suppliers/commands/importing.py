"""Drafts from another platform's file: looked at product by product first, then made by a worker, all of it or nothing.

A product is known by its number there, so that the same file again makes nothing twice: a draft is brought up to what
the file says, what is in review or on the shelf is left alone. Stock is taken over once, when the draft is made;
pictures are not fetched.

Locks: the sheet, the mapping of its supplier and platform (so two files of one platform go one after the other), then
new rows only, or drafts' SKUs before their product.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.ids import random_code
from mall.core.money import share_fen, yuan
from mall.core.text import clean_line
from suppliers.catalogues import SOURCES, Listing, Variant
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
from suppliers.rules import SPEC_VALUE_MAX, clean_html, is_commission_covered

from .catalogue import lock_prices, readable_spec, refresh_product
from .search import index_products
from .sheets import BAD, DONE, GOOD, SKIPPED, RowReport, mark_applied, report_of, rows_of

SKUS_MAX = 10_000
VARIANTS_MAX = 200
NAME_MAX, SUBTITLE_MAX, CODE_MAX, EXTERNAL_MAX = 60, 80, 40, 64
PRICE_MAX_FEN, STOCK_MAX = 100_000_000, 1_000_000
AT_ONCE = 1_000
_YUAN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2}0*)?")
_BARCODE = re.compile(r"[0-9]{8,14}")

logger = logging.getLogger(__name__)

Tell = Callable[[int, int], None]


class ImportRefused(Exception):
    """It cannot be read or done so. The text is for people; nothing was changed."""


@dataclass(slots=True)
class _Wanted:
    """One SKU as it is to be, amounts in fen."""

    key: str
    code: str
    values: list[str]
    sale_fen: int
    list_fen: int
    supply_fen: int
    stock: int
    weight_g: int
    barcode: str


@dataclass(slots=True)
class _Plan:
    """What becomes of one listing."""

    listing: Listing
    status: str = ""
    text: str = ""
    category_id: int = 0
    detail: list[dict[str, str]] = field(default_factory=list)
    skus: list[_Wanted] = field(default_factory=list)
    known: ImportedProduct | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def decide(self, status: str, text: str) -> None:
        self.status, self.text = status, text

    @property
    def report(self) -> RowReport:
        named = self.listing.name or self.listing.external_id
        return RowReport(number=self.listing.number, status=self.status, subject=named[:40], text=self.text)


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
    return [plan.report for plan in _plans(sheet)]


def start_import(*, sheet: Sheet, at: datetime) -> bool:
    """Hand a file to the worker, which is to be rung; a repeat changes nothing. Returns whether it was not there yet.
    Raises ImportRefused where nothing of it can be done."""
    with transaction.atomic():
        locked = Sheet.objects.select_for_update().select_related("supplier").get(pk=sheet.pk, kind=SheetKind.IMPORT)
        if locked.started_at or locked.applied_at:
            return False
        if not any(plan.status == GOOD for plan in _plans(locked)):
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
            plans = _plans(sheet)
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


def _plans(sheet: Sheet) -> list[_Plan]:
    reading = sheet.reading
    source = SOURCES[reading["source"]]
    rows = rows_of(sheet)
    broken = {row.number for row in rows if row.formulas}
    listings = source.listings([row for row in rows if not row.formulas], reading["columns"])
    plans = [_Plan(listing) for listing in listings]
    known = _known(sheet.supplier, source.key, listings)
    taken = _taken_codes(listings, known)
    seen: dict[str, int] = {}
    for plan in plans:
        _judge(plan, reading, seen)
        if plan.status != BAD:
            _code(plan, source.key, taken)
            _compare(plan, known.get(plan.listing.external_id))
    plans += [_formula(number) for number in sorted(broken)]
    _bound(plans)
    return plans


def _formula(number: int) -> _Plan:
    plan = _Plan(Listing(number=number, external_id="", name=""))
    plan.decide(BAD, _("这一行有公式，请改成文字或数字"))
    return plan


def _bound(plans: Sequence[_Plan]) -> None:
    """Refuse what is above the number of SKUs of one file."""
    count = 0
    for plan in plans:
        if plan.status == GOOD:
            count += len(plan.skus)
            if count > SKUS_MAX:
                plan.decide(BAD, _("一个文件最多导入 %d 个规格，请分成几个文件") % SKUS_MAX)


def _known(supplier: Supplier, source: str, listings: Iterable[Listing]) -> dict[str, ImportedProduct]:
    ids = {listing.external_id for listing in listings}
    rows = ImportedProduct.objects.filter(supplier=supplier, source=source, external_id__in=ids)
    return {row.external_id: row for row in rows.select_related("product").prefetch_related("product__skus")}


def _taken_codes(listings: Iterable[Listing], known: Mapping[str, ImportedProduct]) -> set[str]:
    """Return which codes of a file other SKUs have already, of whatever supplier."""
    codes = {variant.code for listing in listings for variant in listing.variants if variant.code}
    own = {pk for row in known.values() for pk in row.skus.values()}
    found: set[str] = set()
    ordered = sorted(codes)
    for start in range(0, len(ordered), AT_ONCE):
        rows = Sku.objects.filter(code__in=ordered[start : start + AT_ONCE]).exclude(pk__in=own)
        found |= set(rows.values_list("code", flat=True))
    return found


def _judge(plan: _Plan, reading: Mapping[str, Any], seen: dict[str, int]) -> None:
    """Take what a listing says, or say why it cannot be taken."""
    listing = plan.listing
    problem = listing.problem or _words(listing) or _again(listing, seen)
    category = reading["categories"].get(listing.category)
    if not problem and category is None:
        problem = _("分类“%s”还没有对应到商城的分类") % (listing.category or _("空"))
    if not problem and not listing.variants:
        problem = _("没有规格和价格")
    if not problem and len(listing.variants) > VARIANTS_MAX:
        problem = _("一个商品最多 %d 个规格") % VARIANTS_MAX
    if not problem:
        problem = _variants(plan, int(reading["supply_bps"]))
    if problem:
        plan.decide(BAD, problem)
        return
    plan.category_id = category
    if listing.detail:
        try:
            plan.detail = [{"title": "", "html": clean_html(listing.detail)}]
        except ValueError:
            listing.notes.append(_("详情太长，没有导入，请在草稿里补"))


def _words(listing: Listing) -> str:
    """Clean the words of a listing. Returns what is wrong."""
    if not listing.external_id or len(listing.external_id) > EXTERNAL_MAX:
        return _("没有商品在原平台的编号，分不清是不是导入过")
    try:
        listing.name = clean_line(listing.name, NAME_MAX)
    except ValueError:
        return _("名称最多 %d 个字") % NAME_MAX
    if not listing.name:
        return _("没有名称")
    try:
        listing.subtitle = clean_line(listing.subtitle, SUBTITLE_MAX)
    except ValueError:
        listing.subtitle = ""
        listing.notes.append(_("卖点太长，没有导入"))
    return ""


def _again(listing: Listing, seen: dict[str, int]) -> str:
    first = seen.setdefault(listing.external_id, listing.number)
    return "" if first == listing.number else _("和第 %d 行是同一个商品") % first


def _variants(plan: _Plan, supply_bps: int) -> str:
    """Take the SKUs of a listing. Returns what is wrong."""
    values_seen: set[tuple[str, ...]] = set()
    keys_seen: set[str] = set()
    for variant in plan.listing.variants:
        long = next((value for value in variant.values if len(value) > SPEC_VALUE_MAX), "")
        if long:
            return _("规格值“%(value)s”超过 %(count)d 个字") % {"value": long[:40], "count": SPEC_VALUE_MAX}
        if variant.values in values_seen or variant.key in keys_seen:
            return _("规格“%s”重复了") % " / ".join(variant.values)
        values_seen.add(variant.values)
        keys_seen.add(variant.key)
        wanted = _wanted(variant, supply_bps)
        if isinstance(wanted, str):
            return wanted
        plan.skus.append(wanted)
    return ""


def _wanted(variant: Variant, supply_bps: int) -> _Wanted | str:
    """Return a SKU as it is to be, or what is wrong with it."""
    sale = _fen(variant.price)
    if sale is None:
        return _("售价“%s”应为大于 0、最多两位小数的数字") % variant.price[:20]
    supply = _fen(variant.supply_price) if variant.supply_price else share_fen(sale, supply_bps)
    if not supply:
        return _("供货价“%s”应为大于 0、最多两位小数的数字") % variant.supply_price[:20]
    if supply > sale:
        return _("供货价 %(supply)s 高于售价 %(sale)s") % {"supply": yuan(supply), "sale": yuan(sale)}
    if len(variant.code) > CODE_MAX:
        return _("商家编码“%s…”太长") % variant.code[:20]
    return _Wanted(
        key=variant.key,
        code=variant.code,
        values=list(variant.values),
        sale_fen=sale,
        list_fen=max(sale, _fen(variant.list_price) or 0),
        supply_fen=supply,
        stock=_pieces(variant.stock),
        weight_g=variant.weight_g,
        barcode=variant.barcode if _BARCODE.fullmatch(variant.barcode) and variant.barcode.isascii() else "",
    )


def _code(plan: _Plan, source: str, taken: set[str]) -> None:
    """Give every SKU a code that no other has: its own, else one made of its number there."""
    changed = False
    for place, wanted in enumerate(plan.skus, 1):
        if not wanted.code:
            wanted.code = f"{source[:2].upper()}-{plan.listing.external_id[:26]}-{place}"
        if wanted.code in taken:
            wanted.code = f"{wanted.code[:31]}-{random_code(8)}"
            changed = True
        taken.add(wanted.code)
    if changed:
        plan.listing.notes.append(_("商家编码已被占用，后面加了几位"))


def _compare(plan: _Plan, known: ImportedProduct | None) -> None:
    """Say whether it is a new draft, changes one, or changes nothing."""
    plan.known = known
    lowest = min(wanted.sale_fen for wanted in plan.skus)
    if known is None:
        said = _("新建草稿：%(count)d 个规格，%(price)s 起") % {"count": len(plan.skus), "price": yuan(lowest)}
        plan.decide(GOOD, "；".join([said, *plan.listing.notes]))
        return
    product = known.product
    if product.is_published or product.review not in (ReviewState.DRAFT, ReviewState.REJECTED):
        plan.decide(SKIPPED, _("已导入，现在在架、下架或审核中，导入不改动它"))
        return
    differences = _differences(plan, known)
    uncovered = [wanted for wanted in plan.skus if product.commission_bps and not _is_covered(wanted, product)]
    if uncovered:
        plan.decide(BAD, _("新售价盖不住供货价加草稿里设的佣金，请先改佣金"))
        return
    if differences:
        plan.decide(GOOD, _("更新草稿：%s") % "、".join(differences))
    else:
        plan.decide(SKIPPED, _("已导入，没有变化"))


def _is_covered(wanted: _Wanted, product: Product) -> bool:
    return is_commission_covered(
        sale_price_fen=wanted.sale_fen,
        supply_price_fen=wanted.supply_fen,
        commission_bps=product.commission_bps,
    )


def _differences(plan: _Plan, known: ImportedProduct) -> list[str]:
    product, listing = known.product, plan.listing
    wanted = {"name": listing.name, "subtitle": listing.subtitle, "category_id": plan.category_id}
    if plan.detail:
        wanted["detail"] = plan.detail
    plan.changes = {name: value for name, value in wanted.items() if getattr(product, name) != value}
    labels = {"name": _("名称"), "subtitle": _("副标题"), "category_id": _("分类"), "detail": _("详情")}
    said = [labels[name] for name in plan.changes]
    skus = {sku.pk: sku for sku in product.skus.all()}
    own = [skus.get(known.skus.get(one.key, 0)) for one in plan.skus]
    if any(sku is not None and _prices(sku) != _prices_wanted(one) for sku, one in zip(own, plan.skus, strict=True)):
        said.append(_("价格"))
    if any(sku is None for sku in own):
        said.append(_("新规格"))
    return said


def _prices(sku: Sku) -> tuple[int, int, int | None]:
    return sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen


def _prices_wanted(wanted: _Wanted) -> tuple[int, int, int | None]:
    return wanted.supply_fen, wanted.list_fen, wanted.sale_fen


def _make(sheet: Sheet, plans: Sequence[_Plan], at: datetime, tell: Tell) -> None:
    """Make drafts, a thousand at a time."""
    source = sheet.reading["source"]
    for start in range(0, len(plans), AT_ONCE):
        batch = plans[start : start + AT_ONCE]
        products = Product.objects.bulk_create([_product(sheet.supplier, plan) for plan in batch])
        made: list[tuple[_Wanted, Sku]] = []
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


def _product(supplier: Supplier, plan: _Plan) -> Product:
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


def _sku(product: Product, wanted: _Wanted) -> Sku:
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


def _write_skus(made: Sequence[tuple[_Wanted, Sku]], *, by_id: int | None, at: datetime) -> None:
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


def _change(plans: Sequence[_Plan], sheet: Sheet, at: datetime) -> None:
    """Bring drafts up to what the file says; each is looked at once more under its locks."""
    for plan in plans:
        known = plan.known
        assert known is not None
        product = lock_prices(product_id=known.product_id)
        if product.is_published or product.review not in (ReviewState.DRAFT, ReviewState.REJECTED):
            plan.decide(SKIPPED, _("已导入，现在在架、下架或审核中，导入不改动它"))
            continue
        if plan.changes:
            Product.objects.filter(pk=product.pk).update(**plan.changes)
        skus = {sku.pk: sku for sku in Sku.objects.filter(product=product)}
        fresh: list[tuple[_Wanted, Sku]] = []
        for wanted in plan.skus:
            sku = skus.get(known.skus.get(wanted.key, 0))
            if sku is None:
                fresh.append((wanted, _sku(product, wanted)))
            elif _prices(sku) != _prices_wanted(wanted):
                sku.supply_price_fen, sku.list_price_fen = wanted.supply_fen, wanted.list_fen
                sku.sale_price_fen = wanted.sale_fen
                sku.save(update_fields=["supply_price_fen", "list_price_fen", "sale_price_fen"])
        if fresh:
            _write_skus(fresh, by_id=sheet.uploaded_by_id, at=at)
            known.skus = {**known.skus, **{wanted.key: sku.pk for wanted, sku in fresh}}
            known.save(update_fields=["skus"])
        refresh_product(product_id=product.pk)


def _fen(text: str) -> int | None:
    text = text.strip().removeprefix("¥").removeprefix("￥").replace(",", "")
    if not text.isascii() or not _YUAN.fullmatch(text):
        return None
    whole, _point, cents = text.partition(".")
    fen = int(whole) * 100 + int((cents + "00")[:2])
    return fen if 0 < fen <= PRICE_MAX_FEN else None


def _pieces(text: str) -> int:
    """Return how many pieces; other systems count below zero, too, or leave it empty."""
    return min(int(text), STOCK_MAX) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
