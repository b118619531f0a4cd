"""V-6: what suppliers see of who sells their goods; offers to shopkeepers; samples."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.commands import (
    OfferRefused,
    SampleRefused,
    agree_sample,
    ask_sample,
    decline_sample,
    forget_sample_recipients,
    open_offer,
    put_in_shop,
    send_sample,
    withdraw_sample,
)
from agents.models import SampleRequest, SampleState, SellingOffer
from agents.queries.opportunities import Sales, chances, open_offers, selling_shops
from ledger.models import JournalEntry
from mall.core import clock
from mall.core.own_supplier import rows_of
from mall.core.seats import Role
from members.models import Member
from orders.models import Order, OrderLine
from service.models import Message
from suppliers.commands import ask_arrival
from suppliers.models import Product, Sku, StockMovement
from tests.factories import AT, a_member, a_paid_order, an_address, later
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm

from .shops import a_good, a_shopkeeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Member:
    return a_shopkeeper("林小芳")


@pytest.fixture
def good() -> Sku:
    return a_good("武夷岩茶", price_fen=10_000, bps=1_000)


def sold(sku: Sku, keeper: Member, *, at: Any = AT, refunded_fen: int = 0) -> Order:
    """A paid order that a shopkeeper brought."""
    order = a_paid_order(sku=sku, at=at)
    Order.objects.filter(pk=order.pk).update(adviser=keeper)
    if refunded_fen:
        OrderLine.objects.filter(order=order).update(refunded_fen=refunded_fen)
    return order


def asked(keeper: Member, good: Sku, at: Any = AT) -> SampleRequest:
    put_in_shop(owner=keeper, slug=good.product.slug, at=at)
    return ask_sample(member=keeper, slug=good.product.slug, address=an_address(keeper), words="卖给茶友群", at=at)


def test_each_product_says_who_sells_it_and_who_waits_for_it(keeper: Member, good: Sku) -> None:
    put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
    now = later(days=100)
    sold(good, keeper, at=now - timedelta(days=91))
    sold(good, keeper, at=now - timedelta(days=60))
    sold(good, keeper, at=now - timedelta(days=2), refunded_fen=2_500)
    a_paid_order(sku=good, at=now - timedelta(days=1))
    Sku.objects.filter(pk=good.pk).update(on_hand=4, reserved=4)
    ask_arrival(member=a_member(), sku=good, at=now)
    (one,) = chances(supplier=good.product.supplier, at=now)
    assert one.sales == Sales(orders_30=1, net_30_fen=7_500, orders_90=2, net_90_fen=17_500)
    assert (one.shopkeepers, one.waiting, one.commission_fen) == (1, 1, 1_000)


def test_shopkeepers_stand_there_by_the_name_of_their_shop_alone(keeper: Member, good: Sku) -> None:
    put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
    keeper.shop.name = "岩茶小铺"
    keeper.shop.save()
    nameless = a_shopkeeper("王不开店")
    sold(good, keeper)
    sold(good, nameless)
    rows = selling_shops(product=good.product, at=later(hours=1))
    assert [(row.name, row.has_it, row.sales.orders_30) for row in rows] == [("岩茶小铺", True, 1), ("", False, 1)]
    firm = Firm("甲家", whole=False)
    Product.objects.filter(pk=good.product_id).update(supplier=firm.supplier)
    page = firm.client.get(
        reverse("supplier:agents_opportunity_changelist"), {"product": good.product_id}
    ).content.decode()
    assert "岩茶小铺" in page
    for secret in ("林小芳", "王不开店", keeper.phone, keeper.public_id, keeper.referral_code):
        assert secret not in page


def test_the_page_asks_as_much_for_many_products_as_for_one(keeper: Member) -> None:
    firm = Firm("甲家", whole=False)
    address = reverse("supplier:agents_opportunity_changelist")
    counts = []
    for _ in range(2):
        for _n in range(3):
            good = a_good(bps=500)
            Product.objects.filter(pk=good.product_id).update(supplier=firm.supplier)
            put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
        with CaptureQueriesContext(connection) as found:
            assert firm.client.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_offer_is_shown_on_the_page_of_goods_while_it_is_open(keeper: Member, good: Sku) -> None:
    now = clock.now()
    offer = open_offer(product=good.product, words="茶友回购高", until_date=now.date(), by=keeper, at=now)
    client = signed_in(keeper)
    page = client.get("/agent/goods/")
    markup(page)
    text = page.content.decode()
    assert "供应商找人帮卖" in text
    assert "茶友回购高" in text
    assert "招募帮卖" in text
    # What is written anew is the same offer.
    again = open_offer(product=good.product, words="送礼体面", until_date=now.date(), by=keeper, at=now)
    assert again.pk == offer.pk
    assert SellingOffer.objects.count() == 1
    for change in ({"commission_bps": 0}, {"is_published": False}):
        with transaction.atomic():
            Product.objects.filter(pk=good.product_id).update(**change)
            assert not open_offers(at=now).exists()
            transaction.set_rollback(True)
    assert not open_offers(at=now + timedelta(days=2)).exists()
    assert open_offers(at=now).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "给店主的话"),
        ({"words": "躺赚的好货"}, "不能出现"),
        ({"words": "茶" * 61}, "60 个字"),
        ({"until_date": date(2026, 10, 31)}, "截止日期"),
        ({"until_date": date(2027, 10, 31)}, "截止日期"),
    ],
)
def test_an_offer_that_says_nothing_promises_too_much_or_never_ends_is_refused(
    keeper: Member, good: Sku, change: dict[str, Any], words: str
) -> None:
    given = {"words": "好卖", "until_date": date(2026, 11, 30), **change}
    with nothing_changes(), pytest.raises(OfferRefused, match=words):
        open_offer(product=good.product, by=keeper, at=AT, **given)


def test_what_pays_nothing_or_is_not_on_the_shelf_is_not_offered(keeper: Member) -> None:
    free = a_good(bps=0)
    given = {"words": "好卖", "until_date": AT.date(), "by": keeper, "at": AT}
    with nothing_changes(), pytest.raises(OfferRefused, match="零售佣金"):
        open_offer(product=free.product, **given)
    hidden = a_good(bps=500)
    Product.objects.filter(pk=hidden.product_id).update(is_published=False)
    with nothing_changes(), pytest.raises(OfferRefused, match="上架"):
        open_offer(product=hidden.product, **given)


def test_a_sample_is_asked_for_promised_and_sent_out_of_stock_without_any_money(keeper: Member, good: Sku) -> None:
    sample = asked(keeper, good)
    assert asked(keeper, good).pk == sample.pk
    entries, orders = JournalEntry.objects.count(), Order.objects.count()
    agree_sample(request=sample, by=None, at=later(hours=1))
    sent = {"carrier": "顺丰速运", "tracking_number": "SF1234567"}
    send_sample(request=sample, sku=good, by=None, at=later(hours=2), **sent)
    sample.refresh_from_db()
    assert (sample.state, sample.sku, sample.tracking_number) == (SampleState.SENT, good, "SF1234567")
    assert Sku.objects.get(pk=good.pk).on_hand == good.on_hand - 1
    movement = StockMovement.objects.filter(sku=good).latest("id")
    assert (movement.kind, movement.on_hand_delta, movement.reason) == ("adjusted", -1, f"寄样品 {sample.number}")
    assert (JournalEntry.objects.count(), Order.objects.count()) == (entries, orders)
    told = Message.objects.filter(member=keeper).order_by("pk").values_list("wording", flat=True)
    assert list(told) == ["sample_agreed", "sample_sent"]
    with nothing_changes(), pytest.raises(SampleRefused, match="处理过"):
        send_sample(request=sample, sku=good, by=None, at=later(hours=3), **sent)
    with nothing_changes(), pytest.raises(SampleRefused, match="90 天"):
        ask_sample(
            member=keeper, slug=good.product.slug, address=keeper.addresses.first(), words="再来一件", at=later(days=80)
        )
    assert forget_sample_recipients(at=later(days=89)) == 0
    assert forget_sample_recipients(at=later(days=91)) == 1
    sample.refresh_from_db()
    assert (sample.recipient_name, sample.recipient_phone, sample.recipient_address) == ("", "", "")


def test_a_sample_that_is_declined_says_why_and_forgets_where_to(keeper: Member, good: Sku) -> None:
    sample = asked(keeper, good)
    with nothing_changes(), pytest.raises(SampleRefused, match="原因"):
        decline_sample(request=sample, reason=" ", by=None, at=AT)
    decline_sample(request=sample, reason="新品缺货", by=None, at=later(hours=1))
    sample.refresh_from_db()
    assert (sample.state, sample.reason, sample.recipient_phone) == (SampleState.DECLINED, "新品缺货", "")
    assert "新品缺货" in signed_in(keeper).get("/agent/samples/").content.decode()
    # It may be asked for again.
    assert asked(keeper, good, later(days=1)).pk != sample.pk


def test_without_stock_or_with_anothers_spec_nothing_is_sent(keeper: Member, good: Sku) -> None:
    sample = asked(keeper, good)
    given = {"request": sample, "carrier": "顺丰速运", "tracking_number": "SF1234567", "by": None, "at": AT}
    with nothing_changes(), pytest.raises(SampleRefused, match="处理过"):
        send_sample(sku=good, **given)
    agree_sample(request=sample, by=None, at=AT)
    Sku.objects.filter(pk=good.pk).update(on_hand=2, reserved=2)
    with nothing_changes(), pytest.raises(SampleRefused, match="没有可寄的库存"):
        send_sample(sku=Sku.objects.get(pk=good.pk), **given)
    other = a_good(bps=1)
    with nothing_changes(), pytest.raises(SampleRefused, match="规格"):
        send_sample(sku=other, **given)


def test_who_may_not_ask_is_told_why(keeper: Member, good: Sku) -> None:
    given = {"slug": good.product.slug, "words": "卖给茶友", "at": AT}
    stranger = a_member()
    elsewhere, address, free = an_address(stranger), an_address(keeper), a_good(bps=0)
    with nothing_changes(), pytest.raises(SampleRefused, match="开通店主"):
        ask_sample(member=stranger, address=elsewhere, **given)
    with nothing_changes(), pytest.raises(SampleRefused, match="先开小店"):
        ask_sample(member=keeper, address=address, **given)
    put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
    with nothing_changes(), pytest.raises(SampleRefused, match="打算怎么卖"):
        ask_sample(member=keeper, address=address, **{**given, "words": ""})
    with nothing_changes(), pytest.raises(SampleRefused, match="不能申请"):
        ask_sample(member=keeper, address=address, **{**given, "slug": free.product.slug})
    for _ in range(5):
        ask_sample(member=keeper, address=address, **{**given, "slug": a_good(bps=100).product.slug})
    with nothing_changes(), pytest.raises(SampleRefused, match="还有 5 个"):
        ask_sample(member=keeper, address=address, **given)


def test_a_shopkeeper_asks_and_withdraws_on_pages_of_its_own(keeper: Member, good: Sku) -> None:
    put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
    address, other = an_address(keeper), an_address(a_member())
    client = signed_in(keeper)
    page = f"/agent/goods/{good.product.slug}/sample/"
    markup(client.get(page))
    with nothing_changes():
        assert client.post(page, {"words": "卖给茶友", "address_id": other.pk}).status_code == 400
        assert client.post(page, {"words": "", "address_id": address.pk}).status_code == 400
    assert client.post(page, {"words": "卖给茶友", "address_id": address.pk}).status_code == 302
    sample = SampleRequest.objects.get()
    assert "样品申请中" in client.get("/agent/goods/").content.decode()
    other, stranger = signed_in(a_shopkeeper("别人")), signed_in(a_member())
    with nothing_changes():
        other.post(f"/agent/samples/{sample.number}/withdraw/")
        assert stranger.post(page, {"words": "x", "address_id": address.pk}).status_code == 403
    markup(client.get("/agent/samples/"))
    client.post(f"/agent/samples/{sample.number}/withdraw/")
    sample.refresh_from_db()
    assert (sample.state, sample.recipient_phone) == (SampleState.WITHDRAWN, "")
    withdraw_sample(member=keeper, number=sample.number, at=AT)


def test_at_the_desk_who_answers_and_who_sends_see_what_they_need(keeper: Member, good: Sku) -> None:
    firm = Firm("甲家", whole=False)
    Product.objects.filter(pk=good.product_id).update(supplier=firm.supplier)
    sample = asked(keeper, good)
    desk = "/supplier/agents/samplerequest/"
    phone = sample.recipient_phone.removeprefix("+86")
    for address in (desk, f"{desk}{sample.pk}/change/", f"{desk}{sample.pk}/agree/", f"{desk}{sample.pk}/send/"):
        page = firm.client.get(address).content.decode()
        assert phone not in page, address
        assert "林小芳" not in page.replace(sample.shop_name, "")
    assert f'<a class="ops-link" href="{desk}{sample.pk}/agree/">' in firm.client.get(desk).content.decode()
    warehouse = firm.seat(Role.WAREHOUSE)
    with nothing_changes():
        assert warehouse.post(f"{desk}{sample.pk}/agree/").status_code == 403
        assert firm.client.post(f"{desk}{sample.pk}/decline/", {"reason": ""}).status_code == 200
    assert firm.client.post(f"{desk}{sample.pk}/agree/").status_code == 302
    assert phone in warehouse.get(f"{desk}{sample.pk}/send/").content.decode()
    assert phone not in warehouse.get(f"{desk}{sample.pk}/change/").content.decode()
    given = {"sku": good.pk, "carrier": "顺丰速运", "tracking_number": "SF1234567"}
    with nothing_changes():
        assert warehouse.post(f"{desk}{sample.pk}/send/", {**given, "tracking_number": "x"}).status_code == 200
    assert warehouse.post(f"{desk}{sample.pk}/send/", given).status_code == 302
    sample.refresh_from_db()
    assert sample.state == SampleState.SENT
    assert phone not in warehouse.get(f"{desk}{sample.pk}/send/").content.decode()


def test_offers_are_made_at_the_desk_of_own_goods_with_a_commission(keeper: Member, good: Sku) -> None:
    firm = Firm("甲家", whole=False)
    desk = "/supplier/agents/sellingoffer/"
    given = {"product": good.product_id, "words": "好卖", "until_date": clock.now().date().isoformat()}
    with nothing_changes():
        assert firm.client.post(f"{desk}offer/", given).status_code == 200
    Product.objects.filter(pk=good.product_id).update(supplier=firm.supplier)
    finance = firm.seat(Role.FINANCE)
    with nothing_changes():
        assert finance.post(f"{desk}offer/", given).status_code == 403
        assert firm.client.post(f"{desk}offer/", {**given, "words": "稳赚"}).status_code == 200
    assert firm.client.post(f"{desk}offer/", given).status_code == 302
    offer = SellingOffer.objects.get()
    assert "店主看得到" in firm.client.get(desk).content.decode()
    assert firm.client.post(f"{desk}{offer.pk}/end/").status_code == 302
    assert "已结束" in firm.client.get(desk).content.decode()


def test_the_database_keeps_offers_and_samples_with_their_supplier(keeper: Member, good: Sku) -> None:
    asked(keeper, good)
    open_offer(product=good.product, words="好卖", until_date=AT.date(), by=keeper, at=AT)
    with rows_of(Firm("甲家", whole=False).supplier.pk):
        assert not SampleRequest.objects.exists()
        assert not SellingOffer.objects.exists()
    with rows_of(good.product.supplier_id):
        assert SampleRequest.objects.count() == SellingOffer.objects.count() == 1


def test_a_refusal_has_a_reason_and_keeps_no_address_whoever_writes(keeper: Member, good: Sku) -> None:
    sample = asked(keeper, good)
    for change in ({"state": "declined"}, {"state": "sent"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SampleRequest.objects.filter(pk=sample.pk).update(**change)
