"""C-28: what members are told, once each, and what they do with it."""

from dataclasses import replace

import pytest
from django.test import Client

from mall.core.events import publish
from orders.events import CaseChanged, OrdersPaid, PaidOrder, ParcelMoved
from orders.models import CaseState, Order, TrackKind
from payouts.events import WithdrawalDecided
from service import commands
from service.commands import News
from service.models import Kind, Message, MutedKind
from service.queries import messages_page, unread_count
from service.wording import WORDINGS, body_of
from suppliers.commands import add_favourite
from suppliers.events import StockArrived
from suppliers.models import Product
from tests.factories import AT, a_member, a_paid_order, a_shipped_order, a_sku, later
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def news(member, number: int, wording: str = "shipped", **words: str) -> News:
    return News(member.pk, wording, f"test:{member.pk}:{number}", "/orders/", {"number": f"HJ{number}", **words})


def told(member) -> list[str]:
    return list(Message.objects.filter(member=member).order_by("at", "pk").values_list("wording", flat=True))


def paid(order: Order) -> PaidOrder:
    return PaidOrder(order.pk, order.number, order.member_id, order.member.shard, order.packs, order.total_fen, AT)


def test_payment_and_shipping_are_told_with_a_way_to_the_order():
    order = a_shipped_order()
    assert told(order.member) == ["paid", "shipped"]
    message = Message.objects.get(member=order.member, wording="shipped")
    assert (message.kind, message.path, message.read_at) == ("trade", f"/orders/{order.number}/", None)
    assert order.number in body_of(message.wording, message.words)


def test_an_event_that_comes_again_is_told_once():
    order = a_paid_order()
    publish(WithdrawalDecided("TX1", order.member_id, order.member.shard, False, AT))
    publish(WithdrawalDecided("TX1", order.member_id, order.member.shard, False, AT))
    publish(OrdersPaid((paid(order),)))
    assert told(order.member) == ["paid", "withdrawal_rejected"]


def test_another_malls_history_is_no_news():
    order = a_paid_order()
    publish(OrdersPaid((replace(paid(order), order_id=order.pk + 1),), is_history=True))
    assert told(order.member) == ["paid"]


def test_many_are_told_with_one_statement(django_assert_num_queries):
    member = a_member()
    with django_assert_num_queries(1):
        assert commands.tell([news(member, number) for number in range(200)], at=AT) == 200
    with django_assert_num_queries(0):
        assert commands.tell([], at=AT) == 0


def test_who_switched_a_kind_off_hears_only_what_is_needed():
    member = a_member()
    commands.mute(member=member, kinds=[Kind.TRADE, Kind.GOODS], at=AT)
    commands.tell([news(member, 1), news(member, 2, "refunded"), news(member, 3, "withdrawal_paid")], at=AT)
    assert set(told(member)) == {"refunded", "withdrawal_paid"}
    commands.mute(member=member, kinds=[], at=AT)
    commands.tell([news(member, 4)], at=AT)
    assert "shipped" in told(member)


def test_money_and_answers_are_always_needed():
    needed = {name for name, wording in WORDINGS.items() if wording.is_needed}
    assert {"refunded", "lines_refunded", "withdrawal_paid", "withdrawal_rejected", "ticket_answered"} <= needed


def test_words_with_quotes_and_percent_signs_are_kept_as_they_are():
    member = a_member()
    name = '"100%" {棉}, \\ 半价'
    commands.tell([News(member.pk, "arrived", "k", "/p/x", {"product": name})], at=AT)
    message = Message.objects.get(member=member)
    assert message.words == {"product": name}
    assert name in body_of(message.wording, message.words)


def test_amounts_are_shown_in_yuan():
    assert "¥68.00" in body_of("paid", {"number": "HJ1", "total_fen": 6800})


def test_a_wording_that_is_gone_shows_nothing():
    assert body_of("long gone", {}) == ""


def test_what_is_half_a_year_old_is_forgotten():
    member = a_member()
    commands.tell([news(member, 1)], at=AT)
    commands.tell([news(member, 2)], at=later(days=100))
    assert commands.forget_messages(at=later(days=181)) == 1
    assert Message.objects.get().words["number"] == "HJ2"


# Pages


def test_the_page_shows_ones_own_in_parts_and_counts_what_is_unread(django_assert_max_num_queries):
    member, other = a_member(), a_member()
    commands.tell([news(member, number) for number in range(45)] + [news(other, 99)], at=AT)
    browser = signed_in(member)
    with django_assert_max_num_queries(9):
        answer = browser.get("/messages")
    page = answer.content.decode()
    markup(answer)
    assert page.count("已发货") == 20
    assert "HJ99" not in page
    assert "45" in page
    seen = []
    before = 0
    while True:
        rows = messages_page(member=member, before=before, limit=20)
        seen += [row.pk for row in rows]
        if len(rows) < 20:
            break
        before = rows[-1].pk
    assert len(seen) == len(set(seen)) == 45


def test_scrolling_on_brings_rows_alone():
    member = a_member()
    commands.tell([news(member, number) for number in range(30)], at=AT)
    before = messages_page(member=member, limit=20)[-1].pk
    answer = signed_in(member).get(f"/messages?before={before}", headers={"HX-Request": "true", "HX-Target": "more"})
    assert "<html" not in answer.content.decode()
    assert answer.content.decode().count("已发货") == 10


