"""Sums by day: however far they were kept, pages say what the ledger says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.commands import sum_up_earnings, sum_up_members
from agents.models import EarningSum, SumCursor, SumMark
from agents.queries.periods import Period, day_of, month_of
from agents.queries.statements import moves_of, worth
from agents.queries.sums import (
    ADJUSTED,
    ARRIVED,
    EARNED,
    FORFEITED,
    GRANTED,
    RETAIL,
    TAKEN_BACK,
    arrived_by_day,
    net_fen,
    sums,
)
from linkage.commands import approve_adjustment, ask_adjustment, grant_from_fund
from linkage.models import AdjustmentKind
from members.models import Member
from tests.factories import a_member, fresh
from tests.ledger.chains import wait_for_older_transactions
from tests.linkage.retail import a_sale, a_shopkeeper, an_earning_sku, settle
from tests.linkage.stories import Mall, fund_fen, three_generations
from tests.operators import superuser
from tests.orders.after_sale import call_off

from .figures import prove_figures
from .test_pages import busy


def ever(member: Member) -> dict[int, int]:
    return {what: amounts[0] for what, amounts in sums(member=member, period=None).items() if amounts[0]}


def test_sums_say_the_same_however_far_they_were_kept(mall: Mall) -> None:
    busy(mall, 6)
    zoe = mall.members["zoe"]
    before = ever(zoe)
    sum_up_members([zoe.pk])
    assert EarningSum.objects.filter(member=zoe).exists()
    assert ever(zoe) == before
    mall.pass_time(days=31)
    mall.settle()
    mall.join("late", "zoe")
    mall.buy("late", "o-late")
    mall.settle()
    mall.refund("o-r0")
    mall.settle()
    later = ever(zoe)
    assert later[FORFEITED] > 0
    assert later[TAKEN_BACK] > before[TAKEN_BACK]
    prove_figures(zoe)
    sum_up_members([member.pk for member in mall.members.values()])
    assert ever(zoe) == later
    prove_figures(zoe)
    EarningSum.objects.all().delete()
    SumMark.objects.all().delete()
    assert ever(zoe) == later


def test_summing_up_twice_changes_nothing(mall: Mall) -> None:
    busy(mall, 2)
    ids = [member.pk for member in mall.members.values()]
    sum_up_members(ids)
    rows = list(EarningSum.objects.order_by("pk").values_list("member_id", "date", "what", "amount_fen"))
    sum_up_members(ids)
    assert list(EarningSum.objects.order_by("pk").values_list("member_id", "date", "what", "amount_fen")) == rows


def test_all_that_was_earned_and_lost_is_what_there_is(mall: Mall) -> None:
    busy(mall, 4)
    mall.pass_time(days=31)
    mall.settle()
    for name, member in mall.members.items():
        found = sums(member=member, period=None)
        assert net_fen(found, 0) == worth(moves_of(mall.balances(name))), name
    assert fund_fen() > 0
    zoe = mall.members["zoe"]
    grant_from_fund(member=zoe, amount_fen=500, by=a_member(), reason="帮扶", at=mall.at)
    assert ever(zoe)[GRANTED] == 500
    assert net_fen(sums(member=zoe, period=None), 0) == worth(moves_of(mall.balances("zoe")))


def test_a_period_ends_at_midnight_in_shanghai_and_its_latest_part_is_in_it(mall: Mall) -> None:
    three_generations(mall)
    ann = mall.members["ann"]
    today = day_of(mall.at)
    assert sums(member=ann, period=month_of(mall.at), latest=today) == {1: (10_000, 10_000)}
    tomorrow = Period(today.end, today.end + timedelta(days=1))
    assert sums(member=ann, period=tomorrow) == {}
    sum_up_members([ann.pk])
    assert EarningSum.objects.get(member=ann).date == timezone.localtime(mall.at).date()
    assert sums(member=ann, period=month_of(mall.at), latest=tomorrow) == {1: (10_000, 0)}


def test_what_arrived_is_told_by_day_however_far_it_was_kept(mall: Mall) -> None:
    busy(mall, 4)
    zoe, month = mall.members["zoe"], month_of(mall.at)
    mall.pass_time(days=8)
    mall.settle()
    months = [month, month_of(month.end)]
    before = [arrived_by_day(member=zoe, period=period) for period in months]
    assert sum(sum(days.values()) for days in before) > 0
    sum_up_members([zoe.pk])
    assert EarningSum.objects.filter(member=zoe, what=ARRIVED).exists()
    assert [arrived_by_day(member=zoe, period=period) for period in months] == before
    for name, member in mall.members.items():
        assert net_fen(sums(member=member, period=None), 0) == worth(moves_of(mall.balances(name))), name


def test_what_operators_adjust_is_told_and_summed(mall: Mall) -> None:
    busy(mall, 2)
    mall.pass_time(days=59)
    mall.settle()
    ann = mall.members["ann"]
    before = net_fen(sums(member=ann, period=None), 0)
    for amount in (700, -300):
        adjusted(mall, ann, amount)
    assert ever(ann)[ADJUSTED] == 400
    assert net_fen(sums(member=ann, period=None), 0) == before + 400
    sum_up_members([ann.pk])
    prove_figures(ann)


def adjusted(mall: Mall, member: Member, amount_fen: int) -> None:
    mall.pass_time()
    made = ask_adjustment(
        member=member, kind=AdjustmentKind.ADJUST, amount_fen=amount_fen, reason="对账差异", by=superuser(), at=mall.at
    )
    approve_adjustment(number=made.number, by=superuser(), at=mall.at)


@pytest.mark.django_db
def test_commissions_and_what_went_back_of_them_are_summed() -> None:
    lin = a_shopkeeper()
    order = a_sale(lin, sku=an_earning_sku(price_fen=333, bps=1_234), quantity=3)
    sum_up_members([lin.pk])
    call_off(fresh(order), 1, at=order.placed_at + timedelta(hours=1))
    settle(order.placed_at + timedelta(hours=1))
    assert ever(lin) == {RETAIL: 123, TAKEN_BACK: 41}
    assert RETAIL in EARNED


@pytest.mark.django_db(transaction=True)
def test_the_task_finds_whoever_has_something_new() -> None:
    mall = Mall()
    three_generations(mall)
    wait_for_older_transactions()
    assert sum_up_earnings() == 2
    assert set(EarningSum.objects.values_list("member_id", flat=True)) == {
        mall.members["ann"].pk,
        mall.members["zoe"].pk,
    }
    assert sum_up_earnings() == 0
    assert SumCursor.objects.get().before_xact_id > 0
    mall.refund("o-bob")
    mall.settle()
    wait_for_older_transactions()
    assert sum_up_earnings() == 2
    assert ever(mall.members["ann"]) == {1: 10_000, TAKEN_BACK: 10_000}
