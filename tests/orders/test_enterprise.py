"""Requests of enterprises: asked, quoted within floor and list price, accepted once at the quoted prices."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from mall.core.personal import erase_rows
from members.models import Member
from orders.commands import OrderRefused, Refusal
from orders.commands.enterprise import (
    EnterpriseRefused,
    ask_suppliers,
    decline_request,
    quote_request,
    refuse_quote,
    reveal_contact,
    withdraw_request,
)
from orders.models import ContactReveal, EnterpriseRequest
from orders.queries.enterprise import request_of
from orders.rules.enterprise import OPEN_REQUESTS_MAX
from service.models import Message
from suppliers.models import Product, Sku
from tests.factories import (
    AT,
    a_gift_pack,
    a_member,
    a_seat,
    a_sku,
    a_supplier,
    an_address,
    later,
)
from tests.orders.goods import a_sku_of
from tests.snapshots import nothing_changes

from .enterprise import ASKING, TODAY, accepted, asked, fresh, quoted, seat_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Sku:
    """68 yuan, list price 78, 40 of them the supplier's; 500 pieces."""
    return a_sku(on_hand=500)


def ask(member: Member, items: Any, key: str = "k1", **changes: Any) -> list[EnterpriseRequest]:
    return ask_suppliers(member=member, asking=replace(ASKING, **changes), items=items, idempotency_key=key, at=AT)


def test_each_supplier_gets_a_request_for_its_own_goods_and_hears_of_it(tea: Sku) -> None:
    other, member = a_sku(), a_member()
    owner = a_seat(tea.product.supplier)
    first, second = ask(member, [(other.pk, 3), (tea.pk, 200)])
    lines = {
        request.supplier: list(request.lines.values_list("sku", "quantity", "unit_price_fen"))
        for request in (first, second)
    }
    assert lines == {tea.product.supplier: [(tea.pk, 200, None)], other.product.supplier: [(other.pk, 3, None)]}
    own = next(request for request in (first, second) if request.supplier == tea.product.supplier)
    assert (own.state, own.contact_phone, own.invoice_title) == ("asked", "+8613800001234", ASKING.company_name)
    told = Message.objects.get(member=owner)
    assert (told.wording, told.words["company"]) == ("enterprise_asked", ASKING.company_name)


def test_the_same_key_asks_once_and_another_content_under_it_is_refused(tea: Sku) -> None:
    member = a_member()
    (first,) = ask(member, [(tea.pk, 5)])
    with nothing_changes():
        assert ask(member, [(tea.pk, 5)]) == [first]
        with pytest.raises(EnterpriseRefused, match="别的询价"):
            ask(member, [(tea.pk, 6)])
    assert ask(a_member(), [(tea.pk, 5)]) != [first]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company_name": " "}, "company_name"),
        ({"company_name": "长" * 61}, "company_name"),
        ({"credit_code": "91330100799655058A"}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"contact_name": "\u202e"}, "contact_name"),
        ({"contact_phone": "12345"}, "contact_phone"),
        ({"wanted_date": TODAY}, "wanted_date"),
        ({"wanted_date": TODAY + timedelta(days=366)}, "wanted_date"),
        ({"invoice_title": "长" * 61}, "invoice_title"),
        ({"note": "长" * 201}, "note"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_what_is_filled_in_wrongly_is_refused_with_its_field(tea: Sku, changes: Any, field: str) -> None:
    member = a_member()
    with nothing_changes(), pytest.raises(EnterpriseRefused) as refused:
        ask(member, [(tea.pk, 5)], **changes)
    assert refused.value.field == field


@pytest.mark.parametrize("quantity", [0, -1, 10_000, True, "5", 1.0])
def test_a_quantity_that_is_none_is_refused(tea: Sku, quantity: Any) -> None:
    member = a_member()
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="9999"):
        ask(member, [(tea.pk, quantity)])


