from typing import Any

import pytest

from linkage.models import LinkageEvent
from mall.core.ids import random_code
from members.commands import delete_address
from members.models import Address, Member
from orders import queries
from orders.commands import (
    OrderRefused,
    Refusal,
    cancel_order,
    cancel_purchase,
    expire_purchases,
    place_order,
    place_purchase,
    refund_order,
)
from orders.models import Order, OrderState, PaymentState, Purchase, PurchaseState
from suppliers.models import Product, Sku
from suppliers.queries import miscounted_skus
from tests.factories import (
    AT,
    PACK_PRICE_FEN,
    a_gift_pack,
    a_member,
    a_paid_order,
    a_payment,
    a_placed_order,
    a_sku,
    a_supplier,
    an_address,
    fresh,
    gift_pack_terms,
    later,
)
from tests.orders.goods import a_sku_of, send_for
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def place(member: Member, items: Any, *, address: Address | None = None, key: str = "k1", note: str = "") -> Order:
    return place_order(
        member=member,
        items=items,
        address=address or an_address(member),
        note=note,
        idempotency_key=key,
        at=AT,
    )


def buy(member: Member, items: Any, *, address: Address | None = None, key: str = "", **parts: Any) -> Purchase:
    parts.setdefault("notes", "")
    return place_purchase(
        member=member,
        items=items,
        address=address or an_address(member),
        idempotency_key=key or random_code(20),
        at=AT,
        **parts,
    )


def refused(reason: Refusal, member: Member, items: Any, **parts: Any) -> None:
    parts.setdefault("address", an_address(member))
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        place(member, items, **parts)
    assert refusal.value.reason == reason
    assert str(refusal.value)


def reserved(sku: Sku) -> int:
    return Sku.objects.get(pk=sku.pk).reserved


def test_an_order_is_a_snapshot_of_price_cost_address_and_referrer() -> None:
    referrer = a_member()
    member = a_member(referrer=referrer)
    tea, cup = a_sku(price_fen=6_800, supply_price_fen=4_000), None
    cup = a_sku(supplier=tea.product.supplier, price_fen=3_900, supply_price_fen=2_000)

    order = place(member, [(tea.pk, 2), (cup.pk, 1)], note="  请放\n门口 ")

    assert (order.state, order.packs) == (OrderState.PLACED, 0)
    assert (order.total_fen, order.supply_total_fen) == (17_500, 10_000)
    assert (order.referrer_id, order.supplier_id) == (referrer.pk, tea.product.supplier_id)
    assert order.recipient_address == "浙江省杭州市西湖区 龙井路 1 号"
    assert order.note == "请放 门口"
    assert order.expires_at == later(minutes=30)
    assert order.cooling_off_days == 7
    assert (reserved(tea), reserved(cup)) == (2, 1)
    assert str(order.pk) != order.number

    Product.objects.filter(pk=tea.product_id).update(name="改名")
    Sku.objects.filter(pk=tea.pk).update(sale_price_fen=1, supply_price_fen=1)
    stored = queries.order_of(member=member, number=order.number)
    assert stored is not None
    assert [line.amount_fen for line in stored.lines.all()] == [13_600, 3_900]
    assert stored.lines.all()[0].product_name.startswith("狮峰龙井")


def test_a_gift_pack_costs_the_terms_price() -> None:
    gift_pack_terms()
    order = place(a_member(), [(a_gift_pack().pk, 3)])
    assert (order.packs, order.total_fen, order.cooling_off_days) == (3, 3 * PACK_PRICE_FEN, 7)


def test_a_gift_pack_is_bought_alone() -> None:
    gift_pack_terms()
    pack = a_gift_pack()
    other = a_sku(supplier=pack.product.supplier)
    refused(Refusal.GIFT_PACK_ALONE, a_member(), [(pack.pk, 1), (other.pk, 1)])


def test_a_gift_pack_without_terms_is_not_for_sale() -> None:
    refused(Refusal.NOT_FOR_SALE, a_member(), [(a_gift_pack().pk, 1)])


