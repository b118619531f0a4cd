"""Goods that are on the shelf without a permit that their category came to ask for: named, warned of, taken off."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mall.core.own_supplier import rows_of
from mall.core.rights import SERVICE
from suppliers.commands import (
    PermitMissing,
    add_category,
    add_product,
    approve_paper,
    put_back_on_shelf,
    set_category_permit,
    watch_permits,
)
from suppliers.models import Category, PermitGap, Product
from suppliers.tasks import check_papers
from tests.factories import AT, a_sku, later
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk
from tests.suppliers.test_papers import TODAY, is_published, permit, submitted, told

pytestmark = pytest.mark.django_db

LAST = TODAY + timedelta(days=14)
QUALITY, GAPS = "supplier:orders_quality_view", "ops:suppliers_permitgap_changelist"


@pytest.fixture(autouse=True)
def _at_the_story(monkeypatch: Any) -> None:
    monkeypatch.setattr("mall.core.clock._standing", AT)


@pytest.fixture
def mine() -> Desk:
    """A supplier whose only good is of a category that asks for a permit since just now."""
    desk = Desk("甲家")
    Product.objects.filter(pk=desk.sku.product_id).update(name="狮峰龙井", category=tea())
    return desk


@pytest.fixture
def checker() -> Any:
    return operator("何琳", SERVICE)


def tea() -> Category:
    top = add_category(name="食品", slug="food")
    below = add_category(name="茶", slug="tea", parent=top)
    set_category_permit(category=top, permit="food")
    return Category.objects.get(pk=below.pk)


def test_goods_without_a_permit_are_named_warned_of_and_taken_off(mine: Desk, checker: Any) -> None:
    other = a_sku()
    assert check_papers() == 0
    gap = PermitGap.objects.get()
    assert (gap.product_id, gap.permit, gap.due_date, gap.off_shelf_at) == (mine.sku.product_id, "food", LAST, None)
    assert is_published(mine)
    assert told(mine) == ["permit_missing"]
    client = as_(checker)
    page = text(mine.client.get(reverse(QUALITY)))
    assert "缺许可证的商品" in page
    for shown in (page, text(client.get(reverse(GAPS), follow=True))):
        for words in ("狮峰龙井", "食品经营许可证", LAST.isoformat(), "还有 14 天"):
            assert words in shown
    with nothing_changes():
        assert watch_permits(at=later(days=14)) == 0
    assert watch_permits(at=later(days=15)) == 1
    assert not is_published(mine)
    assert Product.objects.get(pk=other.product_id).is_published
    assert told(mine) == ["permit_missing", "permit_missing_off"]
    assert "已下架" in text(mine.client.get(reverse(QUALITY)))
    assert "狮峰龙井" in text(client.get(reverse(GAPS), {"part": "off"}))
    with nothing_changes():
        assert watch_permits(at=later(days=16)) == 0
        with pytest.raises(PermitMissing):
            put_back_on_shelf(product=Product.objects.get(pk=mine.sku.product_id))


def test_a_permit_in_time_mends_it_and_one_that_waits_puts_the_end_off(mine: Desk, checker: Any) -> None:
    watch_permits(at=AT)
    paper = submitted(mine)
    with nothing_changes():
        assert watch_permits(at=later(days=20)) == 0
    approve_paper(paper=paper, by=checker, at=later(days=20))
    assert watch_permits(at=later(days=21)) == 0
    assert is_published(mine)
    assert not PermitGap.objects.exists()
    assert "缺许可证的商品" not in text(mine.client.get(reverse(QUALITY)))


def test_what_left_the_shelf_comes_back_with_its_permit_and_may_be_missed_anew(mine: Desk) -> None:
    watch_permits(at=AT)
    watch_permits(at=later(days=15))
    permit(mine, days=400)
    put_back_on_shelf(product=Product.objects.get(pk=mine.sku.product_id))
    assert is_published(mine)
    assert "缺许可证的商品" not in text(mine.client.get(reverse(QUALITY)))
    # The category asks for another one as well.
    set_category_permit(category=Category.objects.get(slug="tea"), permit="production")
    watch_permits(at=later(days=30))
    gap = PermitGap.objects.get(off_shelf_at=None)
    assert (gap.permit, gap.due_date) == ("production", TODAY + timedelta(days=44))
    set_category_permit(category=Category.objects.get(slug="tea"), permit="")
    watch_permits(at=later(days=31))
    assert not PermitGap.objects.filter(off_shelf_at=None).exists()


def test_a_permit_for_one_product_covers_that_one_alone(mine: Desk) -> None:
    second = a_sku(supplier=mine.supplier)
    Product.objects.filter(pk=second.product_id).update(category=Category.objects.get(slug="tea"))
    permit(mine, days=400, product=mine.sku.product)
    watch_permits(at=AT)
    assert PermitGap.objects.get().product_id == second.product_id


def test_no_command_adds_goods_to_the_shelf_without_their_permit(mine: Desk) -> None:
    words = {"supplier": mine.supplier, "category": Category.objects.get(slug="tea"), "name": "新茶", "slug": "new-tea"}
    with nothing_changes(), pytest.raises(PermitMissing, match="食品经营许可证"), transaction.atomic():
        add_product(**words)
    assert not add_product(**words, is_published=False).is_published


def test_a_gap_is_open_once_and_another_suppliers_is_not_seen(mine: Desk) -> None:
    watch_permits(at=AT)
    gap = PermitGap.objects.get()
    with pytest.raises(IntegrityError, match="one_is_open"), transaction.atomic():
        PermitGap.objects.create(product=gap.product, permit="food", found_at=AT, due_date=TODAY)
    theirs = Desk("乙家")
    with rows_of(theirs.supplier.pk):
        assert not PermitGap.objects.exists()
    with rows_of(mine.supplier.pk):
        assert PermitGap.objects.count() == 1
    assert "狮峰龙井" not in text(theirs.client.get(reverse(QUALITY)))
