"""Orders and refunds at /ops/, and an operator's refund."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mall.core.rights import RELEASE, REVIEW, SERVICE
from mall.core.seats import Role
from members.models import Member
from orders.commands import OrderRefused, approve_refund, ask_refund, refund_order, reject_refund
from orders.models import Order, OrderState, Refund, RefundRequest, RefundRequestState, RefundState
from suppliers.commands import seat_member
from tests.factories import AT, a_gift_pack, a_paid_order, a_placed_order, a_received_order, fresh, gift_pack_terms
from tests.operators import as_, operator, superuser, text
from tests.snapshots import nothing_changes

from .after_sale import an_order, call_off

pytestmark = pytest.mark.django_db

LIST = "/ops/orders/order/"


@pytest.fixture
def service() -> Member:
    return operator("何琳", SERVICE)


def test_orders_are_found_by_number_by_tail_of_the_phone_and_by_nickname(service):
    order, other = a_paid_order(), a_paid_order()
    Member.objects.filter(pk=order.member_id).update(nickname="梁静", phone="+8613800004321")
    client = as_(service)
    for words in (order.number, "4321", "梁静"):
        page = text(client.get(LIST, {"q": words}))
        assert order.number in page
        assert other.number not in page
    assert "13800004321" not in text(client.get(LIST))


def test_tabs_show_one_state(service):
    placed, paid = a_placed_order(), a_paid_order()
    page = text(as_(service).get(LIST, {"state__exact": "paid"}))
    assert paid.number in page
    assert placed.number not in page


def test_an_order_shows_its_lines_its_timeline_and_hides_the_address(service):
    order = a_paid_order()
    page = text(as_(service).get(reverse("ops:orders_order_change", args=[order.pk])))
    for words in (order.number, "狮峰龙井", "¥68.00", "付款成功", "林小禾", "138****1111", "浙江省杭州市西湖区"):
        assert words in page
    assert "龙井路" not in page


def test_two_operators_refund_an_order_whole_with_a_reason(service):
    gift_pack_terms()
    order = a_paid_order(sku=a_gift_pack())
    ask = reverse("ops:orders_order_refund", args=[order.pk])
    client, other, third = (as_(one) for one in (service, operator("陈立", RELEASE), operator("丁一", SERVICE)))
    assert "须由另一位同事确认" in text(client.get(ask))
    with nothing_changes():
        assert "请填写退款原因" in text(client.post(ask, {"reason": " ", "seen_fen": order.total_fen}))
        assert "不一样了" in text(client.post(ask, {"reason": "协商", "seen_fen": order.total_fen - 1}))
        assert "不一样了" in text(client.post(ask, {"reason": "协商"}))
    form = {"reason": "客服协商退货", "seen_fen": order.total_fen}
    assert "请另一位同事确认" in text(client.post(ask, form, follow=True))
    request = RefundRequest.objects.get()
    approve = reverse("ops:orders_refundrequest_approve", args=[request.pk])
    with nothing_changes():
        client.post(ask, form)
        for answer in (client.get(approve), client.post(approve)):
            assert "这是你申请的退款，须由另一位同事确认" in text(answer)
            assert '<form method="post" class="ops-card' not in text(answer)
        assert '<form method="post" class="ops-card' in text(other.get(approve))
        assert "已经有同事申请" in text(third.post(ask, form))
    record = text(client.get(reverse("ops:orders_refundrequest_change", args=[request.pk])))
    assert "这是你申请的退款，须由另一位同事确认" in record
    assert approve not in record
    assert "奖励会全部扣回" in text(other.get(approve))
    assert "正在原路退回" in text(other.post(approve, follow=True))
    order, request = fresh(order), RefundRequest.objects.get()
    assert (order.state, order.refund_reason) == (OrderState.REFUNDED, "客服协商退货")
    assert (request.state, request.refund.amount_fen) == (RefundRequestState.APPROVED, order.total_fen)
    with nothing_changes():
        other.post(approve)
        client.post(ask, {**form, "reason": "再来一次"})
    assert Refund.objects.count() == 1


def test_one_person_alone_refunds_nothing_whole_by_no_way():
    order = a_paid_order()
    boss = as_(superuser())
    boss.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "x", "seen_fen": order.total_fen})
    request = RefundRequest.objects.get()
    with nothing_changes():
        for _ in range(2):
            boss.post(reverse("ops:orders_refundrequest_approve", args=[request.pk]))
    assert not Refund.objects.exists()
    approved = {"state": "approved", "decided_by": request.asked_by, "decided_at": AT}
    refund = refund_order(order=order, reason="x", at=AT)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        RefundRequest.objects.update(**approved, refund=refund)


def test_who_bought_it_or_sells_it_confirms_nothing_and_what_changed_is_asked_for_anew(service):
    order = an_order(2, 1)
    asked = ask_refund(order=order, reason="协商", seen_fen=order.total_fen, by=service, at=AT)
    buyer = operator("买家", RELEASE)
    Order.objects.filter(pk=order.pk).update(member=buyer)
    seller = operator("卖家", RELEASE)
    seat_member(supplier=order.supplier, member=seller, role=Role.OWNER)
    other, outsider = operator("陈立", RELEASE), operator("旁人", REVIEW)
    with nothing_changes():
        for by in (buyer, seller, outsider):
            with pytest.raises(OrderRefused):
                approve_refund(request=asked, by=Member.objects.get(pk=by.pk), at=AT)
    call_off(fresh(order))
    with nothing_changes(), pytest.raises(OrderRefused, match="不一样了"):
        approve_refund(request=asked, by=other, at=AT)
    reject_refund(request=asked, reason="金额变了", by=service, at=AT)
    rest_fen = fresh(order).total_fen - fresh(order).refunded_fen
    again = ask_refund(order=order, reason="剩下的", seen_fen=rest_fen, by=service, at=AT)
    assert approve_refund(request=again, by=other, at=AT).refund.amount_fen == rest_fen


def test_an_order_that_was_not_paid_is_not_refunded(service):
    order = a_placed_order()
    client = as_(service)
    with nothing_changes():
        page = text(client.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "误点"}))
    assert "订单状态已变化" in page


def test_goods_past_their_time_cannot_be_refunded_and_the_page_says_so(service):
    order = a_received_order()
    order.received_at = order.received_at.replace(year=2020)
    order.save(update_fields=["received_at"])
    client = as_(service)
    assert "已过退货期" in text(client.get(reverse("ops:orders_order_change", args=[order.pk])))
    with nothing_changes():
        page = text(client.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "不想要"}))
    assert "该订单已过退货期" in page


def test_only_the_group_of_service_refunds():
    order = a_paid_order()
    client = as_(operator("苏敏", REVIEW))
    assert "你没有退款权限" in text(client.get(reverse("ops:orders_order_change", args=[order.pk])))
    with nothing_changes():
        assert client.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "x"}).status_code == 403


def test_a_refund_that_the_provider_turned_down_is_sent_again_under_its_number(service):
    order = a_paid_order()
    client = as_(service)
    refund = refund_order(order=order, reason="破损", at=AT)
    Refund.objects.filter(pk=refund.pk).update(state=RefundState.FAILED)
    assert "再次提交" in text(client.get("/ops/orders/refund/"))
    client.post(reverse("ops:orders_refund_retry", args=[refund.pk]))
    again = Refund.objects.get()
    assert (again.number, again.state) == (refund.number, RefundState.REQUESTED)


@pytest.mark.parametrize("address", [LIST, "/ops/orders/refund/", "/ops/orders/refundrequest/?state__exact=approved"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(service, address, django_assert_max_num_queries):
    client, checker = as_(service), operator("陈立", RELEASE)

    def one_more() -> None:
        order = a_paid_order()
        ask = {"reason": "破损", "seen_fen": order.total_fen}
        client.post(reverse("ops:orders_order_refund", args=[order.pk]), ask)
        approve_refund(request=RefundRequest.objects.get(order=order), by=checker, at=AT)

    one_more()
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for _ in range(4):
        one_more()
    with django_assert_max_num_queries(count):
        client.get(address)