def test_a_gift_pack_that_would_lose_money_is_not_for_sale() -> None:
    gift_pack_terms(worst_case_fen=29_000)
    refused(Refusal.NOT_FOR_SALE, a_member(), [(a_gift_pack(supply_price_fen=30_000).pk, 1)])


@pytest.mark.parametrize(
    "quantity", [-1, 0, 1.5, 10**9, 2**63, "1", "１", float("nan"), float("inf"), True, None, 100, [1]]
)
def test_no_odd_quantity_is_ordered(quantity: Any) -> None:
    refused(Refusal.BAD_QUANTITY, a_member(), [(a_sku(on_hand=500).pk, quantity)])


def test_lines_of_one_sku_do_not_split_a_limit() -> None:
    sku = a_sku(on_hand=500)
    refused(Refusal.BAD_QUANTITY, a_member(), [(sku.pk, 60), (sku.pk, 60)])
    assert place(a_member(), [(sku.pk, 2), (sku.pk, 3)]).lines.get().quantity == 5


@pytest.mark.parametrize("sku_id", [0, -1, 2**63, 10**12, "1", None, True])
def test_no_unknown_sku_is_ordered(sku_id: Any) -> None:
    refused(Refusal.NOT_ON_SHELF, a_member(), [(sku_id, 1)])


def test_nothing_off_the_shelf_is_ordered() -> None:
    unpublished, inactive, paused = a_sku(is_published=False), a_sku(), a_sku()
    Sku.objects.filter(pk=inactive.pk).update(is_active=False)
    supplier = paused.product.supplier
    supplier.is_active = False
    supplier.save()
    for sku in (unpublished, inactive, paused):
        refused(Refusal.NOT_ON_SHELF, a_member(), [(sku.pk, 1)])


def test_goods_of_two_suppliers_are_two_orders() -> None:
    refused(Refusal.ONE_SUPPLIER, a_member(), [(a_sku().pk, 1), (a_sku(supplier=a_supplier()).pk, 1)])


def test_a_purchase_is_split_by_supplier_and_adds_up() -> None:
    member, tea = a_member(), a_sku(price_fen=6_800, supply_price_fen=4_000)
    cup, rice = a_sku(supplier=tea.product.supplier, price_fen=3_900), a_sku(price_fen=8_900, supply_price_fen=5_000)
    purchase = buy(
        member, [(tea.pk, 2), (rice.pk, 1), (cup.pk, 1)], notes={tea.product.supplier_id: "  请放\n门口 ", 10**9: "x"}
    )
    first, second = purchase.orders.order_by("id")
    assert (purchase.state, purchase.total_fen) == (PurchaseState.PLACED, 26_400)
    assert (first.supplier, first.goods_fen, first.total_fen, first.note) == (
        tea.product.supplier,
        17_500,
        17_500,
        "请放 门口",
    )
    assert (second.supplier, second.total_fen, second.supply_total_fen, second.note) == (
        rice.product.supplier,
        8_900,
        5_000,
        "",
    )
    for order in (first, second):
        assert sum(line.paid_fen for line in order.lines.all()) == order.goods_fen
        assert order.expires_at == purchase.expires_at == later(minutes=30)
    assert (reserved(tea), reserved(cup), reserved(rice)) == (2, 1, 1)
    assert not miscounted_skus().exists()


def test_a_purchase_is_cancelled_and_expires_whole() -> None:
    first, second = a_sku(), a_sku()
    for close in (
        lambda purchase: cancel_purchase(purchase=purchase, reason="不想买了", at=AT),
        lambda purchase: expire_purchases(at=later(minutes=30)),
    ):
        purchase = buy(a_member(), [(first.pk, 2), (second.pk, 1)])
        close(purchase)
        purchase.refresh_from_db()
        assert purchase.state == PurchaseState.CANCELLED
        assert set(purchase.orders.values_list("state", flat=True)) == {OrderState.CANCELLED}
        assert (reserved(first), reserved(second)) == (0, 0)
    assert not miscounted_skus().exists()


def test_one_sku_that_is_out_of_stock_stops_the_whole_purchase() -> None:
    first, second = a_sku(), a_sku(on_hand=1)
    member = a_member()
    address = an_address(member)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        buy(member, [(first.pk, 2), (second.pk, 2)], address=address)
    assert refusal.value.reason == Refusal.OUT_OF_STOCK


