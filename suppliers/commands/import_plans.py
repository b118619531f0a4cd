"""What would become of each product of another platform's file: a draft to make, one to change, nothing, or why not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.ids import random_code
from mall.core.money import share_fen, yuan
from mall.core.text import clean_line
from suppliers.catalogues import SOURCES, Listing, Variant
from suppliers.models import ImportedProduct, Product, ReviewState, Sheet, Sku, Supplier
from suppliers.rules import SPEC_VALUE_MAX, clean_html, is_commission_covered

from .sheets import BAD, GOOD, SKIPPED, RowReport, rows_of

SKUS_MAX = 10_000
VARIANTS_MAX = 200
NAME_MAX, SUBTITLE_MAX, CODE_MAX, EXTERNAL_MAX = 60, 80, 40, 64
PRICE_MAX_FEN, STOCK_MAX = 100_000_000, 1_000_000
AT_ONCE = 1_000
# What is said of a product that an import does not touch.
LEFT_ALONE = gettext_lazy("已导入，现在在架、下架或审核中，导入不改动它")
_YUAN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2}0*)?")
_BARCODE = re.compile(r"[0-9]{8,14}")


@dataclass(slots=True)
class Wanted:
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
class Plan:
    """What becomes of one listing."""

    listing: Listing
    status: str = ""
    text: str = ""
    category_id: int = 0
    detail: list[dict[str, str]] = field(default_factory=list)
    skus: list[Wanted] = field(default_factory=list)
    known: ImportedProduct | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    def decide(self, status: str, text: str) -> None:
        self.status, self.text = status, text

    @property
    def report(self) -> RowReport:
        named = self.listing.name or self.listing.external_id
        return RowReport(number=self.listing.number, status=self.status, subject=named[:40], text=self.text)


def plans_of(sheet: Sheet) -> list[Plan]:
    """Return what would become of each product of a file that was mapped, in its order. Changes nothing."""
    reading = sheet.reading
    source = SOURCES[reading["source"]]
    rows = rows_of(sheet)
    broken = {row.number for row in rows if row.formulas}
    listings = source.listings([row for row in rows if not row.formulas], reading["columns"])
    plans = [Plan(listing) for listing in listings]
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


def _formula(number: int) -> Plan:
    plan = Plan(Listing(number=number, external_id="", name=""))
    plan.decide(BAD, _("这一行有公式，请改成文字或数字"))
    return plan


def _bound(plans: Sequence[Plan]) -> None:
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


def _judge(plan: Plan, reading: Mapping[str, Any], seen: dict[str, int]) -> None:
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


def _variants(plan: Plan, supply_bps: int) -> str:
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


def _wanted(variant: Variant, supply_bps: int) -> Wanted | str:
    """Return a SKU as it is to be, or what is wrong with it."""
    if not variant.price:
        return _("没有填售价")
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
    return Wanted(
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


def _code(plan: Plan, source: str, taken: set[str]) -> None:
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


def _compare(plan: Plan, known: ImportedProduct | None) -> None:
    """Say whether it is a new draft, changes one, or changes nothing."""
    plan.known = known
    lowest = min(wanted.sale_fen for wanted in plan.skus)
    if known is None:
        said = _("新建草稿：%(count)d 个规格，%(price)s 起") % {"count": len(plan.skus), "price": yuan(lowest)}
        plan.decide(GOOD, "；".join([said, *plan.listing.notes]))
        return
    product = known.product
    if not is_open(product):
        plan.decide(SKIPPED, str(LEFT_ALONE))
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


def _is_covered(wanted: Wanted, product: Product) -> bool:
    return is_commission_covered(
        sale_price_fen=wanted.sale_fen,
        supply_price_fen=wanted.supply_fen,
        commission_bps=product.commission_bps,
    )


def _differences(plan: Plan, known: ImportedProduct) -> list[str]:
    product, listing = known.product, plan.listing
    wanted = {"name": listing.name, "subtitle": listing.subtitle, "category_id": plan.category_id}
    if plan.detail:
        wanted["detail"] = plan.detail
    plan.changes = {name: value for name, value in wanted.items() if getattr(product, name) != value}
    labels = {"name": _("名称"), "subtitle": _("副标题"), "category_id": _("分类"), "detail": _("详情")}
    said = [labels[name] for name in plan.changes]
    skus = {sku.pk: sku for sku in product.skus.all()}
    own = [skus.get(known.skus.get(one.key, 0)) for one in plan.skus]
    pairs = zip(own, plan.skus, strict=True)
    if any(sku is not None and prices_of_sku(sku) != prices_wanted(one) for sku, one in pairs):
        said.append(_("价格"))
    if any(sku is None for sku in own):
        said.append(_("新规格"))
    return said


def is_open(product: Product) -> bool:
    """Say whether an import may change a product: only while it is its supplier's draft."""
    return not product.is_published and product.review in (ReviewState.DRAFT, ReviewState.REJECTED)


def prices_of_sku(sku: Sku) -> tuple[int, int, int | None]:
    return sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen


def prices_wanted(wanted: Wanted) -> tuple[int, int, int | None]:
    return wanted.supply_fen, wanted.list_fen, wanted.sale_fen


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
