"""What is asked about drafts, reviews and what differs."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from suppliers.models import Brand, Category, Product, ProductRevision, Promise, ReviewState, RevisionState, Supplier

STATES = ("draft", "reviewing", "published", "off", "rejected")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a product says, before and after, in words; `is_changed` unless both are the same."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def in_state(products: "QuerySet[Any]", *, state: str) -> "QuerySet[Any]":
    """Return the products of one tab. What is on the shelf while a change of it is looked at stands in two."""
    waiting = Exists(ProductRevision.objects.filter(product=OuterRef("pk"), state=RevisionState.WAITING))
    return {
        "draft": products.filter(is_published=False, review=ReviewState.DRAFT),
        "reviewing": products.filter(Q(review=ReviewState.REVIEWING) | Q(waiting)),
        "published": products.filter(is_published=True),
        "off": products.filter(is_published=False, review=ReviewState.APPROVED),
        "rejected": products.filter(is_published=False, review=ReviewState.REJECTED),
    }[state]


def state_counts(*, supplier: Supplier) -> dict[str, int]:
    """Return how many products of a supplier stand in each tab."""
    own = Product.objects.filter(supplier=supplier)
    return {state: in_state(own, state=state).count() for state in STATES}


def revisions_waiting() -> int:
    """Return how many products wait for the operators."""
    return ProductRevision.objects.filter(state=RevisionState.WAITING).count()


def last_rejection(*, product: Product) -> ProductRevision | None:
    """Return the operators' last word on a product, if it was no."""
    last = product.revisions.exclude(state=RevisionState.WITHDRAWN).order_by("-pk").first()
    return last if last is not None and last.state == RevisionState.REJECTED else None


def differences(*, revision: ProductRevision) -> list[Difference]:
    """Return what a product is to say beside what it said, what changed first. A product that was never approved has
    nothing before."""
    is_new = not revision.before and not revision.is_live
    rows = [
        Difference(
            label=label,
            before="" if is_new else _words(name, revision.before.get(name, revision.content[name])),
            after=_words(name, revision.content[name]),
        )
        for name, label in _labels().items()
        if name in revision.content
    ]
    return sorted(rows, key=lambda row: not row.is_changed)


def _labels() -> dict[str, str]:
    return {
        "name": _("名称"),
        "subtitle": _("副标题"),
        "label": _("标签字"),
        "category_id": _("分类"),
        "brand_id": _("品牌"),
        "origin": _("产地"),
        "keywords": _("关键词"),
        "unit": _("销售单位"),
        "promises": _("服务承诺"),
        "ship_within_hours": _("几小时内发货"),
        "returnable": _("支持 7 天无理由退货"),
        "not_returnable_reason": _("不支持的原因"),
        "detail": _("详情"),
    }


def _words(name: str, value: Any) -> str:
    if name == "category_id":
        return _name_of(Category, value)
    if name == "brand_id":
        return _name_of(Brand, value)
    if name == "promises":
        return "、".join(str(Promise(code).label) for code in value if code in Promise.values) or "—"
    if name == "returnable":
        return _("是") if value else _("否")
    if name == "detail":
        return "\n".join(f"# {block.get('title', '')}\n{block.get('html') or block.get('text', '')}" for block in value)
    return str(value) if value not in (None, "") else "—"


def _name_of(model: Any, pk: int | None) -> str:
    found = model.objects.filter(pk=pk).first() if pk else None
    return found.name if found else "—"
