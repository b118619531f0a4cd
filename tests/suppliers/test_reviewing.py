"""V-2: from a draft to the shelf by way of the operators; what is on the shelf changes only when they agree."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from suppliers.commands import (
    ReviewRefused,
    add_media,
    approve_revision,
    copy_product,
    mark_changed,
    propose_changes,
    publish_product,
    put_back_on_shelf,
    reject_revision,
    submit_product,
    take_off_shelf,
    withdraw_revision,
)
from suppliers.models import PriceChange, Product, ProductRevision, ReviewState, RevisionState, Sku
from suppliers.queries import differences, state_counts
from tests.factories import AT, a_gift_pack, a_sku, later
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk, product_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Desk:
    return Desk("甲家")


@pytest.fixture
def theirs() -> Desk:
    return Desk("乙家")


@pytest.fixture
def draft(mine: Desk) -> Product:
    """A product that was added at the desk: a draft with a picture and a SKU."""
    form = product_form(mine.sku, **{"skus-INITIAL_FORMS": "0", "skus-0-id": "", "skus-0-product": ""})
    assert mine.post("suppliers_product_add", **form).status_code == 302
    product = Product.objects.get(name="新名字")
    add_media(product=product, path="goods/x.webp")
    return product


def again(product: Product) -> Product:
    return Product.objects.get(pk=product.pk)


def test_a_new_product_is_a_draft_that_nobody_sees(mine: Desk, draft: Product) -> None:
    assert (draft.is_published, draft.review) == (False, ReviewState.DRAFT)
    assert state_counts(supplier=mine.supplier) == {
        "draft": 1,
        "reviewing": 0,
        "published": 1,
        "off": 0,
        "rejected": 0,
    }
    assert mine.client.get(f"/p/{draft.slug}").status_code in (404, 410)


def test_a_draft_is_submitted_rejected_mended_and_approved(mine: Desk, draft: Product) -> None:
    assert mine.post("suppliers_product_submit", draft.pk).status_code == 302
    assert again(draft).review == ReviewState.REVIEWING
    with nothing_changes(), pytest.raises(ReviewRefused):
        submit_product(product=draft, by=mine.member, at=AT)

    ops = as_(operator("沈初审", "operator_service"))
    first = ProductRevision.objects.get()
    assert "新名字" in text(ops.get(reverse("ops:suppliers_productrevision_change", args=[first.pk])))
    reject = reverse("ops:suppliers_productrevision_reject", args=[first.pk])
    with nothing_changes():
        assert "请写明驳回的原因" in text(ops.post(reject, {"reason": " "}))
    assert ops.post(reject, {"reason": "产地没有写"}).status_code == 302
    assert again(draft).review == ReviewState.REJECTED
    page = mine.get("suppliers_product_changelist", state="rejected").content.decode()
    assert "产地没有写" in page

    Product.objects.filter(pk=draft.pk).update(origin="武夷山")
    mine.post("suppliers_product_submit", draft.pk)
    second = ProductRevision.objects.get(state=RevisionState.WAITING)
    assert ops.post(reverse("ops:suppliers_productrevision_approve", args=[second.pk])).status_code == 302
    assert (again(draft).is_published, again(draft).review) == (True, ReviewState.APPROVED)
    second.refresh_from_db()
    assert (second.state, second.decided_by.nickname) == (RevisionState.APPROVED, "沈初审")
    with nothing_changes(), pytest.raises(ReviewRefused):
        approve_revision(revision=second, by=None, at=AT)


@pytest.mark.parametrize("missing", ["picture", "sku"])
def test_what_is_incomplete_is_not_submitted(mine: Desk, draft: Product, missing: str) -> None:
    if missing == "picture":
        draft.media.all().delete()
    else:
        draft.skus.update(is_active=False)
    with nothing_changes(), pytest.raises(ReviewRefused):
        submit_product(product=draft, by=mine.member, at=AT)


def test_a_draft_that_changed_after_it_was_submitted_is_not_approved(mine: Desk, draft: Product) -> None:
    revision = submit_product(product=draft, by=mine.member, at=AT)
    Product.objects.filter(pk=draft.pk).update(name="别的")
    with nothing_changes(), pytest.raises(ReviewRefused, match="重新提交"):
        approve_revision(revision=revision, by=None, at=AT)


def test_editing_what_is_looked_at_takes_it_back(mine: Desk, draft: Product) -> None:
    revision = submit_product(product=draft, by=mine.member, at=AT)
    mark_changed(product=draft, at=later(hours=1))
    revision.refresh_from_db()
    assert (revision.state, again(draft).review) == (RevisionState.WITHDRAWN, ReviewState.DRAFT)


def test_what_is_on_the_shelf_stays_as_it_is_until_the_change_is_approved(mine: Desk) -> None:
    product = mine.sku.product
    form = product_form(mine.sku, name="改过的名字", limit_per_order="3")
    assert mine.post("suppliers_product_change", product.pk, **form).status_code == 302
    kept = again(product)
    assert (kept.name, kept.limit_per_order, kept.is_published) == ("甲家的茶", 3, True)
    revision = ProductRevision.objects.get()
    assert revision.is_live
    changed = {row.label: (row.before, row.after) for row in differences(revision=revision) if row.is_changed}
    assert changed["名称"] == ("甲家的茶", "改过的名字")
    assert "改动审核中" in mine.get("suppliers_product_changelist", state="published").content.decode()
    approve_revision(revision=revision, by=None, at=AT)
    assert again(product).name == "改过的名字"


def test_a_second_change_takes_in_the_first_and_the_old_words_drop_out(mine: Desk) -> None:
    product = mine.sku.product
    propose_changes(product=product, content={"name": "一"}, by=mine.member, at=AT)
    both = propose_changes(product=product, content={"origin": "武夷山"}, by=mine.member, at=AT)
    assert both is not None
    assert both.content == {"name": "一", "origin": "武夷山"}
    back = propose_changes(product=product, content={"name": "甲家的茶", "origin": ""}, by=mine.member, at=AT)
    assert back is None
    assert not ProductRevision.objects.filter(state=RevisionState.WAITING).exists()


def test_a_rejected_change_leaves_the_shelf_alone(mine: Desk) -> None:
    revision = propose_changes(product=mine.sku.product, content={"name": "一"}, by=mine.member, at=AT)
    assert revision is not None
    reject_revision(revision=revision, by=None, reason="夸大", at=AT)
    kept = again(mine.sku.product)
    assert (kept.name, kept.is_published, kept.review) == ("甲家的茶", True, ReviewState.APPROVED)


def test_a_product_is_taken_off_and_put_back_unless_it_changed(mine: Desk) -> None:
    product = mine.sku.product
    assert mine.post("suppliers_product_shelf", product.pk).status_code == 302
    assert not again(product).is_published
    assert not take_off_shelf(product=product)
    put_back_on_shelf(product=product)
    assert again(product).is_published
    take_off_shelf(product=product)
    mine.post("suppliers_product_change", product.pk, **product_form(mine.sku, name="新"))
    assert again(product).review == ReviewState.DRAFT
    with nothing_changes(), pytest.raises(ReviewRefused, match="提交审核"):
        put_back_on_shelf(product=product)


def test_nothing_unapproved_gets_on_the_shelf_whoever_writes(draft: Product) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=draft.pk).update(is_published=True)
    publish_product(product=draft, is_published=True)
    assert again(draft).review == ReviewState.APPROVED


def test_a_copy_is_a_draft_with_codes_of_its_own_and_no_stock(mine: Desk) -> None:
    a_gift_pack(supplier=mine.supplier)
    add_media(product=mine.sku.product, path="goods/x.webp")
    made = copy_product(product=mine.sku.product, supplier=mine.supplier, at=AT)
    sku = made.skus.get()
    assert (made.name, made.review, made.is_published, made.sales_count) == ("甲家的茶（副本）", "draft", False, 0)
    assert made.slug != mine.sku.product.slug
    assert sku.code != mine.sku.code
    assert (sku.sale_price_fen, sku.on_hand) == (6_800, 0)
    assert made.media.get().path == "goods/x.webp"
    assert mine.sku.product.media.count() == 1


def test_a_price_on_the_shelf_is_asked_for_and_not_written(mine: Desk) -> None:
    form = product_form(mine.sku)
    mine.post("suppliers_product_change", mine.sku.product_id, **form)
    sku = Sku.objects.get(pk=mine.sku.pk)
    assert (sku.sale_price_fen, sku.code) == (6_800, "NEW-1")
    assert PriceChange.objects.get().sale_price_fen == 6_850


@pytest.mark.parametrize("act", ["submit", "withdraw", "shelf", "copy"])
def test_no_act_is_done_to_anothers_product(mine: Desk, theirs: Desk, act: str) -> None:
    with nothing_changes():
        assert mine.get(f"suppliers_product_{act}", theirs.sku.product_id).status_code == 404
        assert mine.post(f"suppliers_product_{act}", theirs.sku.product_id).status_code == 404


def test_who_may_not_publish_only_looks(mine: Desk, draft: Product) -> None:
    revision = submit_product(product=draft, by=mine.member, at=AT)
    ops = as_(operator("旁观", "operator_review"))
    assert ops.get(reverse("ops:suppliers_productrevision_change", args=[revision.pk])).status_code == 200
    with nothing_changes():
        for act in ("approve", "reject"):
            address = reverse(f"ops:suppliers_productrevision_{act}", args=[revision.pk])
            assert ops.post(address, {"reason": "x"}).status_code == 403


def test_a_withdrawn_draft_is_a_draft(mine: Desk, draft: Product) -> None:
    submit_product(product=draft, by=mine.member, at=AT)
    assert withdraw_revision(product=draft, at=AT)
    assert again(draft).review == ReviewState.DRAFT
    assert not withdraw_revision(product=draft, at=AT)


def test_each_state_has_a_tab(mine: Desk, draft: Product) -> None:
    a_sku(supplier=mine.supplier, is_published=False)

    def shown(state: str) -> Any:
        return len(mine.get("suppliers_product_changelist", state=state).context["cl"].result_list)

    assert [shown(state) for state in ("draft", "reviewing", "published", "off", "rejected", "")] == [1, 0, 1, 1, 0, 3]
