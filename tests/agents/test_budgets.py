"""A month's budget for the commission of a product: used up, new orders carry none; those placed keep theirs."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agents.commands import BudgetRefused, keep_budgets, open_offer, set_budget
from agents.models import CommissionBudget
from agents.queries.opportunities import commission_placed, open_offers
from mall.core.own_supplier import rows_of
from mall.core.seats import Role
from members.models import Member
from orders.commands import cancel_purchase
from orders.models import Order, OrderLine
from suppliers.models import Product, Sku
from tests.factories import AT, a_paid_order, a_placed_order, later
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm

from .shops import a_good, a_shopkeeper

pytestmark = pytest.mark.django_db

# AT is the first of November; a good costs 100 yuan and pays 10 %.
FEN = 10_000


@pytest.fixture
def keeper() -> Member:
    return a_shopkeeper()


@pytest.fixture
def good() -> Sku:
    return a_good("武夷岩茶", price_fen=FEN, bps=1_000)


def product_of(good: Sku) -> Product:
    return Product.objects.get(pk=good.product_id)


def sold(good: Sku, keeper: Member, *, at: Any = AT, **line: Any) -> Order:
    """A paid order of a shopkeeper's customer, carrying what the product carries then."""
    bps = product_of(good).commission_bps
    order = a_paid_order(sku=good, at=at)
    Order.objects.filter(pk=order.pk).update(adviser=keeper)
    OrderLine.objects.filter(order=order).update(commission_bps=bps, **line)
    return order


def test_a_budget_that_is_used_up_pauses_new_orders_and_leaves_placed_ones(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_500, by=keeper, at=AT)
    first = sold(good, keeper)
    assert keep_budgets(at=later(minutes=1)) == 0
    assert CommissionBudget.objects.get().left_fen == 500
    second = sold(good, keeper, at=later(minutes=2))
    assert keep_budgets(at=later(minutes=3)) == 1
    budget = CommissionBudget.objects.get()
    assert (budget.used_fen, budget.paused_bps, product_of(good).commission_bps) == (2_000, 1_000, 0)
    third = sold(good, keeper, at=later(minutes=4))
    carried = [OrderLine.objects.get(order=order).commission_bps for order in (first, second, third)]
    assert carried == [1_000, 1_000, 0]
    with nothing_changes():
        assert keep_budgets(at=later(minutes=5)) == 0


def test_the_next_month_takes_it_up_again(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_000, by=keeper, at=AT)
    sold(good, keeper)
    keep_budgets(at=AT)
    assert product_of(good).commission_bps == 0
    keep_budgets(at=later(days=29))
    assert product_of(good).commission_bps == 0
    # The first of December in Shanghai.
    keep_budgets(at=later(days=30))
    budget = CommissionBudget.objects.get()
    assert (product_of(good).commission_bps, budget.paused_bps, budget.used_fen) == (1_000, 0, 0)
    assert budget.month_date == date(2026, 12, 1)


def test_what_is_refunded_or_never_paid_is_given_back(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_000, by=keeper, at=AT)
    order = a_placed_order(sku=good)
    OrderLine.objects.filter(order=order).update(commission_bps=1_000)
    keep_budgets(at=AT)
    assert product_of(good).commission_bps == 0
    cancel_purchase(purchase=order.purchase, reason="不要了", at=AT)
    assert keep_budgets(at=AT) == 1
    assert product_of(good).commission_bps == 1_000
    sold(good, keeper, refunded_fen=4_000)
    assert commission_placed(product_id=good.product_id, since=AT) == 600


def test_prices_that_no_longer_bear_it_keep_it_paused_with_the_reason(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_000, by=keeper, at=AT)
    sold(good, keeper)
    keep_budgets(at=AT)
    Sku.objects.filter(pk=good.pk).update(supply_price_fen=9_500)
    keep_budgets(at=later(days=31))
    budget = CommissionBudget.objects.get()
    assert (product_of(good).commission_bps, budget.paused_bps) == (0, 1_000)
    assert "超过售价" in budget.trouble
    with nothing_changes(), pytest.raises(BudgetRefused, match="超过售价"):
        set_budget(product=good.product, month_fen=None, by=keeper, at=later(days=31))


def test_a_larger_budget_or_none_takes_it_up_at_once(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_000, by=keeper, at=AT)
    sold(good, keeper)
    keep_budgets(at=AT)
    set_budget(product=good.product, month_fen=5_000, by=keeper, at=AT)
    assert product_of(good).commission_bps == 1_000
    set_budget(product=good.product, month_fen=500, by=keeper, at=AT)
    assert product_of(good).commission_bps == 0
    set_budget(product=good.product, month_fen=None, by=keeper, at=AT)
    assert (product_of(good).commission_bps, CommissionBudget.objects.count()) == (1_000, 0)
    # A repeat changes nothing.
    with nothing_changes():
        assert set_budget(product=good.product, month_fen=None, by=keeper, at=AT) is None


def test_a_budget_of_nothing_or_for_nothing_is_refused(keeper: Member, good: Sku) -> None:
    free = a_good(bps=0)
    with nothing_changes():
        for fen in (0, -1, 100_000_001):
            with pytest.raises(BudgetRefused, match="预算"):
                set_budget(product=good.product, month_fen=fen, by=keeper, at=AT)
        with pytest.raises(BudgetRefused, match="零售佣金"):
            set_budget(product=free.product, month_fen=1, by=keeper, at=AT)
    set_budget(product=good.product, month_fen=1, by=keeper, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommissionBudget.objects.update(month_fen=0)


def test_shopkeepers_are_told_before_they_share(keeper: Member, good: Sku) -> None:
    set_budget(product=good.product, month_fen=1_500, by=keeper, at=AT)
    client = signed_in(keeper)
    page = client.get("/agent/goods/")
    markup(page)
    assert "佣金预算还剩 ¥15.00" in page.content.decode()
    open_offer(product=good.product, words="好卖", until_date=AT.date(), by=keeper, at=AT)
    sold(good, keeper), sold(good, keeper)
    keep_budgets(at=AT)
    page = client.get("/agent/goods/").content.decode()
    assert "佣金 10% 已暂停" in page
    assert "赚 ¥10.00" not in page
    assert not open_offers(at=AT).exists()


def test_a_budget_is_set_at_the_desk_by_the_owner_for_own_goods(keeper: Member, good: Sku) -> None:
    firm, other = Firm("甲家", whole=False), Firm("乙家", whole=False)
    Product.objects.filter(pk=good.product_id).update(supplier=firm.supplier)
    address = f"/supplier/opportunities/{good.product_id}/budget/"
    finance = firm.seat(Role.FINANCE)
    with nothing_changes():
        assert other.client.post(address, {"month_fen": "5"}).status_code == 404
        assert finance.post(address, {"month_fen": "5"}).status_code == 403
        assert firm.client.post(address, {"month_fen": "-5"}).status_code == 200
    assert firm.client.post(address, {"month_fen": "500"}).status_code == 302
    assert CommissionBudget.objects.get().month_fen == 50_000
    assert "/ ¥500.00" in firm.client.get("/supplier/opportunities/").content.decode()
    with rows_of(other.supplier.pk):
        assert not CommissionBudget.objects.exists()
    assert firm.client.post(address, {"month_fen": ""}).status_code == 302
    assert not CommissionBudget.objects.exists()