def test_goods_that_cannot_be_asked_for_are_refused(tea: Sku) -> None:
    member, hidden, pack = a_member(), a_sku(is_published=False), a_gift_pack()
    many = [a_sku_of(tea.product) for _ in range(21)]
    with nothing_changes():
        for items, words in (
            ([], "先添加"),
            ([(hidden.pk, 1)], "下架"),
            ([(2**62, 1)], "下架"),
            ([("1", 1)], "下架"),
            ([(pack.pk, 1)], "礼包"),
            ([(tea.pk, 1), (tea.pk, 2)], "合成一行"),
            ([(sku.pk, 1) for sku in many], "20 种"),
        ):
            with pytest.raises(EnterpriseRefused, match=words):
                ask(member, items)
        for key in ("", "k" * 65, "k\x00"):
            with pytest.raises(EnterpriseRefused, match="编号"):
                ask(member, [(tea.pk, 1)], key)


def test_nobody_has_more_open_requests_than_can_be_answered(tea: Sku) -> None:
    member = a_member()
    for number in range(OPEN_REQUESTS_MAX):
        asked(tea, member=member, key=f"k{number}")
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="20 张"):
        ask(member, [(tea.pk, 1)], "one more")
    withdraw_request(member=member, number=EnterpriseRequest.objects.latest("pk").number, at=AT)
    assert ask(member, [(tea.pk, 1)], "one more")


def test_a_closed_account_asks_and_accepts_nothing_and_its_requests_forget_whom_to_call(tea: Sku) -> None:
    waiting, ready = asked(tea), quoted(asked(tea), 6_000)
    for request in (waiting, ready):
        erase_rows(member_id=request.member_id)
        Member.objects.filter(pk=request.member_id).update(
            closed_at=AT, phone=None, phone_verified=False, nickname="", is_active=False
        )
    found = fresh(waiting)
    assert (found.state, found.contact_name, found.contact_phone, found.note) == ("withdrawn", "", "", "")
    with nothing_changes():
        with pytest.raises(EnterpriseRefused, match="注销"):
            ask(waiting.member, [(tea.pk, 1)], "k9")
        with pytest.raises(EnterpriseRefused, match="注销"):
            quoted(waiting, 6_000)
        with pytest.raises(OrderRefused) as refused:
            accepted(ready, address=None)
    assert refused.value.reason == Refusal.ACCOUNT_CLOSED


def test_a_quote_is_told_and_a_newer_one_takes_its_place(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    assert (request.state, request.goods_fen, request.quote_note) == ("quoted", 600_000, "含礼盒")
    told = Message.objects.get(member=request.member)
    assert (told.wording, told.path) == ("enterprise_quoted", f"/enterprise/{request.number}/")
    assert quoted(fresh(request), 5_500, at=later(minutes=1)).lines.get().unit_price_fen == 5_500
    assert Message.objects.filter(member=request.member).count() == 2


def test_a_price_that_does_not_cover_its_cost_is_refused_with_the_working(tea: Sku) -> None:
    Product.objects.filter(pk=tea.product_id).update(commission_bps=1_000)
    request = asked(tea)
    with nothing_changes(), pytest.raises(EnterpriseRefused) as refused:
        quoted(request, 4_533, fee_bps=200)
    words = str(refused.value)
    assert "报价 ¥45.33 盖不住成本" in words
    assert "最低 ¥45.34 = 供货价 ¥40.00 + 平台服务费 2% ¥0.80 + 零售佣金 10% ¥4.54" in words
    assert quoted(request, 4_534, fee_bps=200).state == "quoted"


@pytest.mark.parametrize("price", [7_801, 0, -1, True, 60.0, "6000"])
def test_a_price_above_the_list_price_or_that_is_none_is_refused(tea: Sku, price: Any) -> None:
    request = asked(tea)
    with nothing_changes(), pytest.raises(EnterpriseRefused):
        quoted(request, price)
    assert quoted(request, 7_800).lines.get().unit_price_fen == 7_800


def test_a_quote_names_every_line_and_no_other_one(tea: Sku) -> None:
    request, theirs = asked(tea, a_sku_of(tea.product)), asked(a_sku())
    foreign = theirs.lines.get().pk
    first, second = request.lines.order_by("pk").values_list("pk", flat=True)
    common: dict[str, Any] = {"valid_date": TODAY, "note": "", "fee_bps": 0, "by": seat_at(request), "at": AT}
    with nothing_changes():
        for prices in ({}, {first: 6_000}, {first: 6_000, foreign: 6_000}, {first: 1, second: 1, foreign: 1}):
            with pytest.raises(EnterpriseRefused, match="每一种商品"):
                quote_request(request=request, prices=prices, **common)


@pytest.mark.parametrize("days", [-1, 61])
def test_a_quote_holds_from_today_for_sixty_days_at_most(tea: Sku, days: int) -> None:
    request = asked(tea)
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="60 天"):
        quoted(request, 6_000, valid_date=TODAY + timedelta(days=days))


