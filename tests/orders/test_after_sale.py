"""After-sale: what may be asked, who answers, what comes back, and what the clock does for those who are late."""

from typing import Any

import pytest

from ledger.queries import findings
from orders.carriers import TrackMessage
from orders.commands import (
    OrderRefused,
    Refusal,
    complete_orders,
    confirm_receipt,
    receive_overdue,
    refund_order,
    ship_order,
)
from orders.commands.after_sale import (
    act_on_overdue,
    agree_case,
    cancel_case,
    decide_case,
    dispute_case,
    refund_instead,
    refuse_case,
    resend,
    send_back,
    take_back,
    take_replacement,
)
from orders.commands.refunding import send_refund
from orders.commands.tracking import take_tracks
from orders.models import AfterSale, CaseState, OrderState, Parcel, PaymentState, Refund, ReturnAddress
from suppliers.queries import miscounted_skus
from tests.factories import AT, a_gift_pack, a_member, a_paid_order, a_seat, fresh, gift_pack_terms, later
from tests.orders.after_sale import a_case, an_order, call_off, line_of, refund_of, shipped, stock
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def now_(case: AfterSale) -> AfterSale:
    return AfterSale.objects.get(pk=case.pk)


def test_pieces_that_did_not_ship_are_called_off_at_once_and_their_stock_is_free() -> None:
    order = an_order(3)
    line = line_of(order)
    assert stock(line) == (50, 3)

    case = call_off(order, 1)

    assert (case.state, case.amount_fen) == (CaseState.REFUNDING, 1_000)
    assert refund_of(case).amount_fen == 1_000
    assert stock(line) == (50, 2)
    order = fresh(order)
    assert (order.state, order.refunded_fen) == (OrderState.PAID, 1_000)
    assert books(order.supplier_id) == {
        "cash": 3_000,
        "refunds_owed": 1_000,
        "revenue": 2_000,
        "cost": 1_200,
        "payable": 1_200,
    }
    assert list(findings()) == []
    assert not miscounted_skus().exists()


def test_an_order_is_refunded_when_its_last_piece_is_and_payment_with_it() -> None:
    order = an_order(3)
    amounts = [refund_of(call_off(order, quantity)).amount_fen for quantity in (1, 2)]
    assert sum(amounts) == 3_000
    order = fresh(order)
    assert (order.state, order.refunded_fen) == (OrderState.REFUNDED, 3_000)
    assert Refund.objects.first().payment.state == PaymentState.REFUNDING
    assert books(order.supplier_id) == {"cash": 3_000, "refunds_owed": 3_000}


def test_what_is_left_is_shipped_when_the_rest_is_called_off() -> None:
    order = an_order(2, 1)
    ship_order(
        order=order, carrier="中通快递", tracking_number="ZT123456", by=None, at=AT, items={line_of(order).pk: 2}
    )
    assert fresh(order).state == OrderState.PAID
    call_off(order, 1, position=1, at=later(hours=1))
    order = fresh(order)
    assert (order.state, order.shipped_at) == (OrderState.SHIPPED, later(hours=1))


def test_goods_go_back_are_looked_at_and_the_money_returns() -> None:
    order = shipped(an_order(2))
    seat = a_seat(order.supplier)
    case = a_case(order)
    assert now_(case).due_at == later(hours=48)
    agree_case(case=case, by=seat, at=later(hours=1))
    assert now_(case).return_to == "仓库 13900000000 浙江省杭州市余杭区 1 号仓"
    assert now_(case).due_at == later(days=7, hours=1)
    parcel = send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=later(days=1))
    assert (parcel.kind, parcel.after_sale) == ("return", case)
    take_back(case=case, by=seat, restock=True, at=later(days=3))

    assert now_(case).state == CaseState.REFUNDING
    assert stock(line_of(order)) == (49, 0)
    assert refund_of(case).amount_fen == 1_000
    assert fresh(order).state == OrderState.SHIPPED
    assert not miscounted_skus().exists()


def test_goods_that_are_written_off_do_not_come_back_to_the_shelf() -> None:
    order = shipped(an_order(1))
    seat = a_seat(order.supplier)
    case = a_case(order)
    agree_case(case=case, by=seat, at=AT)
    send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=AT)
    take_back(case=case, by=seat, restock=False, at=AT)
    assert stock(line_of(order)) == (49, 0)
    assert fresh(order).state == OrderState.REFUNDED