def test_placing_takes_few_statements_however_many_lines(django_assert_max_num_queries) -> None:
    member = a_member()
    address = an_address(member)
    skus = [a_sku() for _ in range(6)]
    with django_assert_max_num_queries(13):
        buy(member, [(sku.pk, 1) for sku in skus], address=address)


def test_what_costs_another_price_than_was_seen_is_not_placed() -> None:
    member, sku = a_member(), a_sku(price_fen=6_800)
    address = an_address(member)
    seen = queries.quote(items=[(sku.pk, 1)], at=AT).fingerprint
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=6_900)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        buy(member, [(sku.pk, 1)], address=address, seen=seen)
    assert refusal.value.reason == Refusal.PRICE_CHANGED
    seen = queries.quote(items=[(sku.pk, 1)], at=AT).fingerprint
    assert buy(member, [(sku.pk, 1)], address=address, seen=seen).total_fen == 6_900


@pytest.mark.parametrize(
    ("limit", "reason"), [("limit_per_order", "LIMIT_PER_ORDER"), ("limit_per_member", "LIMIT_PER_MEMBER")]
)
def test_a_limit_holds_over_several_lines_of_one_product(limit: str, reason: str) -> None:
    sku = a_sku()
    other = a_sku_of(sku.product)
    Product.objects.filter(pk=sku.product_id).update(**{limit: 3})
    refused(Refusal[reason], a_member(), [(sku.pk, 4)])
    refused(Refusal[reason], a_member(), [(sku.pk, 2), (other.pk, 2)])
    refused(Refusal[reason], a_member(), [(sku.pk, 2), (sku.pk, 2)])
    assert place(a_member(), [(sku.pk, 1), (other.pk, 2)]).pk


def test_a_limit_for_each_member_counts_what_was_bought_before_and_not_what_went_back() -> None:
    member, sku = a_member(), a_sku()
    Product.objects.filter(pk=sku.product_id).update(limit_per_member=3)
    first = a_paid_order(member=member, sku=sku, quantity=2)
    refused(Refusal.LIMIT_PER_MEMBER, member, [(sku.pk, 2)])
    place(member, [(sku.pk, 1)], key="one more")
    refused(Refusal.LIMIT_PER_MEMBER, member, [(sku.pk, 1)])
    assert place(a_member(), [(sku.pk, 3)]).pk
    refund_order(order=first, reason="", at=AT)
    assert place(member, [(sku.pk, 2)], key="again").pk


def test_freight_is_paid_by_supplier_and_passed_on() -> None:
    member, sku, free = a_member(), a_sku(price_fen=2_000, supply_price_fen=1_000), a_sku(price_fen=3_000)
    send_for(sku, first_fee_fen=800)
    purchase = buy(member, [(sku.pk, 1), (free.pk, 1)])
    first, second = purchase.orders.order_by("supplier_id")
    assert (first.freight_fen, first.total_fen, first.supply_total_fen) == (800, 2_800, 1_800)
    assert (second.freight_fen, second.total_fen) == (0, 3_000)
    assert purchase.total_fen == 5_800


def test_what_is_not_sent_to_a_region_is_not_ordered_there() -> None:
    sku = a_sku()
    send_for(sku, unserved=["浙江"])
    refused(Refusal.NOT_SENT_THERE, a_member(), [(sku.pk, 1)])


def test_an_empty_cart_is_no_order() -> None:
    refused(Refusal.NOTHING_CHOSEN, a_member(), [])


def test_an_endless_cart_is_no_order() -> None:
    refused(Refusal.TOO_MANY_LINES, a_member(), [(n, 1) for n in range(1, 53)])


def test_more_than_the_stock_is_not_ordered() -> None:
    refused(Refusal.OUT_OF_STOCK, a_member(), [(a_sku(on_hand=2).pk, 3)])


def test_an_address_of_another_member_is_refused() -> None:
    refused(Refusal.BAD_ADDRESS, a_member(), [(a_sku().pk, 1)], address=an_address(a_member()))