def test_only_the_own_supplier_quotes_declines_and_looks(tea: Sku) -> None:
    request, stranger = asked(tea), a_seat(a_supplier())
    with nothing_changes():
        with pytest.raises(EnterpriseRefused, match="没有这张"):
            quoted(request, 6_000, by=stranger)
        with pytest.raises(EnterpriseRefused, match="没有这张"):
            decline_request(request=request, reason="没货", by=stranger, at=AT)
        with pytest.raises(EnterpriseRefused, match="没有这张"):
            reveal_contact(request=request, reason="联系", by=stranger, at=AT)


def test_a_supplier_declines_for_a_reason_that_the_buyer_hears(tea: Sku) -> None:
    request = asked(tea)
    by = seat_at(request)
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="原因"):
        decline_request(request=request, reason=" ", by=by, at=AT)
    decline_request(request=request, reason="年底排满了", by=by, at=AT)
    assert Message.objects.get(member=request.member).words["reason"] == "年底排满了"
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="处理过"):
        quoted(fresh(request), 6_000)


def test_a_look_at_the_phone_is_written_down_and_cannot_be_changed(tea: Sku) -> None:
    request = asked(tea)
    by = seat_at(request)
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="原因"):
        reveal_contact(request=request, reason="", by=by, at=AT)
    reveal_contact(request=request, reason="核对规格", by=by, at=AT)
    with pytest.raises((IntegrityError, InternalError), match="only added"), transaction.atomic():
        ContactReveal.objects.update(reason="改了")
    withdraw_request(member=request.member, number=request.number, at=AT)
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="结束"):
        reveal_contact(request=request, reason="再看看", by=by, at=AT)


def test_another_members_request_does_not_exist(tea: Sku) -> None:
    request, other = quoted(asked(tea), 6_000), a_member()
    an_address(other)
    assert request_of(member=other, number=request.number) is None
    with nothing_changes():
        with pytest.raises(EnterpriseRefused, match="没有这张"):
            withdraw_request(member=other, number=request.number, at=AT)
        with pytest.raises(EnterpriseRefused, match="没有这张"):
            refuse_quote(member=other, number=request.number, reason="贵", at=AT)
        with pytest.raises(OrderRefused) as refused:
            accepted(request, member=other, address=None)
    assert refused.value.reason == Refusal.NOT_YOURS


def test_a_buyer_refuses_a_quote_for_a_reason_or_takes_the_request_back(tea: Sku) -> None:
    refused, taken = quoted(asked(tea), 6_000), asked(tea)
    with nothing_changes(), pytest.raises(EnterpriseRefused, match="原因"):
        refuse_quote(member=refused.member, number=refused.number, reason="", at=AT)
    refuse_quote(member=refused.member, number=refused.number, reason="超预算", at=AT)
    withdraw_request(member=taken.member, number=taken.number, at=AT)
    with nothing_changes():
        withdraw_request(member=taken.member, number=taken.number, at=AT)
        with pytest.raises(OrderRefused) as over:
            accepted(refused, address=None)
        with pytest.raises(EnterpriseRefused, match="处理过"):
            refuse_quote(member=taken.member, number=taken.number, reason="不要了", at=AT)
    assert over.value.reason == Refusal.QUOTE_OVER
    assert (fresh(refused).reason, fresh(taken).state) == ("超预算", "withdrawn")


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("state", "lost", "state_known"),
        ("state", "declined", "for_a_reason"),
        ("state", "quoted", "quoted_when_quoted"),
    ],
)
def test_the_database_keeps_requests_in_order(tea: Sku, column: str, value: str, name: str) -> None:
    request = asked(tea)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        EnterpriseRequest.objects.filter(pk=request.pk).update(**{column: value})
