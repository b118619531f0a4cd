"""Settling what differs and closing days: two people, and a closed day is locked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mall.core import clock
from mall.core.rights import RELEASE, REVIEW, SERVICE
from members.models import Member
from orders.models import BillLine, ProviderBill
from reconciliation.commands import (
    ReconciliationRefused,
    ask_check,
    ask_to_close,
    ask_to_reopen,
    close_day,
    confirm_item,
    propose_item,
    refuse_request,
    reopen_day,
    return_item,
)
from reconciliation.models import Day, DayState, DayStep, Item, ItemState
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.stand_ins import point_to

from .books import causes, checked, given_back_by_hand, paid, today

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]
UNSEEN = ("members_dayvisit", "members_membersession", "core_operatoract")


@pytest.fixture(name="mall_url")
def _mall_url(live_server: Any, settings: Any) -> str:
    url: str = live_server.url
    point_to(settings, url)
    return url


@pytest.fixture
def maker() -> Member:
    return operator("何琳", REVIEW)


@pytest.fixture
def checker() -> Member:
    return operator("陈立", RELEASE)


def yesterday_with_a_manual_refund() -> date:
    """A day that is over, with one refund that somebody made on the provider's own pages."""
    given_back_by_hand(paid("R1"), 100)
    day = today()
    clock.advance(timedelta(days=1))
    checked(day)
    return day


def settled(maker: Member, checker: Member) -> None:
    for item in Item.objects.filter(state=ItemState.OPEN):
        propose_item(item_id=item.pk, how="outside", note="商户平台手工退的，已补登", by=maker, at=clock.now())
        confirm_item(item_id=item.pk, by=checker, at=clock.now())


def closed(day: date, maker: Member, checker: Member) -> Day:
    settled(maker, checker)
    ask_to_close(day=day, words="都已查清", by=maker, at=clock.now())
    return close_day(day=day, by=checker, at=clock.now())