def test_a_deleted_address_is_refused() -> None:
    member = a_member()
    address = an_address(member)
    delete_address(member=member, address_id=address.pk, at=AT)
    refused(Refusal.BAD_ADDRESS, member, [(a_sku().pk, 1)], address=address)


@pytest.mark.parametrize("key", ["", "k" * 65, "a\x00b"])
def test_a_request_without_a_proper_key_is_refused(key: str) -> None:
    refused(Refusal.BAD_KEY, a_member(), [(a_sku().pk, 1)], key=key)


@pytest.mark.parametrize("note", ["长" * 121, "a\x00"])
def test_an_endless_note_is_refused(note: str) -> None:
    refused(Refusal.BAD_NOTE, a_member(), [(a_sku().pk, 1)], note=note)


def test_the_same_request_again_is_the_same_order() -> None:
    member, sku = a_member(), a_sku()
    address = an_address(member)
    order = place(member, [(sku.pk, 2)], address=address)
    with nothing_changes():
        assert place(member, [(sku.pk, 2)], address=address) == order


def test_the_same_key_with_another_content_is_refused() -> None:
    member, sku = a_member(), a_sku()
    address, second = an_address(member), an_address(member)
    place(member, [(sku.pk, 2)], address=address)
    refused(Refusal.KEY_REUSED, member, [(sku.pk, 3)], address=address)
    refused(Refusal.KEY_REUSED, member, [(sku.pk, 2)], address=second)
    refused(Refusal.KEY_REUSED, member, [(sku.pk, 2)], address=address, note="急")
    assert place(a_member(), [(sku.pk, 2)]).pk


def test_nobody_hoards_stock_with_unpaid_orders() -> None:
    member, sku = a_member(), a_sku()
    address = an_address(member)
    for n in range(10):
        place(member, [(sku.pk, 1)], address=address, key=f"k{n}")
    refused(Refusal.TOO_MANY_UNPAID, member, [(sku.pk, 1)], address=address, key="k10")


def test_a_cancelled_order_gives_its_stock_back_once() -> None:
    sku = a_sku()
    order = a_placed_order(sku=sku, quantity=3)
    payment = a_payment(order)
    cancel_order(order=order, reason="不想买了", at=later(minutes=1))
    payment.refresh_from_db()
    assert (fresh(order).state, payment.state, reserved(sku)) == (OrderState.CANCELLED, PaymentState.CLOSED, 0)
    with nothing_changes():
        cancel_order(order=order, reason="再点一次", at=later(minutes=2))


def test_a_paid_order_cannot_be_cancelled() -> None:
    order = a_paid_order()
    with nothing_changes(), pytest.raises(OrderRefused):
        cancel_order(order=order, reason="", at=AT)


def test_unpaid_orders_are_closed_after_half_an_hour() -> None:
    sku = a_sku()
    old, new, paid = a_placed_order(sku=sku), a_placed_order(sku=sku, at=later(minutes=1)), a_paid_order(sku=sku)
    with nothing_changes():
        assert expire_purchases(at=later(minutes=29, seconds=59)) == 0
    assert expire_purchases(at=later(minutes=30)) == 1
    assert (fresh(old).state, fresh(new).state, fresh(paid).state) == ("cancelled", "placed", "paid")
    assert reserved(sku) == 2
    with nothing_changes():
        assert expire_purchases(at=later(minutes=30)) == 0


def test_an_unpaid_order_settles_nothing() -> None:
    order = a_placed_order()
    assert not LinkageEvent.objects.filter(order_id=order.pk).exists()


def test_members_see_their_own_orders_only(django_assert_num_queries) -> None:
    member, sku = a_member(), a_sku()
    mine = [a_placed_order(member=member, sku=sku, at=later(minutes=n)) for n in range(3)]
    theirs = a_placed_order(sku=sku)
    with django_assert_num_queries(3):
        shown = [
            (order, [line.sku.product.slug for line in order.lines.all()]) for order in queries.orders_of(member=member)
        ]
    assert [order for order, _ in shown] == mine[::-1]
    assert queries.order_of(member=member, number=theirs.number) is None
    assert queries.order_counts(member=member)["placed"] == 3
