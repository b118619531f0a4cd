"""Several at once: only green ones, within limits, for the total that was read, and never one's own."""

from datetime import timedelta
from typing import Any

import pytest

from mall.core import clock
from mall.core.rights import RELEASE, REVIEW
from members.models import Member
from payouts.commands import (
    DecisionRefused,
    Quote,
    approve_many,
    approve_withdrawal,
    keep_quote,
    place_hold,
    release_many,
)
from payouts.models import Payee, PayoutAccount, Withdrawal, WithdrawalState
from payouts.queries import green_of, looks, policy_in_force
from payouts.rules import breakdown
from payouts.rules.risk import by_weight, score, tone
from tests.operators import as_, operator, text
from tests.payouts.people import asked, payable, person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)
UNSEEN = ("members_dayvisit", "members_membersession", "core_operatoract")


@pytest.fixture
def reviewer() -> Member:
    return operator("苏敏", REVIEW)


@pytest.fixture
def releaser() -> Member:
    return operator("陈立", RELEASE)


def small(amount_fen: int = 50_000, *, member: Member | None = None) -> Withdrawal:
    """A withdrawal of somebody who was here for long, to an account that rested; nothing asks for a second look but
    that it is the first one."""
    owner = member or person("周敏")
    then = clock.now() - timedelta(days=30)
    account = payable(owner, at=then)
    PayoutAccount.objects.filter(pk=account.pk).update(fingerprint=f"own-{owner.pk}")
    number = asked(owner, amount_fen, at=clock.now()).number
    parts = breakdown(amount_fen=amount_fen, fee_bps=60, tax_bps=0)
    payee = Payee.objects.get(member=owner, is_current=True)
    return keep_quote(number=number, quote=Quote(policy_in_force(at=clock.now()), parts, account, payee))


def look(withdrawal: Withdrawal) -> Any:
    row = Withdrawal.objects.select_related("member", "account").get(pk=withdrawal.pk)
    return looks(withdrawals=[row], at=clock.now())[row.pk]


def states(*withdrawals: Withdrawal) -> list[str]:
    return [Withdrawal.objects.get(pk=one.pk).state for one in withdrawals]


def test_points_add_up_and_the_heaviest_comes_first() -> None:
    assert score(["first", "large"]) == 20
    assert score(["shared", "changed", "gone"]) == 99
    assert by_weight(["first", "shared", "large"]) == ["shared", "large", "first"]
    assert [tone(points) for points in (0, 19, 20, 49, 50)] == ["good", "good", "warn", "warn", "bad"]


def test_what_asks_for_a_second_look_is_seen() -> None:
    fine = small()
    assert (look(fine).signals, look(fine).is_green) == (["first"], True)
    shared = small()
    PayoutAccount.objects.filter(member=shared.member).update(fingerprint=f"own-{fine.member_id}")
    assert "shared" in look(shared).signals
    assert "large" in look(small(300_000)).signals
    gone = small()
    PayoutAccount.objects.filter(member=gone.member).update(removed_at=clock.now())
    assert "gone" in look(gone).signals
    held = small()
    place_hold(member_id=held.member_id, reason="在查", words="核查中", by=person("甲", staff=True), at=clock.now())
    assert not look(held).is_green
    assert "no_account" in look(asked(person("乙"), at=clock.now())).signals


def test_several_are_approved_and_then_released_by_another(reviewer: Member, releaser: Member, settings: Any) -> None:
    settings.PAYOUT_GATEWAY = ""
    one, other = small(), small(80_000)
    numbers = [one.number, other.number]
    approve_many(numbers=numbers, total_fen=130_000, by=reviewer, at=clock.now())
    assert states(one, other) == [WithdrawalState.APPROVED] * 2
    with nothing_changes(), pytest.raises(DecisionRefused):
        release_many(numbers=numbers, total_fen=130_000, by=reviewer, at=clock.now())
    release_many(numbers=numbers, total_fen=130_000, by=releaser, at=clock.now())
    assert states(one, other) == [WithdrawalState.SENDING] * 2


