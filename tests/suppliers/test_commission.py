"""The commission that a product carries: set in percent, shown in yuan, and never more than its price bears."""

from typing import Any

import pytest
from django.urls import reverse

from mall.core.rights import REVIEW, SERVICE
from suppliers.commands import CommissionRefused, add_sku, set_commission
from suppliers.models import Product, Sku
from suppliers.queries import card_of
from suppliers.rules import is_commission_covered
from tests.factories import AT, a_gift_pack, a_sku
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk, product_form

pytestmark = pytest.mark.django_db

# Sale price, supply price, share; whether the price bears it.
PRICES = [
    (6_800, 4_000, 0, True),
    (6_800, 4_000, 4_117, True),  # floor(6,800 × 0.4117) = 2,799
    (6_800, 4_000, 4_118, True),  # floor(6,800 × 0.4118) = 2,800: nothing is left
    (6_800, 4_000, 4_120, False),  # floor(6,800 × 0.4120) = 2,801
    (1, 1, 5_000, True),  # floor(0.5) = 0
    (2, 2, 5_000, False),
    (100, 101, 0, False),
]


@pytest.mark.parametrize(("sale", "supply", "bps", "covered"), PRICES)
def test_what_a_price_bears(sale: int, supply: int, bps: int, covered: bool) -> None:
    assert is_commission_covered(sale_price_fen=sale, supply_price_fen=supply, commission_bps=bps) is covered


def refused(words: str, act: Any, **values: Any) -> None:
    with nothing_changes(), pytest.raises(CommissionRefused, match=words):
        act(**values)


def test_a_commission_is_refused_with_its_figures() -> None:
    sku = a_sku(price_fen=6_800, supply_price_fen=4_000)
    set_commission(product=sku.product, commission_bps=4_118)
    refused("供货价 ¥40.00 加佣金 ¥34.00 超过售价 ¥68.00", set_commission, product=sku.product, commission_bps=5_000)
    for wrong in (-1, 5_001, True, "10"):
        refused("0 到 50%", set_commission, product=sku.product, commission_bps=wrong)
    refused("礼包没有零售佣金", set_commission, product=a_gift_pack().product, commission_bps=100)


def test_a_further_sku_bears_it_too() -> None:
    sku = a_sku()
    set_commission(product=sku.product, commission_bps=1_000)
    product = Product.objects.get(pk=sku.product_id)
    values = {"product": product, "code": "NEW-9", "spec": "小包", "list_price_fen": 2_000, "on_hand": 0, "at": AT}
    refused("小包", add_sku, **values, supply_price_fen=951, sale_price_fen=1_000)
    refused("礼包没有", add_sku, **values, supply_price_fen=900, sale_price_fen=None, is_gift_pack=True)
    assert add_sku(**values, supply_price_fen=900, sale_price_fen=1_000).pk


def test_a_card_says_what_one_piece_brings() -> None:
    sku = a_sku(price_fen=12_800, supply_price_fen=5_000)
    set_commission(product=sku.product, commission_bps=1_234)
    offer = card_of(product=Product.objects.get(pk=sku.product_id), at=AT).offer
    assert offer is not None
    assert offer.commission_fen == 1_579  # floor(1,579.52)


@pytest.fixture
def mine() -> Desk:
    """A desk whose product is off the shelf: what is said of it is kept at once."""
    desk = Desk("甲家")
    Product.objects.filter(pk=desk.sku.product_id).update(is_published=False)
    return desk


def save(desk: Desk, **changes: Any) -> Any:
    return desk.post("suppliers_product_change", desk.sku.product_id, **product_form(desk.sku, **changes))


@pytest.mark.parametrize(("typed", "bps"), [("12", 1_200), ("12.5%", 1_250), ("１２", 1_200), ("0.05", 5), ("", 0)])
def test_a_supplier_says_it_in_percent(mine: Desk, typed: str, bps: int) -> None:
    assert save(mine, commission_bps=typed).status_code == 302
    assert Product.objects.get(pk=mine.sku.product_id).commission_bps == bps
    page = text(mine.get("suppliers_product_change", mine.sku.product_id))
    if bps == 1_200:
        assert 'value="12"' in page
        assert "佣金 ¥8.22，平台剩 ¥20.28" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("51", "最多 50%"),
        ("-1", "请填写百分数"),
        ("1e1", "请填写百分数"),
        ("12.345", "请填写百分数"),
        ("五", "请填写百分数"),
    ],
)
def test_what_is_no_percentage_is_said_and_nothing_changes(mine: Desk, typed: str, words: str) -> None:
    with nothing_changes():
        answer = save(mine, commission_bps=typed)
    assert answer.status_code == 200
    assert words in text(answer)


def test_neither_the_share_nor_a_price_may_eat_the_margin(mine: Desk) -> None:
    with nothing_changes():
        assert "加佣金 ¥34.25 超过售价 ¥68.50" in text(save(mine, commission_bps="50"))
    assert save(mine, commission_bps="40").status_code == 302
    with nothing_changes():
        assert "超过售价" in text(save(mine, commission_bps="40", **{"skus-0-supply_price_fen": "41.11"}))
        sku = {"code": "NEW-1", "spec_values": "一斤", "weight_g": "0", "supply_price_fen": "41.11"}
        sku |= {"list_price_fen": "99", "sale_price_fen": "68.50", "is_active": "on"}
        assert "超过售价" in text(mine.post("suppliers_sku_change", mine.sku.pk, **sku))
    assert save(mine, commission_bps="40", **{"skus-0-supply_price_fen": "41.10"}).status_code == 302


def test_an_operator_sets_it_on_a_page_of_its_own() -> None:
    sku: Sku = a_sku(price_fen=12_800, supply_price_fen=6_000)
    client = as_(operator("何琳", SERVICE))
    address = reverse("ops:suppliers_product_commission", args=[sku.product_id])
    assert address in text(client.get(reverse("ops:suppliers_product_change", args=[sku.product_id])))
    with nothing_changes():
        assert "最多 50%" in text(client.post(address, {"commission_bps": "50.01"}))
    assert client.post(address, {"commission_bps": "12"}).status_code == 302
    assert Product.objects.get(pk=sku.product_id).commission_bps == 1_200
    assert "佣金 ¥15.36" in text(client.get(reverse("ops:suppliers_product_change", args=[sku.product_id])))
    other = as_(operator("苏敏", REVIEW))
    with nothing_changes():
        assert other.post(address, {"commission_bps": "1"}).status_code == 403
    assert client.get(reverse("ops:suppliers_product_commission", args=[999_999])).status_code == 404