def test_opening_a_message_marks_it_and_leads_there():
    member = a_member()
    commands.tell([news(member, 1)], at=AT)
    message = Message.objects.get()
    answer = signed_in(member).get(f"/messages/{message.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert unread_count(member=member) == 0


def test_nobody_opens_or_reads_what_is_anothers():
    member = a_member()
    commands.tell([news(member, 1)], at=AT)
    stranger = signed_in(a_member())
    assert stranger.get(f"/messages/{Message.objects.get().pk}").status_code == 404
    assert stranger.post("/messages/read", {}).status_code == 302
    assert unread_count(member=member) == 1
    assert messages_page(member=a_member(), before=Message.objects.get().pk, limit=5) == []


def test_all_of_a_kind_or_all_are_read_at_once():
    member = a_member()
    commands.tell([news(member, 1), news(member, 2, "withdrawal_paid")], at=AT)
    browser = signed_in(member)
    assert browser.post("/messages/read", {"kind": "trade"})["Location"] == "/messages?kind=trade"
    assert unread_count(member=member) == 1
    browser.post("/messages/read")
    assert unread_count(member=member) == 0


def test_the_page_of_ones_own_shows_how_many_are_unread():
    member = a_member()
    browser = signed_in(member)
    assert "条未读" not in browser.get("/me/").content.decode()
    commands.tell([news(member, 1)], at=AT)
    assert "条未读" in browser.get("/me/").content.decode()


def test_switches_are_kept_and_say_why_some_news_comes_all_the_same():
    browser = signed_in(a_member())
    assert "和钱有关的结果" in browser.get("/messages/switches").content.decode()
    assert browser.post("/messages/switches", {"kinds": ["trade", "earnings"]}).status_code == 302
    assert set(MutedKind.objects.values_list("kind", flat=True)) == {"goods", "system"}
    markup(browser.get("/messages/switches"))


@pytest.mark.parametrize("kind", ["marketing", "\x00", "trade'--"])
def test_a_kind_that_is_none_changes_nothing(kind):
    browser = signed_in(a_member())
    with nothing_changes():
        assert browser.post("/messages/switches", {"kinds": [kind]}).status_code == 400
        assert browser.get("/messages", {"kind": kind}).status_code == 404
        assert browser.post("/messages/read", {"kind": kind}).status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１", "\x00"])
def test_a_place_that_is_none_shows_a_page_all_the_same(before):
    assert signed_in(a_member()).get("/messages", {"before": before}).status_code == 200


def test_strangers_are_sent_to_log_in(client: Client):
    for path in ["/messages", "/messages/1", "/messages/switches"]:
        assert client.get(path).status_code == 302


def test_an_empty_page_says_what_will_come():
    assert "还没有消息" in signed_in(a_member()).get("/messages").content.decode()
    assert "这一类还没有消息" in signed_in(a_member()).get("/messages?kind=goods").content.decode()


# Other news


def test_an_after_sale_case_is_told_where_others_act():
    order = a_paid_order()
    for state in CaseState.values:
        publish(CaseChanged(7, "SH1", order.number, order.member_id, order.supplier_id, state, AT))
    assert told(order.member)[1:] == ["case_refused", "case_agreed", "case_resent", "case_done", "case_closed"]
    assert Message.objects.filter(wording="case_done", path="/aftersales/SH1/").exists()


def test_a_parcel_is_told_of_once_for_each_that_matters():
    order = a_paid_order()
    for _ in range(2):
        for kind in TrackKind.values:
            publish(ParcelMoved(3, order.number, order.member_id, kind, "外包装破损 100%", AT))
    assert sorted(told(order.member)) == ["delivered", "delivering", "paid", "trouble"]


def test_who_waits_for_stock_hears_when_it_is_there():
    members = [a_member(), a_member()]
    sku = a_sku()
    who = tuple(member.pk for member in members)
    publish(StockArrived(sku.pk, sku.product_id, sku.product.slug, sku.product.name, sku.spec, who, AT))
    assert [told(member) for member in members] == [["arrived"], ["arrived"]]
    assert Message.objects.filter(path=f"/p/{sku.product.slug}").count() == 2


def test_a_lower_price_of_a_favourite_is_told_once_a_price_and_a_few_at_a_time():
    member = a_member()
    skus = [a_sku(price_fen=6_800) for _ in range(5)]
    for sku in skus:
        add_favourite(member=member, product=sku.product, at=AT)
    assert commands.tell_price_drops(at=AT) == 0
    Product.objects.update(lowest_price_fen=6_750)
    assert commands.tell_price_drops(at=AT) == 0
    Product.objects.update(lowest_price_fen=5_800)
    assert [commands.tell_price_drops(at=AT) for _ in range(3)] == [3, 2, 0]
    message = Message.objects.filter(wording="price_drop").first()
    assert message is not None
    assert "¥58.00" in body_of(message.wording, message.words)
    assert "¥10.00" in body_of(message.wording, message.words)
    Product.objects.filter(pk=skus[0].product_id).update(lowest_price_fen=5_000)
    Product.objects.filter(pk=skus[1].product_id).update(lowest_price_fen=4_000, is_published=False)
    assert commands.tell_price_drops(at=later(days=1)) == 1
