"""From a draft to the shelf: a supplier submits, an operator approves or rejects for a reason.

What a product on the shelf says is not changed by its supplier: the change waits beside it until it is approved.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mall.core.ids import random_code
from mall.core.text import clean_line
from suppliers.models import (
    MediaKind,
    Product,
    ProductMedia,
    ProductRevision,
    ReviewState,
    RevisionState,
    Sku,
    Supplier,
)
from suppliers.rules import GALLERY, REVIEWED_COLUMNS

from .catalogue import add_sku, clean_detail, refresh_product
from .gallery import GalleryEdit, drop_files, edited, files_of, gallery_of, show_gallery
from .permits import require_permits
from .refusals import ReviewRefused

REASON_MAX = 200
NAME_MAX = 60


def content_of(product: Product) -> dict[str, Any]:
    """Return what a product says and shows: the columns that are reviewed, and its gallery."""
    return {**{name: getattr(product, name) for name in REVIEWED_COLUMNS}, GALLERY: gallery_of(product)}


def submit_product(*, product: Product, by: Any, at: datetime) -> ProductRevision:
    """Hand a product that is not on the shelf to the operators. Raises ReviewRefused where something is missing, or it
    waits already."""
    with transaction.atomic():
        locked = _locked(product.pk)
        if locked.is_published:
            raise ReviewRefused(_("商品已在架，修改内容后会自动送审"))
        if locked.review == ReviewState.REVIEWING:
            raise ReviewRefused(_("商品正在审核中"))
        if not locked.image and not locked.media.exists():
            raise ReviewRefused(_("请先传一张商品图片"))
        if not locked.skus.filter(is_active=True).exists():
            raise ReviewRefused(_("请先填一个可售的规格"))
        require_permits(product=locked)
        last = locked.revisions.filter(state=RevisionState.APPROVED).order_by("-pk").first()
        content = content_of(locked)
        before = {name: value for name, value in (last.content if last else {}).items() if content[name] != value}
        revision = ProductRevision.objects.create(
            product=locked, content=content, before=before, is_live=False, submitted_by=by, submitted_at=at
        )
        _mark(locked, ReviewState.REVIEWING)
    return revision


def propose_changes(*, product: Product, content: Mapping[str, Any], by: Any, at: datetime) -> ProductRevision | None:
    """Have the operators look at what a product on the shelf is to say; a proposal that waits already takes it in.

    Columns that say what they say now drop out; without any left nothing waits. Raises ReviewRefused for a product
    that is not on the shelf.
    """
    with transaction.atomic():
        locked = _locked(product.pk)
        if not locked.is_published:
            raise ReviewRefused(_("商品不在架，请直接修改"))
        now = content_of(locked)
        waiting = locked.revisions.filter(state=RevisionState.WAITING).first()
        wanted = {**(waiting.content if waiting else {}), **content}
        wanted = {name: value for name, value in wanted.items() if name in now and now[name] != value}
        if waiting is not None:
            _end(waiting, RevisionState.WITHDRAWN, None, "", at, kept=files_of(wanted.get(GALLERY, ())))
        if not wanted:
            return None
        return ProductRevision.objects.create(
            product=locked,
            content=wanted,
            before={name: now[name] for name in wanted},
            is_live=True,
            submitted_by=by,
            submitted_at=at,
        )


def propose_gallery(*, product: Product, edits: Iterable[GalleryEdit], by: Any, at: datetime) -> ProductRevision | None:
    """Have the operators look at a changed gallery of a product on the shelf, beside what else is proposed. Edits go on
    from what waits already. Raises ReviewRefused where no picture would be left, or the product is not on the shelf."""
    with transaction.atomic():
        locked = _locked(product.pk)
        waiting = locked.revisions.filter(state=RevisionState.WAITING).first()
        shown = gallery_of(locked)
        wanted = edited(waiting.content.get(GALLERY, shown) if waiting else shown, edits)
        if not any(row["kind"] == MediaKind.IMAGE for row in wanted):
            raise ReviewRefused(_("在架商品至少要留一张图片"))
        return propose_changes(product=locked, content={GALLERY: wanted}, by=by, at=at)


def withdraw_revision(*, product: Product, at: datetime) -> bool:
    """Take back what waits for the operators; returns whether something did."""
    with transaction.atomic():
        locked = _locked(product.pk)
        waiting = locked.revisions.filter(state=RevisionState.WAITING).first()
        if waiting is None:
            return False
        _end(waiting, RevisionState.WITHDRAWN, None, "", at)
        if locked.review == ReviewState.REVIEWING:
            _mark(locked, ReviewState.DRAFT)
    return True


def approve_revision(*, revision: ProductRevision, by: Any, at: datetime) -> Product:
    """Put a product on the shelf, or let it say there what was proposed. Raises ReviewRefused where it was decided
    before, or the product says something else by now."""
    with transaction.atomic():
        locked, waiting = _waiting(revision)
        if waiting.is_live:
            if _says_else(content_of(locked), waiting.before):
                raise ReviewRefused(_("商品内容在提交后变了，请驳回并请供应商重新提交"))
            columns = {name: value for name, value in waiting.content.items() if name != GALLERY}
            for name, value in columns.items():
                setattr(locked, name, value)
            locked.save(update_fields=list(columns))
            if GALLERY in waiting.content:
                show_gallery(product=locked, gallery=waiting.content[GALLERY])
        elif _says_else(content_of(locked), waiting.content):
            raise ReviewRefused(_("商品内容在提交后变了，请驳回并请供应商重新提交"))
        else:
            locked.is_published, locked.review = True, ReviewState.APPROVED
            locked.save(update_fields=["is_published", "review"])
        if not waiting.is_live or "category_id" in waiting.content:
            require_permits(product=locked)
        refresh_product(product_id=locked.pk)
        _end(waiting, RevisionState.APPROVED, by, "", at)
    return locked


def reject_revision(*, revision: ProductRevision, by: Any, reason: str, at: datetime) -> Product:
    """Send a proposal back with a reason; what is on the shelf stays as it is. Raises ReviewRefused."""
    try:
        reason = clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise ReviewRefused(_("请写明驳回的原因")) from error
    if not reason:
        raise ReviewRefused(_("请写明驳回的原因"))
    with transaction.atomic():
        locked, waiting = _waiting(revision)
        _end(waiting, RevisionState.REJECTED, by, reason, at)
        if not waiting.is_live:
            _mark(locked, ReviewState.REJECTED)
    return locked


def take_off_shelf(*, product: Product) -> bool:
    """Take a product off the shelf by its supplier; what is ordered stays ordered. Returns whether it was on it."""
    return bool(Product.objects.filter(pk=product.pk, is_published=True).update(is_published=False))


def put_back_on_shelf(*, product: Product) -> None:
    """Put a product back that operators approved and nobody changed since. Raises ReviewRefused."""
    require_permits(product=product)
    ready = Q(pk=product.pk, is_published=False, review=ReviewState.APPROVED)
    if not Product.objects.filter(ready).update(is_published=True):
        raise ReviewRefused(_("请先提交审核，通过后上架"))


def mark_changed(*, product: Product, at: datetime) -> None:
    """A product off the shelf says something else: it is a draft again, and what waited for the operators does no
    more."""
    with transaction.atomic():
        locked = _locked(product.pk)
        if locked.is_published or locked.review == ReviewState.DRAFT:
            return
        waiting = locked.revisions.filter(state=RevisionState.WAITING).first()
        if waiting is not None:
            _end(waiting, RevisionState.WITHDRAWN, None, "", at)
        _mark(locked, ReviewState.DRAFT)


def copy_product(*, product: Product, supplier: Supplier, at: datetime) -> Product:
    """Make a draft that says the same, with SKUs of new codes and without stock."""
    with transaction.atomic():
        source = Product.objects.get(pk=product.pk, supplier=supplier)
        copied = {
            field.attname: getattr(source, field.attname)
            for field in Product._meta.concrete_fields
            if field.attname not in ("id", "slug", "sales_count", "is_published", "review", "created_at", "name")
        }
        name = f"{source.name[: NAME_MAX - 4]}（副本）"
        made = Product.objects.create(
            **copied, name=name, slug=random_code(10).lower(), is_published=False, review=ReviewState.DRAFT
        )
        made.detail = clean_detail(made.detail)
        for sku in Sku.objects.filter(product=source, is_gift_pack=False).order_by("pk"):
            add_sku(
                product=made,
                code=f"{sku.code[:31]}-{random_code(8)}",
                spec=sku.spec,
                spec_values=sku.spec_values,
                supply_price_fen=sku.supply_price_fen,
                list_price_fen=sku.list_price_fen,
                sale_price_fen=sku.sale_price_fen,
                weight_g=sku.weight_g,
                on_hand=0,
                at=at,
            )
        for media in ProductMedia.objects.filter(product=source):
            media.pk, media._state.adding, media.product = None, True, made
            media.save()
        refresh_product(product_id=made.pk)
    return made


def _locked(product_id: int) -> Product:
    return Product.objects.select_for_update(no_key=True, of=("self",)).get(pk=product_id)


def _waiting(revision: ProductRevision) -> tuple[Product, ProductRevision]:
    locked = _locked(revision.product_id)
    waiting = ProductRevision.objects.filter(pk=revision.pk, state=RevisionState.WAITING).first()
    if waiting is None:
        raise ReviewRefused(_("这份商品审核已经处理过，请刷新页面"))
    return locked, waiting


def _says_else(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    return any(now[name] != value for name, value in then.items())


def _mark(product: Product, review: str) -> None:
    product.review = review
    product.save(update_fields=["review"])


def _end(
    revision: ProductRevision, state: str, by: Any, reason: str, at: datetime, *, kept: Collection[str] = ()
) -> None:
    if state != RevisionState.APPROVED:
        drop_files(revision=revision, kept=kept)
    revision.state, revision.decided_by, revision.reason, revision.decided_at = state, by, reason, at
    revision.save(update_fields=["state", "decided_by", "reason", "decided_at"])