def test_one_that_is_not_green_or_another_total_lets_none_pass(reviewer: Member) -> None:
    fine, large, own = small(), small(300_000), small(member=reviewer)
    asks: list[tuple[list[str], int]] = [
        ([fine.number, large.number], 350_000),
        ([fine.number, own.number], 100_000),
        ([fine.number], 50_001),
        ([fine.number, fine.number], 100_000),
        ([fine.number, "TX404"], 50_000),
        ([], 0),
    ]
    for numbers, total_fen in asks:
        with nothing_changes(), pytest.raises(DecisionRefused):
            approve_many(numbers=numbers, total_fen=total_fen, by=reviewer, at=clock.now())


def test_what_is_offered_stays_within_the_limits(reviewer: Member) -> None:
    for _number in range(12):
        small(190_000)
    found = green_of(state="requested", but_of=reviewer.pk, at=clock.now())
    assert sum(row.amount_fen for row, _look in found) == 1_900_000
    assert approve_withdrawal(number=found[0][0].number, by=reviewer, at=clock.now())
    assert green_of(state="approved", but_of=reviewer.pk, at=clock.now()) == []


def test_the_total_is_read_twice_and_written_once(reviewer: Member) -> None:
    one, other = small(), small(80_000)
    client, address = as_(reviewer), "/ops/payouts/many/approve/"
    assert "¥1,300.00" in text(client.get(address))
    numbers = {"number": [one.number, other.number]}
    with nothing_changes(without=UNSEEN):
        again = text(client.post(address, numbers))
        assert "2 笔，提现额合计 ¥1,300.00" in again
        assert "初审通过 2 笔 ¥1,300.00" in again
        assert "合计和你填的不一样" in text(client.post(address, {**numbers, "total_fen": "1300.01"}))
        assert client.post(address, {"number": ["TX404"], "total_fen": "1"}).status_code == 200
    done = text(client.post(address, {**numbers, "total_fen": "1300"}, follow=True))
    assert "2 笔已初审通过，合计 ¥1,300.00" in done
    assert states(one, other) == ["approved"] * 2


def test_the_page_needs_the_right_of_its_act(reviewer: Member) -> None:
    client = as_(reviewer)
    assert client.get("/ops/payouts/many/release/").status_code == 403
    assert client.get("/ops/payouts/many/burn/").status_code == 404
    assert as_(operator("新人")).get("/ops/payouts/many/approve/").status_code == 403


def test_the_queue_shows_risk_and_is_narrowed_by_it(reviewer: Member) -> None:
    fine, large = small(), small(300_000)
    client = as_(reviewer)
    page = text(client.get("/ops/payouts/withdrawal/", {"state__exact": "requested", "amount": "huge"}))
    assert large.number in page
    assert fine.number not in page
    assert "首次提现" in text(client.get("/ops/payouts/withdrawal/", {"state__exact": "requested", "signal": "first"}))
    assert fine.number not in text(
        client.get("/ops/payouts/withdrawal/", {"state__exact": "requested", "signal": "shared"})
    )


def test_a_rejection_says_a_usual_sentence_words_of_ones_own_or_both(reviewer: Member) -> None:
    client = as_(reviewer)
    said = {}
    for template, words in (("0", ""), ("", "请联系客服"), ("2", "单号 AS1")):
        withdrawal = small()
        address = f"/ops/payouts/withdrawal/{withdrawal.pk}/reject/"
        client.post(address, {"template": template, "reason": words})
        said[template, words] = Withdrawal.objects.get(pk=withdrawal.pk).reason
    assert said["0", ""] == "收款账户的户名和实名不一致，请换成本人账户后重新申请。"
    assert said["", "请联系客服"] == "请联系客服"
    assert said["2", "单号 AS1"] == "来源订单还在售后，处理完再申请。单号 AS1"
    withdrawal = small()
    address = f"/ops/payouts/withdrawal/{withdrawal.pk}/reject/"
    with nothing_changes(without=UNSEEN):
        for bad in ({}, {"template": "9", "reason": ""}, {"template": "", "reason": "  "}):
            assert client.post(address, bad).status_code == 200