def test_an_exchange_sends_another_piece_and_no_money() -> None:
    order = shipped(an_order(1))
    seat = a_seat(order.supplier)
    case = a_case(order, kind="exchange")
    assert case.amount_fen == 0
    agree_case(case=case, by=seat, at=AT)
    send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=AT)
    take_back(case=case, by=seat, restock=True, at=AT)
    parcel = resend(case=case, by=seat, carrier="中通快递", tracking_number="ZT1", at=later(days=1))
    assert parcel.kind == "replacement"
    assert stock(line_of(order)) == (49, 0)
    take_replacement(case=case, member=order.member, at=later(days=3))
    assert now_(case).state == CaseState.DONE
    assert not Refund.objects.exists()
    assert not miscounted_skus().exists()


def test_without_another_piece_an_exchange_becomes_a_refund() -> None:
    order = shipped(an_order(1))
    seat, line = a_seat(order.supplier), line_of(order)
    case = a_case(order, kind="exchange")
    agree_case(case=case, by=seat, at=AT)
    send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=AT)
    take_back(case=case, by=seat, restock=False, at=AT)
    type(line.sku).objects.filter(pk=line.sku_id).update(on_hand=0)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        resend(case=case, by=seat, carrier="中通快递", tracking_number="ZT1", at=AT)
    assert refusal.value.reason == Refusal.CASE_OUT_OF_STOCK
    refund_instead(case=case, by=seat, at=AT)
    assert refund_of(case).amount_fen == 1_000


def test_money_alone_for_less_leaves_the_pieces_with_the_buyer_and_counts_against_the_next() -> None:
    order = shipped(an_order(2))
    seat = a_seat(order.supplier)
    first = a_case(order, kind="refund_only", reason="too_few", amount_fen=300)
    agree_case(case=first, by=seat, at=AT)
    assert refund_of(first).amount_fen == 300
    assert line_of(order).refunded_quantity == 0
    second = a_case(order, kind="return_refund", quantity=2)
    assert second.amount_fen == 1_700
    assert fresh(order).state == OrderState.SHIPPED


def test_a_refusal_needs_a_reason_and_the_platform_decides_the_dispute() -> None:
    order = shipped(an_order(1))
    seat, operator = a_seat(order.supplier), a_member()
    case = a_case(order)
    with nothing_changes(), pytest.raises(OrderRefused):
        refuse_case(case=case, by=seat, reason="  ", at=AT)
    refuse_case(case=case, by=seat, reason="已拆封", at=later(hours=2))
    assert (now_(case).state, now_(case).answer) == (CaseState.REFUSED, "已拆封")
    dispute_case(case=case, member=order.member, text="收到就是坏的", at=later(hours=3))
    decide_case(case=case, by=operator, verdict="refund", reason="照片清楚", with_freight=True, at=later(days=1))
    assert now_(case).state == CaseState.REFUNDING
    assert fresh(order).state == OrderState.REFUNDED


def test_the_platform_can_also_ask_the_goods_back_or_close() -> None:
    order = shipped(an_order(2))
    seat, operator = a_seat(order.supplier), a_member()
    for verdict, state in (("return", CaseState.TO_RETURN), ("close", CaseState.CLOSED)):
        case = a_case(order)
        refuse_case(case=case, by=seat, reason="不同意", at=AT)
        dispute_case(case=case, member=order.member, text="请看照片", at=AT)
        decide_case(case=case, by=operator, verdict=verdict, reason="看过了", at=AT)
        assert now_(case).state == state


def test_a_silent_supplier_has_agreed_as_of_the_instant_it_was_due() -> None:
    order = shipped(an_order(2))
    money = a_case(order, kind="refund_only")
    goods = a_case(order)
    assert act_on_overdue(at=later(hours=47, minutes=59)) == 0
    assert act_on_overdue(at=later(days=5)) == 2
    assert (now_(money).state, now_(money).state_at) == (CaseState.REFUNDING, later(hours=48))
    assert refund_of(money).created_at == later(hours=48)
    assert (now_(goods).state, now_(goods).due_at) == (CaseState.TO_RETURN, later(days=9))
    with nothing_changes():
        assert act_on_overdue(at=later(days=5)) == 0


