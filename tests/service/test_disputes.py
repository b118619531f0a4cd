"""A dispute with three sides: what a decision would do, that it does exactly that, and who may say what."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ledger.models import AccountKind
from ledger.queries import balance_fen
from mall.core import clock
from mall.core.own_supplier import rows_of
from mall.core.rights import RELEASE, REVIEW, SERVICE
from mall.core.seats import Role
from orders.commands import OrderRefused, ask_refund
from orders.commands.after_sale import (
    act_on_overdue,
    add_to_dispute,
    cancel_case,
    decide_case,
    dispute_case,
    refuse_case,
    speak_in_dispute,
)
from orders.models import AfterSale, CaseState, CaseStep, Order, Refund, RefundRequest
from orders.queries.after_sale import case_for_platform
from orders.queries.deciding import Outcome, outcomes
from service.commands import note_on_dispute, save_tag, tag_item
from service.models import Dispute, DisputeNote
from suppliers.commands import seat_member
from tests.factories import AT, a_member, a_seat, fresh, later
from tests.linkage.retail import a_sale, a_shopkeeper, an_earning_sku, balances, prove, receive, settle
from tests.linkage.test_retail import spend
from tests.operators import as_, operator, text
from tests.orders.after_sale import a_case, an_order, shipped
from tests.pages.reading import signed_in
from tests.service.conftest import a_photo, upload
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def disputed(order: Order, at: Any, **changes: Any) -> AfterSale:
    case = a_case(order, kind=changes.pop("kind", "refund_only"), at=at, **changes)
    seat = a_seat(order.supplier)
    refuse_case(case=case, by=seat, reason="出库完好", at=at)
    dispute_case(case=case, member=order.member, text="照片很清楚", at=at)
    case.refresh_from_db()
    return case


def read(case: AfterSale, at: Any) -> dict[tuple[str, bool], Outcome]:
    loaded = case_for_platform(case_id=case.pk)
    assert loaded is not None
    return {(one.verdict.value, one.with_freight): one for one in outcomes(case=loaded, at=at)}


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("matured", [True, False], ids=["matured", "pending"])
def test_a_decision_does_exactly_what_the_page_said_before(pieces: int, matured: bool) -> None:
    lin = a_shopkeeper()
    order = a_sale(lin, sku=an_earning_sku(price_fen=3_333, bps=1_234), quantity=3)
    receive(order, AT)
    at = AT + WEEK + timedelta(days=1) if matured else AT + timedelta(days=1)
    settle(at)
    case = disputed(fresh(order), at, quantity=pieces)
    before = balances(lin)
    accounts = (AccountKind.REVENUE, AccountKind.COMMISSION_EXPENSE, AccountKind.REFUND_PAYABLE)
    books = {kind: balance_fen(kind=kind) for kind in accounts}
    owed = balance_fen(kind=AccountKind.SUPPLIER_PAYABLE, holder_id=order.supplier_id)
    with nothing_changes():
        seen = read(case, at)["refund", False]
    assert seen.refund is not None

    helper = operator("客服", SERVICE)
    decide_case(case=case, by=helper, verdict="refund", reason="照片清楚", seen_fen=seen.refund.goods_fen, at=at)
    settle(at)

    after = balances(lin)
    assert Refund.objects.get().amount_fen == seen.refund.amount_fen
    assert before.pending_fen - after.pending_fen == seen.sums.pending_fen
    assert before.available_fen - after.available_fen == seen.sums.available_fen
    assert after.debt_fen - before.debt_fen == seen.sums.debt_fen
    assert seen.sums.total_fen > 0
    assert (seen.sums.pending_fen == 0) is matured
    supplier = owed - balance_fen(kind=AccountKind.SUPPLIER_PAYABLE, holder_id=order.supplier_id)
    assert supplier == seen.refund.supply_back_fen
    lost = {kind: books[kind] - balance_fen(kind=kind) for kind in accounts}
    assert lost[AccountKind.COMMISSION_EXPENSE] == seen.sums.total_fen
    assert seen.platform_fen == seen.refund.amount_fen - supplier - seen.sums.total_fen
    prove()


def test_what_was_paid_out_already_is_shown_as_a_debt_before_it_is_one() -> None:
    lin = a_shopkeeper()
    order = a_sale(lin, quantity=2)
    receive(order, AT)
    settle(AT + WEEK)
    spend(lin, balances(lin).available_fen)
    at = AT + WEEK + timedelta(days=1)
    case = disputed(fresh(order), at, quantity=2)
    seen = read(case, at)["refund", False]
    with clock.standing_at(at):
        client = as_(operator("客服", SERVICE))
        page = text(client.get(reverse("ops:orders_aftersale_decide", args=[case.pk])))
    assert "会欠下" in page
    assert reverse("ops:linkage_adjustment_changelist") in page
    decide_case(case=case, by=operator("丁", SERVICE), verdict="refund", reason="好", at=at)
    settle(at)
    assert balances(lin).debt_fen == seen.sums.debt_fen > 0


def test_freight_and_a_return_are_shown_for_what_they_are() -> None:
    order = shipped(an_order(1))
    Order.objects.filter(pk=order.pk).update(freight_fen=800, total_fen=1_800)
    found = read(disputed(fresh(order), AT, kind="return_refund"), AT)
    assert set(found) == {
        ("refund", False),
        ("refund", True),
        ("return", False),
        ("return", True),
        ("close", False),
    }
    assert (found["refund", False].refund.amount_fen, found["refund", True].refund.amount_fen) == (1_000, 1_800)
    assert found["return", False].is_later
    assert found["close", False].refund is None


def test_a_dispute_is_decided_once_and_only_for_the_amount_that_was_seen() -> None:
    order = shipped(an_order(2))
    case = disputed(order, clock.now())
    helper = operator("客服", SERVICE)
    client, page = as_(helper), reverse("ops:orders_aftersale_decide", args=[case.pk])
    shown = text(client.get(page))
    assert "每种裁定会怎样" in shown
    with nothing_changes():
        wrong = client.post(page, {"verdict": "refund", "reason": "好", "seen_fen": "999"})
        assert "不一样了" in text(wrong)
        assert client.post(page, {"verdict": "refund", "reason": "好", "seen_fen": "x"}).status_code == 200
        assert client.post(page, {"verdict": "resend", "reason": "好", "seen_fen": "1000"}).status_code == 200
    sent = {"verdict": "refund", "reason": "照片清楚", "seen_fen": "1000"}
    assert client.post(page, sent).status_code == 302
    with nothing_changes():
        assert "售后状态已变化" in text(client.post(page, sent))
    assert Refund.objects.count() == 1
    dispute = Dispute.objects.get()
    assert dispute.closed_at is not None
    assert "照片清楚" in text(client.get(reverse("ops:service_dispute_change", args=[dispute.pk])))
    assert "照片清楚" in signed_in(order.member).get(f"/aftersales/{case.number}/").content.decode()


def test_nobody_decides_on_his_own_case_nor_without_the_right() -> None:
    order = shipped(an_order(1))
    case = disputed(order, clock.now())
    page = reverse("ops:orders_aftersale_decide", args=[case.pk])
    seller, buyer = operator("卖家", SERVICE), operator("买家", SERVICE)
    seat_member(supplier=order.supplier, member=seller, role=Role.OWNER)
    Order.objects.filter(pk=order.pk).update(member=buyer)
    sent = {"verdict": "refund", "reason": "好", "seen_fen": "1000"}
    clients = [as_(seller), as_(buyer)]
    reader, outsider = as_(operator("复核", RELEASE)), as_(operator("新同事"))
    with nothing_changes():
        for client in clients:
            assert "须由其他同事裁定" in text(client.post(page, sent))
        assert reader.post(page, sent).status_code == 403
        assert outsider.post(page, sent).status_code in (403, 404)
    record = text(reader.get(reverse("ops:service_dispute_change", args=[Dispute.objects.get().pk])))
    assert "你没有裁定售后纠纷的权限" in record
    assert page not in record


def test_all_three_sides_stand_on_the_page_with_the_preview() -> None:
    order = shipped(an_order(2))
    case = disputed(order, clock.now())
    speak_in_dispute(case=case, by=CaseStep.objects.get(text__startswith="商家拒绝").by, text="有监控", at=clock.now())
    client = as_(operator("客服", SERVICE))
    page = text(client.get(reverse("ops:service_dispute_change", args=[Dispute.objects.get().pk])))
    for words in (
        "照片很清楚",
        "出库完好",
        "商家补充：有监控",
        "买家实付",
        "每种裁定会怎样",
        "支持买家，退款",
        "¥10.00",
    ):
        assert words in page, words
    assert str(order.member.phone) not in page
    assert reverse("ops:orders_aftersale_decide", args=[case.pk]) in page
    assert "三方对照" in text(client.get(reverse("ops:orders_aftersale_change", args=[case.pk])))
    order_page = text(client.get(reverse("ops:orders_order_change", args=[order.pk])))
    assert "纠纷 1" in order_page
    member_page = text(client.get(reverse("ops:members_member_change", args=[order.member_id])))
    assert "纠纷 1" in member_page


def test_a_supplier_speaks_until_the_deadline_sees_the_decision_and_nothing_of_the_desk() -> None:
    order = shipped(an_order(2))
    case = disputed(order, clock.now())
    keeper = CaseStep.objects.get(text__startswith="商家拒绝").by
    client, page = as_(keeper), f"/supplier/orders/aftersale/{case.pk}"
    stranger = as_(a_seat(an_order(1).supplier))
    assert "补充说明和凭证" in text(client.get(f"{page}/change/"))
    assert client.post(f"{page}/speak/", {"text": "监控里是好的"}).status_code == 302
    with nothing_changes():
        client.post(f"{page}/speak/", {"text": "监控里是好的"})
        assert "请写下" in text(client.post(f"{page}/speak/", {"text": " "}))
        assert stranger.post(f"{page}/speak/", {"text": "x"}).status_code == 404
        with pytest.raises(OrderRefused, match="期限"):
            speak_in_dispute(case=case, by=keeper, text="晚了", at=clock.now() + timedelta(days=3))
    for number in range(3):
        speak_in_dispute(case=case, by=keeper, text=f"再说 {number}", at=clock.now())
    case.refresh_from_db()
    assert case.state == CaseState.DISPUTED
    assert Dispute.objects.get().opened_at == case.state_at
    decide_case(case=case, by=operator("客服", SERVICE), verdict="close", reason="监控清楚", at=clock.now())
    shown = text(client.get(f"{page}/change/"))
    assert "监控清楚" in shown
    with nothing_changes(), pytest.raises(OrderRefused):
        speak_in_dispute(case=case, by=keeper, text="谢谢", at=clock.now())


def test_a_buyer_adds_words_and_photos_until_the_deadline_and_all_three_sides_see_them() -> None:
    order = shipped(an_order(2))
    case = disputed(order, clock.now())
    keeper = CaseStep.objects.get(text__startswith="商家拒绝").by
    other = a_member()
    buyer, stranger = as_(order.member), as_(other)
    page, speak = f"/aftersales/{case.number}/", f"/aftersales/{case.number}/speak"
    assert speak in text(buyer.get(page))
    assert "还可以补充 5 次" in text(buyer.get(speak))
    with nothing_changes():
        for sent in (
            {"text": " "},
            {"text": "长" * 201},
            {},
            {"text": "图太多", "photos": [upload() for _ in range(7)]},
        ):
            assert buyer.post(speak, sent).status_code == 400
        assert stranger.get(speak).status_code == stranger.post(speak, {"text": "x"}).status_code == 404
        with pytest.raises(OrderRefused, match="不是您的"):
            add_to_dispute(case=case, member=other, text="我也说", at=clock.now())
        with pytest.raises(OrderRefused, match="期限"):
            add_to_dispute(case=case, member=order.member, text="晚了", at=clock.now() + timedelta(days=3))
    assert buyer.post(speak, {"text": "罐底也裂了", "photos": [upload()]}).url == page
    with nothing_changes():
        buyer.post(speak, {"text": "罐底也裂了"})
    case.refresh_from_db()
    assert (case.state, case.photos.get().actor) == (CaseState.DISPUTED, "buyer")
    desk = reverse("ops:service_dispute_change", args=[Dispute.objects.get().pk])
    for shown in (
        buyer.get(page),
        as_(keeper).get(f"/supplier/orders/aftersale/{case.pk}/change/"),
        as_(operator("客服", SERVICE)).get(desk),
    ):
        assert "买家补充：罐底也裂了" in text(shown)
        assert "买家的凭证 1" in text(shown)
    for number in range(4):
        add_to_dispute(case=case, member=order.member, text=f"再说 {number}", at=clock.now())
    with nothing_changes():
        assert speak not in text(buyer.get(page))
        assert buyer.post(speak, {"text": "第六次"}).url == page
        with pytest.raises(OrderRefused, match="最多补充 5 次"):
            add_to_dispute(case=case, member=order.member, text="第六次", at=clock.now())
    # The other side has its own room.
    speak_in_dispute(case=case, by=keeper, text="监控里是好的", at=clock.now())
    decide_case(case=case, by=operator("客服二", SERVICE), verdict="close", reason="监控清楚", at=clock.now())
    with nothing_changes():
        assert speak not in text(buyer.get(page))
        assert buyer.post(speak, {"text": "谢谢"}).url == page


def test_a_side_has_eighteen_photos_and_takes_none_of_the_others() -> None:
    order = shipped(an_order(2))
    case = disputed(order, clock.now())
    keeper = CaseStep.objects.get(text__startswith="商家拒绝").by
    six = [a_photo() for _ in range(6)]
    for number in range(3):
        add_to_dispute(case=case, member=order.member, text=f"{number}", photos=six, at=clock.now())
    with nothing_changes(), pytest.raises(OrderRefused, match="太多"):
        add_to_dispute(case=case, member=order.member, text="还有", photos=six[:1], at=clock.now())
    speak_in_dispute(case=case, by=keeper, text="监控", photos=six, at=clock.now())
    assert case.photos.filter(actor="supplier").count() == 6


def test_a_case_that_comes_back_to_the_platform_stands_in_the_queue_anew() -> None:
    order = shipped(an_order(2))
    case = disputed(order, AT)
    dispute = Dispute.objects.get()
    assert (dispute.due_at, dispute.closed_at) == (later(days=3), None)
    cancel_case(case=case, member=order.member, at=later(hours=1))
    dispute.refresh_from_db()
    assert (dispute.due_at, dispute.closed_at) == (None, later(hours=1))
    again = disputed(order, later(days=1), kind="exchange")
    decide_case(case=again, by=operator("客服", SERVICE), verdict="resend", reason="补发", at=later(days=2))
    act_on_overdue(at=later(days=6))
    assert Dispute.objects.filter(closed_at=None).values_list("case", "opened_at").get() == (again.pk, later(days=5))
    assert Dispute.objects.count() == 2


def test_who_only_reviews_payouts_sees_and_decides_nothing_more() -> None:
    order = shipped(an_order(1))
    dispute = Dispute.objects.get(case=disputed(order, clock.now()))
    client = as_(operator("苏敏", REVIEW))
    with nothing_changes():
        assert client.post(f"/ops/service/dispute/{dispute.pk}/note/", {"text": "x"}).status_code == 403
    assert as_(a_member()).get(f"/ops/service/dispute/{dispute.pk}/change/").status_code == 302


def test_the_database_shows_a_supplier_its_own_dispute_and_nothing_that_operators_write() -> None:
    mine, theirs = shipped(an_order(1)), shipped(an_order(1))
    helper = operator("客服", SERVICE)
    tag = save_tag(name="破损")
    for order in (mine, theirs):
        dispute = Dispute.objects.get(case=disputed(order, AT))
        note_on_dispute(dispute=dispute, by=helper, text="先看监控", at=AT)
        tag_item(item=dispute, tags=[tag])
    whole = an_order(1)
    ask_refund(order=whole, reason="协商", seen_fen=whole.total_fen, by=helper, at=AT)
    with rows_of(mine.supplier_id):
        assert list(Dispute.objects.values_list("supplier_id", flat=True)) == [mine.supplier_id]
        assert not DisputeNote.objects.exists()
        assert not Dispute.tags.through.objects.exists()
        assert not RefundRequest.objects.exists()
    assert (DisputeNote.objects.count(), RefundRequest.objects.count()) == (2, 1)
