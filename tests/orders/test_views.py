from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from members.models import Member
from orders import commands
from orders.commands import refund_order
from orders.gateways import GatewayError
from orders.models import CartItem, Order, OrderState, Payment
from suppliers.models import Product
from tests.factories import (
    PACK_PRICE_FEN,
    a_gift_pack,
    a_member,
    a_paid_order,
    a_placed_order,
    a_received_order,
    a_shipped_order,
    a_sku,
    a_supplier,
    an_address,
    fresh,
    gift_pack_terms,
)
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


@pytest.fixture
def buyer() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


def test_every_page_sends_a_stranger_to_log_in_and_back(client: Client) -> None:
    number = a_placed_order().number
    for path in ["/checkout?sku=1&quantity=1", f"/pay/{number}", f"/pay/{number}/result", "/orders/", "/me/"]:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=/")
    for step in ["cancel", "receive", "refund"]:
        assert client.post(f"/orders/{number}/{step}/").status_code == 302
    assert Order.objects.get(number=number).state == OrderState.PLACED


# Cashier and result


def placed(buyer: Member, **parts: Any) -> Order:
    return a_placed_order(member=buyer, at=clock.now(), **parts)


def test_the_cashier_shows_amount_deadline_and_provider(browser: Client, buyer: Member) -> None:
    order = placed(buyer)
    answer = browser.get(f"/pay/{order.purchase.number}")
    assert set(markup(answer).fields) == {"csrfmiddlewaretoken", "provider"}
    text = answer.content.decode()
    assert f'data-countdown="{round(order.expires_at.timestamp() * 1000)}"' in text
    assert "沙箱支付" in text


def test_an_unknown_provider_is_refused_and_changes_nothing(browser: Client, buyer: Member) -> None:
    order = placed(buyer)
    with nothing_changes():
        answer = browser.post(f"/pay/{order.purchase.number}", {"provider": "nobody"})
    assert answer.status_code == 409
    assert "该支付方式不可用" in answer.content.decode()