def test_without_an_address_to_send_to_the_platform_looks_at_it() -> None:
    order = shipped(an_order(1))
    case, seat = a_case(order), a_seat(order.supplier)
    ReturnAddress.objects.all().delete()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        agree_case(case=case, by=seat, at=AT)
    assert refusal.value.reason == Refusal.NO_RETURN_ADDRESS
    assert act_on_overdue(at=later(days=3)) == 1
    assert now_(case).state == CaseState.DISPUTED


def test_who_does_not_send_back_in_seven_days_has_given_up() -> None:
    order = shipped(an_order(1))
    case = a_case(order)
    agree_case(case=case, by=a_seat(order.supplier), at=AT)
    assert act_on_overdue(at=later(days=8)) == 1
    assert (now_(case).state, now_(case).closed_at) == (CaseState.CLOSED, later(days=7))


def test_ten_days_after_the_return_was_delivered_the_money_goes_back() -> None:
    order = shipped(an_order(1))
    case = a_case(order)
    agree_case(case=case, by=a_seat(order.supplier), at=AT)
    send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=AT)
    delivered = TrackMessage("e1", "delivered", "已签收", "杭州市", later(days=2))
    assert take_tracks(carrier="顺丰速运", number="SF99", events=[delivered], at=later(days=2)) == 1
    assert now_(case).due_at == later(days=12)
    assert act_on_overdue(at=later(days=30)) == 1
    assert refund_of(case).created_at == later(days=12)


def test_a_return_that_gets_lost_is_for_the_platform() -> None:
    order = shipped(an_order(1))
    case = a_case(order)
    agree_case(case=case, by=a_seat(order.supplier), at=AT)
    send_back(case=case, member=order.member, carrier="顺丰速运", tracking_number="SF99", at=AT)
    assert act_on_overdue(at=later(days=20)) == 1
    assert now_(case).state == CaseState.DISPUTED
    assert act_on_overdue(at=later(days=200)) == 0


def test_the_clock_neither_receives_nor_completes_an_order_in_after_sale() -> None:
    order = shipped(an_order(1))
    case = a_case(order)
    assert receive_overdue(at=later(days=11)) == 0
    cancel_case(case=case, member=order.member, at=later(days=11))
    assert receive_overdue(at=later(days=11)) == 1
    case = a_case(order, reason="no_reason", at=later(days=12))
    assert complete_orders(at=later(days=18)) == 0
    cancel_case(case=case, member=order.member, at=later(days=19))
    assert complete_orders(at=later(days=20)) == 1
    assert fresh(order).completed_at == later(days=19)


def test_the_whole_order_waits_while_a_part_is_in_after_sale() -> None:
    order = shipped(an_order(2))
    a_case(order)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        refund_order(order=order, reason="", at=AT)
    assert refusal.value.reason == Refusal.CASE_OPEN


def test_what_was_refunded_in_parts_comes_back_whole_for_the_rest_alone() -> None:
    order = an_order(3)
    call_off(order, 1)
    assert refund_order(order=order, reason="", at=AT).amount_fen == 2_000
    assert stock(line_of(order)) == (50, 0)
    assert books(order.supplier_id) == {"cash": 3_000, "refunds_owed": 3_000}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "refund_only", "amount_fen": 0}, Refusal.CASE_AMOUNT),
        ({"kind": "refund_only", "amount_fen": -1}, Refusal.CASE_AMOUNT),
        ({"kind": "refund_only", "amount_fen": 1_001}, Refusal.CASE_AMOUNT),
        ({"kind": "refund_only", "amount_fen": 12.345}, Refusal.CASE_AMOUNT),
        ({"kind": "refund_only", "amount_fen": True}, Refusal.CASE_AMOUNT),
        ({"amount_fen": 500}, Refusal.CASE_AMOUNT),
        ({"quantity": 0}, Refusal.CASE_QUANTITY),
        ({"quantity": -1}, Refusal.CASE_QUANTITY),
        ({"quantity": 4}, Refusal.CASE_QUANTITY),
        ({"quantity": 1.0}, Refusal.CASE_QUANTITY),
        ({"reason": "nonsense"}, Refusal.CASE_REASON),
        ({"reason": "not_wanted"}, Refusal.CASE_REASON),
        ({"kind": "nonsense"}, Refusal.CASE_NOT_OFFERED),
        ({"kind": "refund_only", "before_shipping": True, "reason": "not_wanted"}, Refusal.CASE_NOT_OFFERED),
        ({"note": "长" * 201}, Refusal.CASE_TEXT),
    ],
)
def test_what_cannot_be_asked_changes_nothing(changes: dict[str, Any], reason: Refusal) -> None:
    order = shipped(an_order(3))
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, **changes)
    assert refusal.value.reason == reason


