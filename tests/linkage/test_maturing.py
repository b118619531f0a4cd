"""What becomes available on which day is kept by settlement, and is right after every event."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from linkage.commands import forget_matured_sums
from linkage.models import MaturingSum, Reward
from linkage.queries import maturing_by_day, wrong_maturing_sums
from mall.core.ids import SHANGHAI
from tests.linkage.stories import Mall, three_generations

pytestmark = pytest.mark.django_db


def test_sums_follow_receipt_release_refund_and_maturing() -> None:
    mall = Mall(hold_days=3)
    three_generations(mall)
    zoe = mall.members["zoe"]
    assert maturing_by_day(member_id=zoe.pk) == []
    for number in ("o-bob", "o-ann"):
        mall.receive(number)
    mall.settle()
    matures_on = (mall.at + timedelta(days=7)).astimezone(SHANGHAI).date()
    free = Reward.objects.filter(member=zoe, order__received_at__isnull=False)
    sums = free.aggregate(amount=Sum("amount_fen"), held=Sum("held_fen"))
    assert sums["held"] > 0
    assert maturing_by_day(member_id=zoe.pk) == [(matures_on, sums["amount"] - sums["held"])]
    mall.prove()
    mall.refund("o-bob")
    mall.settle()
    left = free.filter(reversed=False).aggregate(amount=Sum("amount_fen"), held=Sum("held_fen"))
    assert maturing_by_day(member_id=zoe.pk) == [(matures_on, left["amount"] - left["held"])]
    mall.pass_time(days=4)
    mall.settle()
    assert maturing_by_day(member_id=zoe.pk) == [(matures_on, left["amount"] - left["held"])], "lost, not released"
    mall.prove()
    mall.pass_time(days=4)
    mall.settle()
    assert maturing_by_day(member_id=zoe.pk) == []
    mall.prove()


def test_a_hold_that_is_released_joins_what_matures() -> None:
    mall = Mall(hold_days=3, on_hold_expiry="release")
    three_generations(mall)
    zoe = mall.members["zoe"]
    mall.receive("o-bob")
    mall.settle()
    (reward,) = Reward.objects.filter(member=zoe, order__received_at__isnull=False)
    assert reward.held_until == reward.order.holds_expire_at == reward.order.paid_at + timedelta(days=3)
    mall.pass_time(days=4)
    mall.settle()
    assert [fen for _day, fen in maturing_by_day(member_id=zoe.pk)] == [reward.amount_fen]
    mall.prove()


def test_days_that_are_over_are_forgotten_and_wrong_sums_are_told() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    assert forget_matured_sums(at=mall.at + timedelta(days=9)) == 0, "nothing that is still to mature goes"
    mall.pass_time(days=9)
    mall.settle()
    kept = MaturingSum.objects.count()
    assert kept
    assert forget_matured_sums(at=mall.at) == kept
    assert list(wrong_maturing_sums()) == []
    ann = mall.members["ann"]
    MaturingSum.objects.create(member=ann, date=mall.at.date(), rewards=1, amount_fen=5)
    (told,) = wrong_maturing_sums()
    assert f"member {ann.pk}: 1 rewards and 5 fen" in told
