"""What is asked about drafts, reviews and what differs."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from suppliers.models import Brand, Category, Product, ProductRevision, Promise, ReviewState, RevisionState, Supplier
from suppliers.rules import GALLERY

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


def revisions_waiting() -> QuerySet[ProductRevision]:
    """Return what waits for the operators before it goes on the shelf."""
    return ProductRevision.objects.filter(state=RevisionState.WAITING)


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


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or film of a gallery before or after, and what becomes of it: "new", "gone", "moved", "described"
    or nothing. `is_there`: its file has not been deleted with the proposal."""

    kind: str
    path: str
    poster: str
    alt: str
    change: str
    is_there: bool


def galleries(*, revision: ProductRevision) -> tuple[list[Picture], list[Picture]] | None:
    """Return what a product showed and what it is to show; None for a revision from before pictures were reviewed."""
    if GALLERY not in revision.content:
        return None
    new = revision.content[GALLERY]
    is_new = not revision.before and not revision.is_live
    old = [] if is_new else revision.before.get(GALLERY, new)
    is_over = revision.is_live and revision.state in (RevisionState.REJECTED, RevisionState.WITHDRAWN)
    old_paths, new_paths = [row["path"] for row in old], [row["path"] for row in new]
    ranks = _ranks(old_paths, new_paths), _ranks(new_paths, old_paths)
    words = {row["path"]: row["alt"] for row in old}

    def after(row: dict[str, Any]) -> str:
        path = row["path"]
        if path not in words:
            return "" if is_new else "new"
        if ranks[0][path] != ranks[1][path]:
            return "moved"
        return "described" if words[path] != row["alt"] else ""

    shown = [_picture(row, "" if row["path"] in new_paths else "gone", is_there=True) for row in old]
    return shown, [_picture(row, after(row), is_there=row["path"] in words or not is_over) for row in new]


def waiting_gallery(*, product: Product) -> list[Picture]:
    """Return the pictures that wait for the operators while others are shown; none where none do."""
    waiting = product.revisions.filter(state=RevisionState.WAITING, is_live=True).first()
    found = galleries(revision=waiting) if waiting else None
    return found[1] if found else []


def _ranks(paths: list[str], others: list[str]) -> dict[str, int]:
    """Return at which place each path stands among those that both have."""
    return {path: rank for rank, path in enumerate(path for path in paths if path in others)}


def _picture(row: dict[str, Any], change: str, *, is_there: bool) -> Picture:
    return Picture(row["kind"], row["path"], row["poster"], row["alt"], change, is_there)


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