def test_no_more_pieces_than_are_neither_refunded_nor_asked_about() -> None:
    order = shipped(an_order(3))
    a_case(order, quantity=2)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, quantity=2)
    assert refusal.value.reason == Refusal.CASE_QUANTITY
    a_case(order, quantity=1)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, quantity=1)
    assert refusal.value.reason == Refusal.CASE_UNDER_WAY


def test_nobody_asks_about_the_order_of_somebody_else() -> None:
    order, stranger = shipped(an_order(1)), a_member()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, member=stranger)
    assert refusal.value.reason == Refusal.NOT_YOURS


def test_nobody_asks_about_what_is_not_paid_nor_a_pack_nor_too_late() -> None:
    gift_pack_terms()
    pack = a_paid_order(sku=a_gift_pack())
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        call_off(pack)
    assert refusal.value.reason == Refusal.CASE_PACKS

    order = shipped(an_order(1))
    confirm_receipt(order=order, at=AT)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, reason="no_reason", at=later(days=7))
    assert refusal.value.reason == Refusal.CASE_REASON
    assert a_case(order, reason="no_reason", at=later(days=6, hours=23)).pk
    late = shipped(an_order(1))
    confirm_receipt(order=late, at=AT)
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(late, at=later(days=15))
    assert refusal.value.reason == Refusal.CASE_TOO_LATE


def test_goods_that_do_not_go_back_without_reason_do_so_with_one() -> None:
    order = shipped(an_order(1))
    product = line_of(order).sku.product
    type(product).objects.filter(pk=product.pk).update(returnable=False, not_returnable_reason="生鲜")
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        a_case(order, reason="no_reason")
    assert refusal.value.reason == Refusal.CASE_REASON
    assert a_case(order, reason="damaged").pk


def test_only_its_people_act_on_a_case_and_only_in_their_turn() -> None:
    order = shipped(an_order(1))
    case, seat, stranger = a_case(order), a_seat(order.supplier), a_seat(an_order(1).supplier)
    buyer = order.member
    with nothing_changes():
        for act in (
            lambda: agree_case(case=case, by=stranger, at=AT),
            lambda: agree_case(case=case, by=buyer, at=AT),
            lambda: refuse_case(case=case, by=stranger, reason="不", at=AT),
            lambda: cancel_case(case=case, member=stranger, at=AT),
            lambda: send_back(case=case, member=buyer, carrier="顺丰", tracking_number="SF1", at=AT),
            lambda: take_back(case=case, by=seat, restock=True, at=AT),
            lambda: resend(case=case, by=seat, carrier="顺丰", tracking_number="SF1", at=AT),
            lambda: decide_case(case=case, by=seat, verdict="refund", reason="好", at=AT),
            lambda: dispute_case(case=case, member=buyer, text="快", at=AT),
            lambda: take_replacement(case=case, member=buyer, at=AT),
        ):
            with pytest.raises(OrderRefused):
                act()
    agree_case(case=case, by=seat, at=AT)
    with nothing_changes(), pytest.raises(OrderRefused):
        agree_case(case=case, by=seat, at=AT)
    assert not Parcel.objects.filter(kind="return").exists()


def test_a_case_is_done_when_its_money_is_back() -> None:
    order = an_order(2)
    case = call_off(order, 1)
    refund = refund_of(case)
    type(refund.payment).objects.update(provider="import")
    send_refund(number=refund.number, at=later(minutes=1))
    assert (now_(case).state, now_(case).closed_at) == (CaseState.DONE, later(minutes=1))
    assert refund_of(case).state == "succeeded"
