"""Orders and refunds at /ops/, and an operator's refund."""

import pytest
from django.urls import reverse

from mall.core.rights import REVIEW, SERVICE
from members.models import Member
from orders.models import OrderState, Refund, RefundState
from tests.factories import a_gift_pack, a_paid_order, a_placed_order, a_received_order, fresh, gift_pack_terms
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

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


def test_an_operator_refunds_an_order_whole_with_a_reason(service):
    gift_pack_terms()
    order = a_paid_order(sku=a_gift_pack())
    refund = reverse("ops:orders_order_refund", args=[order.pk])
    client = as_(service)
    assert "奖励会全部扣回" in text(client.get(refund))
    with nothing_changes():
        assert "请填写退款原因" in text(client.post(refund, {"reason": " "}))
    answer = client.post(refund, {"reason": "客服协商退货"}, follow=True)
    assert "正在原路退回" in text(answer)
    order = fresh(order)
    assert (order.state, order.refund_reason) == (OrderState.REFUNDED, "客服协商退货")
    with nothing_changes():
        client.post(refund, {"reason": "再来一次"})
    assert Refund.objects.count() == 1


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
    client.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "破损"})
    refund = Refund.objects.get()
    Refund.objects.filter(pk=refund.pk).update(state=RefundState.FAILED)
    assert "再次提交" in text(client.get("/ops/orders/refund/"))
    client.post(reverse("ops:orders_refund_retry", args=[refund.pk]))
    again = Refund.objects.get()
    assert (again.number, again.state) == (refund.number, RefundState.REQUESTED)


@pytest.mark.parametrize("address", [LIST, "/ops/orders/refund/"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(service, address, django_assert_max_num_queries):
    client = as_(service)

    def one_more() -> None:
        order = a_paid_order()
        client.post(reverse("ops:orders_order_refund", args=[order.pk]), {"reason": "破损"})

    one_more()
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for _ in range(4):
        one_more()
    with django_assert_max_num_queries(count):
        client.get(address)