def test_one_settles_another_confirms_one_asks_to_close_another_closes(maker: Member, checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    found = closed(day, maker, checker)
    assert (found.state, found.asked_by, found.decided_by) == (DayState.CLOSED, maker, checker)
    assert list(DayStep.objects.order_by("id").values_list("kind", "by")) == [
        ("ask_close", maker.pk),
        ("close", checker.pk),
    ]


def test_nobody_confirms_what_was_their_own(checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    item = Item.objects.get()
    propose_item(item_id=item.pk, how="outside", note="已经补登了", by=checker, at=clock.now())
    with nothing_changes(), pytest.raises(ReconciliationRefused, match="另一位同事"):
        confirm_item(item_id=item.pk, by=checker, at=clock.now())
    confirm_item(item_id=item.pk, by=operator("赵复", RELEASE), at=clock.now())
    ask_to_close(day=day, words="都已查清", by=checker, at=clock.now())
    with nothing_changes(), pytest.raises(ReconciliationRefused, match="另一位同事"):
        close_day(day=day, by=checker, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Day.objects.filter(date=day).update(state=DayState.CLOSED, decided_by=checker, decided_at=clock.now())


def test_the_database_wants_two_people_for_an_item_too(maker: Member) -> None:
    yesterday_with_a_manual_refund()
    item = propose_item(item_id=Item.objects.get().pk, how="outside", note="已经补登了", by=maker, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(state=ItemState.SETTLED, confirmed_by=maker, ended_at=clock.now())


@pytest.mark.parametrize(
    ("how", "note"), [("", "写清楚经过了"), ("magic", "写清楚经过了"), ("outside", "  "), ("outside", "嗯")]
)
def test_without_a_way_and_words_nothing_is_settled(how: str, note: str, maker: Member) -> None:
    yesterday_with_a_manual_refund()
    with nothing_changes(), pytest.raises(ReconciliationRefused):
        propose_item(item_id=Item.objects.get().pk, how=how, note=note, by=maker, at=clock.now())


def test_who_has_no_right_settles_and_closes_nothing(maker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    stranger, item = operator("小店", SERVICE), Item.objects.get()
    with nothing_changes():
        for act in (
            lambda: propose_item(item_id=item.pk, how="outside", note="已经补登了", by=stranger, at=clock.now()),
            lambda: confirm_item(item_id=item.pk, by=maker, at=clock.now()),
            lambda: ask_to_close(day=day, words="都已查清", by=stranger, at=clock.now()),
            lambda: close_day(day=day, by=maker, at=clock.now()),
            lambda: ask_check(day=day, by=stranger, at=clock.now()),
        ):
            with pytest.raises(ReconciliationRefused):
                act()


def test_a_day_with_an_open_item_or_that_is_not_over_is_not_closed(maker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    with nothing_changes(), pytest.raises(ReconciliationRefused, match="还有 1 笔没平"):
        ask_to_close(day=day, words="都已查清", by=maker, at=clock.now())
    checked(today())
    with nothing_changes(), pytest.raises(ReconciliationRefused, match="还没过完"):
        ask_to_close(day=today(), words="都已查清", by=maker, at=clock.now())


def test_days_are_closed_in_their_order_and_only_after_a_check_that_saw_all_of_them(
    maker: Member, checker: Member
) -> None:
    first = today()
    checked(first)
    clock.advance(timedelta(days=1))
    with pytest.raises(ReconciliationRefused, match="过完之后还没有核对过"):
        ask_to_close(day=first, words="都已查清", by=maker, at=clock.now())
    clock.advance(timedelta(days=1))
    checked(first + timedelta(days=1))
    with pytest.raises(ReconciliationRefused, match="请先关"):
        ask_to_close(day=first + timedelta(days=1), words="都已查清", by=maker, at=clock.now())
    checked(first)
    closed(first, maker, checker)
    closed(first + timedelta(days=1), maker, checker)
    assert set(Day.objects.values_list("state", flat=True)) == {"closed"}


def test_a_closed_day_is_locked_in_the_database(maker: Member, checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    closed(day, maker, checker)
    item = Item.objects.get()
    with pytest.raises(ReconciliationRefused, match="已关账"):
        ask_check(day=day, by=maker, at=clock.now())
    for change in (
        lambda: Item.objects.filter(pk=item.pk).update(note="别的话，改一改"),
        lambda: item.delete(),
        lambda: Day.objects.filter(date=day).update(figures={}),
        lambda: Day.objects.filter(date=day).delete(),
        lambda: DayStep.objects.all().delete(),
        lambda: DayStep.objects.update(words="改"),
    ):
        with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_what_comes_to_light_after_closing_falls_into_the_next_open_day(maker: Member, checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    closed(day, maker, checker)
    before = Day.objects.get(date=day).figures
    bill = ProviderBill.objects.get()
    values = {"payment_number": "PYX", "currency": "CNY", "happened_at": clock.now() - timedelta(days=1)}
    BillLine.objects.create(
        bill=bill, position=90, kind="payment", number="PYX", provider_ref="X", amount_fen=500, **values
    )
    check = checked(today())
    assert check.found == 1
    item = Item.objects.exclude(day__date=day).get()
    assert (item.day.date, item.date, item.cause, item.channel_fen) == (today(), day, "unknown_payment", 500)
    assert Day.objects.get(date=day).figures == before
    page = text(as_(maker).get("/ops/reconciliation/", {"day": today().isoformat()}))
    assert f"属于已关账的 {day.isoformat()}" in page
    assert checked(today()).found == 1
    BillLine.objects.filter(number="PYX").delete()
    assert checked(today()).found == 0


def test_two_people_open_a_closed_day_again(maker: Member, checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    closed(day, maker, checker)
    ask_to_reopen(day=day, words="账单更正过", by=checker, at=clock.now())
    with nothing_changes(), pytest.raises(ReconciliationRefused, match="另一位同事"):
        reopen_day(day=day, by=checker, at=clock.now())
    refuse_request(day=day, words="不用重开，记在今天", by=operator("赵复", RELEASE), at=clock.now())
    found = Day.objects.get(date=day)
    assert (found.state, found.asked_by, found.decided_by) == (DayState.CLOSED, maker, checker)
    ask_to_reopen(day=day, words="账单更正过", by=maker, at=clock.now())
    reopen_day(day=day, by=checker, at=clock.now())
    assert Day.objects.get(date=day).state == DayState.OPEN
    assert causes(day) == {"BYHAND1": "manual_refund"}
    assert checked(day).found == 0
    closed(day, maker, checker)


def test_a_proposal_is_sent_back_or_taken_back(maker: Member, checker: Member) -> None:
    yesterday_with_a_manual_refund()
    item = Item.objects.get()
    for who in (maker, checker):
        propose_item(item_id=item.pk, how="outside", note="已经补登了", by=maker, at=clock.now())
        return_item(item_id=item.pk, by=who)
        item.refresh_from_db()
        assert (item.state, item.note, item.proposed_by) == (ItemState.OPEN, "", None)


def test_an_item_that_differs_in_another_way_is_open_again(maker: Member, checker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    settled(maker, checker)
    assert checked(day).found == 0
    BillLine.objects.filter(number="BYHAND1").update(amount_fen=200)
    assert checked(day).found == 1
    item = Item.objects.get()
    assert (item.state, item.channel_fen, item.confirmed_by) == (ItemState.OPEN, -200, None)


def test_a_day_on_its_page_in_a_fixed_number_of_questions_and_as_a_file(
    maker: Member, django_assert_max_num_queries: Any
) -> None:
    day = yesterday_with_a_manual_refund()
    client = as_(maker)
    address = f"/ops/reconciliation/?day={day.isoformat()}"
    client.get(address)
    with django_assert_max_num_queries(34):
        page = text(client.get(address))
    for words in ("订单 ↔ 支付渠道", "手工退款", "BYHAND1", "还有 1 笔没平", "借方合计 = 贷方合计", "渠道退款成功"):
        assert words in page
    answer = client.get(f"/ops/reconciliation/{day.isoformat()}/export.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert any(line.startswith("BYHAND1,") and ",-1.00," in line for line in lines)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-40", "1999-12-31", "2999-01-01", "2026-1-1x", "%00"])
def test_a_day_that_is_none_is_not_found(day: str, maker: Member) -> None:
    client = as_(maker)
    with nothing_changes(without=UNSEEN):
        assert client.get("/ops/reconciliation/", {"day": day}).status_code == 404
        assert client.post(f"/ops/reconciliation/{day}/check/").status_code == 404
        assert client.get(f"/ops/reconciliation/{day}/export.csv").status_code == 404


def test_acts_of_items_that_are_none_are_not_found(maker: Member) -> None:
    client = as_(maker)
    for item_id in (0, 77, 2**70):
        assert client.get(f"/ops/reconciliation/item/{item_id}/settle/").status_code == 404


def test_pages_need_their_rights(maker: Member) -> None:
    day = yesterday_with_a_manual_refund()
    item = Item.objects.get()
    newcomer, reviewer = as_(operator("新人")), as_(maker)
    with nothing_changes(without=UNSEEN):
        assert newcomer.get("/ops/reconciliation/").status_code == 403
        assert newcomer.post(f"/ops/reconciliation/{day.isoformat()}/check/").status_code == 403
        assert reviewer.post(f"/ops/reconciliation/item/{item.pk}/confirm/").status_code == 403
        assert reviewer.post(f"/ops/reconciliation/{day.isoformat()}/close/confirm/").status_code == 403
        assert reviewer.get(f"/ops/reconciliation/{day.isoformat()}/check/").status_code == 405