def test_a_provider_that_does_not_answer_is_said_in_plain_words(
    browser: Client, buyer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = placed(buyer)

    def open_cashier(**parts: object) -> str:
        raise GatewayError("no answer")

    monkeypatch.setattr(commands, "open_cashier", open_cashier)
    with nothing_changes():
        answer = browser.post(f"/pay/{order.purchase.number}", {"provider": "sandbox"})
    assert answer.status_code == 502
    assert "没有扣款" in answer.content.decode()


def test_an_order_out_of_time_cannot_be_paid(browser: Client, buyer: Member) -> None:
    order = a_placed_order(member=buyer, at=clock.now() - timedelta(minutes=31))
    assert "已超过付款时间" in browser.get(f"/pay/{order.purchase.number}").content.decode()
    with nothing_changes():
        answer = browser.post(f"/pay/{order.purchase.number}", {"provider": "sandbox"})
    assert answer.status_code == 409


def test_coming_back_from_the_provider_proves_nothing(browser: Client, buyer: Member) -> None:
    order = placed(buyer)
    with nothing_changes():
        answer = browser.get(f"/pay/{order.purchase.number}/result?paid=1&state=paid&result=ok")
    text = answer.content.decode()
    markup(answer)
    assert "正在确认支付结果" in text
    assert 'hx-trigger="every 2s"' in text
    assert 'http-equiv="refresh"' in text
    assert "支付成功" not in text


def test_the_result_page_says_what_our_own_books_say(browser: Client, buyer: Member) -> None:
    paid = a_paid_order(member=buyer)
    text = browser.get(f"/pay/{paid.purchase.number}/result").content.decode()
    assert "支付成功" in text
    assert "every 2s" not in text
    part = browser.get(f"/pay/{paid.purchase.number}/result", headers={"HX-Request": "true", "HX-Target": "result"})
    assert "<html" not in part.content.decode()
    assert "支付成功" in part.content.decode()
    assert browser.get(f"/pay/{paid.purchase.number}")["Location"] == f"/pay/{paid.purchase.number}/result"


# Own orders


def orders_in_every_state(buyer: Member) -> dict[str, Order]:
    refunded = a_paid_order(member=buyer)
    refund_order(order=refunded, reason="不想要了", at=clock.now())
    cancelled = commands.cancel_order(order=a_placed_order(member=buyer), reason="买家取消", at=clock.now())
    completed = a_received_order(member=buyer)
    commands.complete_orders(at=clock.now() + timedelta(days=400))
    return {
        "placed": placed(buyer),
        "paid": a_paid_order(member=buyer),
        "shipped": a_shipped_order(member=buyer, at=clock.now()),
        "received": a_received_order(member=buyer, at=clock.now()),
        "completed": completed,
        "cancelled": cancelled,
        "refunded": refunded,
    }


def test_an_order_page_shows_every_state_with_its_steps(browser: Client, buyer: Member) -> None:
    for state, order in orders_in_every_state(buyer).items():
        answer = browser.get(f"/orders/{order.number}/")
        assert answer.status_code == 200, state
        markup(answer)
        text = answer.content.decode()
        assert fresh(order).state == state
        assert str(OrderState(state).label) in text
        assert "提交订单" in text
        assert order.number in text


def test_tabs_show_the_orders_of_their_state(browser: Client, buyer: Member) -> None:
    orders = orders_in_every_state(buyer)
    shown = {
        "to-pay": ["placed"],
        "to-ship": ["paid"],
        "to-receive": ["shipped"],
        "to-review": ["received", "completed"],
        "after-sale": ["refunded"],
        "": list(orders),
    }
    for tab, states in shown.items():
        text = browser.get("/orders/", {"tab": tab}).content.decode()
        assert {state for state, order in orders.items() if order.number in text} == set(states), tab
    assert browser.get("/orders/", {"tab": "nothing"}).status_code == 404


def test_a_list_longer_than_a_page_goes_on_where_it_stopped(browser: Client, buyer: Member) -> None:
    sku = a_sku(on_hand=90)
    orders = [a_paid_order(member=buyer, sku=sku, at=clock.now() - timedelta(hours=n)) for n in range(13)]
    first = browser.get("/orders/").content.decode()
    assert [order.number in first for order in orders] == [True] * 10 + [False] * 3
    second = browser.get("/orders/", {"before": orders[9].number}).content.decode()
    assert [f"/orders/{order.number}/" in second for order in orders] == [False] * 10 + [True] * 3
    part = browser.get(
        "/orders/", {"before": orders[9].number}, headers={"HX-Request": "true", "HX-Target": "more"}
    ).content.decode()
    assert "<html" not in part
    assert orders[12].number in part


@pytest.mark.parametrize("before", ["nothing", "a\x00b", "x" * 500])
def test_a_cursor_that_is_none_of_mine_starts_at_the_top(browser: Client, buyer: Member, before: str) -> None:
    order = a_paid_order(member=buyer)
    assert order.number in browser.get("/orders/", {"before": before}).content.decode()


def test_another_ones_cursor_tells_nothing(browser: Client, buyer: Member) -> None:
    order, foreign = a_paid_order(member=buyer), a_paid_order()
    text = browser.get("/orders/", {"before": foreign.number}).content.decode()
    assert order.number in text
    assert f"/orders/{foreign.number}/" not in text


def test_the_list_takes_as_many_queries_for_ten_orders_as_for_one(
    browser: Client, buyer: Member, django_assert_max_num_queries: Any
) -> None:
    a_paid_order(member=buyer)
    browser.get("/orders/")
    with django_assert_max_num_queries(11) as first:
        browser.get("/orders/")
    count = len(first)
    for _ in range(9):
        a_paid_order(member=buyer)
    with django_assert_max_num_queries(count):
        browser.get("/orders/")


def test_an_unpaid_purchase_is_one_card_with_all_its_suppliers(browser: Client, buyer: Member) -> None:
    tea, rice = a_sku(price_fen=6_800), a_sku(price_fen=8_900)
    purchase = commands.place_purchase(
        member=buyer,
        items=[(tea.pk, 1), (rice.pk, 1)],
        address=an_address(buyer),
        notes="",
        idempotency_key="k",
        at=clock.now(),
    )
    first, second = purchase.orders.order_by("pk")
    answer = browser.get("/orders/")
    markup(answer)
    text = answer.content.decode()
    assert text.count("<article") == 1
    assert text.count(f'href="/pay/{purchase.number}"') == 1
    for words in (tea.product.name, rice.product.name, "¥157.00"):
        assert words in text
    for order in (first, second):
        page = browser.get(f"/orders/{order.number}/").content.decode()
        assert "一起付款，共 2 个商家" in page
        assert tea.product.name in page
        assert rice.product.name in page
        assert "付款 ¥157.00" in page
    browser.post(f"/orders/{second.number}/cancel/")
    assert {fresh(first).state, fresh(second).state} == {OrderState.CANCELLED}
    assert browser.get("/orders/").content.decode().count("<article") == 2


def test_tabs_say_how_much_waits(browser: Client, buyer: Member) -> None:
    orders_in_every_state(buyer)
    text = browser.get("/orders/").content.decode()
    assert text.count('class="count">1<') == 3


def test_orders_are_found_by_number_and_by_name(browser: Client, buyer: Member) -> None:
    tea, cup = a_paid_order(member=buyer), a_paid_order(member=buyer)
    name = tea.lines.get().product_name
    for words in (tea.number, tea.number[-6:], name, tea.purchase.number):
        text = browser.get("/orders/", {"q": words}).content.decode()
        assert tea.number in text, words
        assert f"/orders/{cup.number}/" not in text, words
    for nothing in ("不存在的", "%", "_", "'; --", "x" * 5_000, "a\x00b"):
        assert "没有找到订单" in browser.get("/orders/", {"q": nothing}).content.decode(), nothing


def test_what_is_still_sold_is_bought_again_and_the_rest_is_named(browser: Client, buyer: Member) -> None:
    supplier = a_supplier()
    tea, cup = a_sku(supplier=supplier), a_sku(supplier=supplier)
    order = commands.place_order(
        member=buyer,
        items=[(tea.pk, 2), (cup.pk, 1)],
        address=an_address(buyer),
        note="",
        idempotency_key="k",
        at=clock.now(),
    )
    Product.objects.filter(pk=cup.product_id).update(is_published=False)
    text = browser.post(f"/orders/{order.number}/again/", follow=True).content.decode()
    assert f"{cup.product.name} 暂时买不到" in text
    assert dict(CartItem.objects.filter(member=buyer).values_list("sku", "quantity")) == {tea.pk: 2}
    Product.objects.filter(pk=tea.product_id).update(is_published=False)
    with nothing_changes():
        answer = browser.post(f"/orders/{order.number}/again/")
    assert answer["Location"] == f"/orders/{order.number}/"


def test_a_gift_pack_is_bought_again_at_the_checkout(browser: Client, buyer: Member) -> None:
    gift_pack_terms()
    order = a_paid_order(member=buyer, sku=a_gift_pack(), at=clock.now())
    sku_id = order.lines.get().sku_id
    assert browser.post(f"/orders/{order.number}/again/")["Location"] == f"/checkout?sku={sku_id}&quantity=1"


def test_an_empty_list_leads_to_the_shop(browser: Client) -> None:
    text = browser.get("/orders/").content.decode()
    assert "还没有订单" in text
    assert 'href="/"' in text


def test_another_ones_order_does_not_exist(browser: Client) -> None:
    foreign = a_shipped_order(at=clock.now())
    for path in [
        f"/orders/{foreign.number}/",
        f"/pay/{foreign.purchase.number}",
        f"/pay/{foreign.purchase.number}/result",
    ]:
        assert browser.get(path).status_code == 404
    for step in ["cancel", "receive", "refund", "again", "invoice"]:
        with nothing_changes():
            assert browser.post(f"/orders/{foreign.number}/{step}/", {"reason": "late"}).status_code == 404
        assert browser.get(f"/orders/{foreign.number}/{step}/").status_code in (404, 405)


@pytest.mark.parametrize("number", ["nothing", "%00", "x" * 300])
def test_a_number_that_is_none_is_not_found(browser: Client, number: str) -> None:
    assert browser.get(f"/orders/{number}/").status_code == 404


def test_the_address_is_masked_until_it_is_asked_for(browser: Client, buyer: Member) -> None:
    order = a_paid_order(member=buyer)
    text = browser.get(f"/orders/{order.number}/").content.decode()
    masked = text.index("138****1111")
    assert "<details" in text[:masked]
    assert "浙江省杭州市西湖区 ****" in text


# Steps


def test_an_unpaid_order_is_cancelled_after_a_question(browser: Client, buyer: Member) -> None:
    order = placed(buyer)
    with nothing_changes():
        question = browser.get(f"/orders/{order.number}/cancel/")
        part = browser.get(f"/orders/{order.number}/cancel/", headers={"HX-Request": "true", "HX-Target": "sheet"})
    assert "取消这个订单？" in question.content.decode()
    assert "<html" not in part.content.decode()
    browser.post(f"/orders/{order.number}/cancel/")
    assert fresh(order).state == OrderState.CANCELLED


def test_a_paid_order_is_not_cancelled(browser: Client, buyer: Member) -> None:
    order = a_paid_order(member=buyer)
    with nothing_changes():
        answer = browser.post(f"/orders/{order.number}/cancel/", follow=True)
    assert "订单状态已变化" in answer.content.decode()
    assert browser.get(f"/orders/{order.number}/cancel/").status_code == 302


def test_receipt_is_confirmed_by_the_buyer(browser: Client, buyer: Member) -> None:
    order = a_shipped_order(member=buyer)
    assert "货都收到了吗" in browser.get(f"/orders/{order.number}/receive/").content.decode()
    browser.post(f"/orders/{order.number}/receive/")
    assert fresh(order).state == OrderState.RECEIVED


def test_what_was_not_shipped_is_not_received(browser: Client, buyer: Member) -> None:
    order = a_paid_order(member=buyer)
    with nothing_changes():
        browser.post(f"/orders/{order.number}/receive/")
    assert fresh(order).state == OrderState.PAID


def test_a_refund_says_what_comes_back_and_takes_the_order_whole(browser: Client, buyer: Member) -> None:
    gift_pack_terms()
    order = a_paid_order(member=buyer, sku=a_gift_pack(), at=clock.now())
    page = browser.get(f"/orders/{order.number}/refund/")
    markup(page)
    text = page.content.decode()
    assert "礼包整份退，全额退款" in text
    assert f"退款 ¥{PACK_PRICE_FEN / 100:.2f}" in text
    browser.post(f"/orders/{order.number}/refund/", {"reason": "changed_mind", "amount_fen": 1, "quantity": 1})
    refunded = fresh(order)
    assert refunded.state == OrderState.REFUNDED
    assert refunded.refund_reason == "不想要了"
    assert Payment.objects.get(purchase=order.purchase_id).refunds.get().amount_fen == PACK_PRICE_FEN


@pytest.mark.parametrize("reason", ["", "because", "a" * 10_000])
def test_a_refund_without_one_of_the_reasons_changes_nothing(browser: Client, buyer: Member, reason: str) -> None:
    order = a_paid_order(member=buyer)
    with nothing_changes():
        answer = browser.post(f"/orders/{order.number}/refund/", {"reason": reason})
    assert answer.status_code == 400
    assert "请选择退款原因" in answer.content.decode()


def test_goods_after_their_time_are_not_taken_back(browser: Client, buyer: Member) -> None:
    order = a_received_order(member=buyer, at=clock.now() - timedelta(days=8))
    assert "申请退款" not in browser.get(f"/orders/{order.number}/").content.decode()
    with nothing_changes():
        answer = browser.post(f"/orders/{order.number}/refund/", {"reason": "late"}, follow=True)
    assert "已过退货期" in answer.content.decode()


# The page of one's own


def test_the_own_page_counts_orders_and_says_nothing_of_earnings(browser: Client, buyer: Member) -> None:
    orders_in_every_state(buyer)
    answer = browser.get("/me/")
    markup(answer)
    text = answer.content.decode()
    assert "周可" in text
    assert text.count('class="badge">1<') == 3
    assert "收益" not in text


def test_logging_out_takes_a_post(browser: Client) -> None:
    assert browser.get("/account/logout/").status_code == 405
    browser.post("/account/logout/")
    assert browser.get("/me/").status_code == 302


def test_an_order_number_of_another_mall_may_hold_a_slash(browser: Client, buyer: Member) -> None:
    order = a_paid_order(member=buyer)
    Order.objects.filter(pk=order.pk).update(number="2025/07/000123")

    assert 'href="/orders/2025/07/000123/"' in browser.get("/orders/").content.decode()
    for path in ("/orders/2025/07/000123/", "/orders/2025/07/000123/refund/"):
        assert browser.get(path).status_code == 200
    assert browser.get("/orders/2025/07/000124/").status_code == 404
