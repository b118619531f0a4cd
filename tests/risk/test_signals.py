"""Each sign of fraud is found where it is, with its evidence, and not where people only look like it."""

from datetime import timedelta

import pytest

from linkage.models import Commission, Rank, Reward, SettledOrder
from members.commands import record_visit
from members.models import Member
from orders.models import OrderLine, OrderState, Payment, PaymentState
from payouts.commands import add_account
from payouts.models import AccountKind, PayoutAccount, Withdrawal
from risk.commands import scan
from risk.models import Evidence, Hit, SignalKind
from tests.factories import a_member, a_sku
from tests.payouts.people import asked, payable
from tests.risk.crowd import AT, a_sale, ago, came_from, found, recruits, shown, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_member(nickname="周岚", at=ago(days=100))


def test_people_of_one_referrer_who_came_from_one_device_are_found_with_every_one_of_them(owner: Member) -> None:
    people = recruits(owner, 3)
    for member in people[:2]:
        came_from(member, device="the same phone")
    came_from(people[2], device="another phone")
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_DEVICE)
    assert (hit.member_id, hit.value, hit.threshold, hit.rule_version) == (owner.pk, 2, 2, 0)
    assert shown(hit) == {("member", member.pk) for member in people[:2]}


def test_a_referrer_who_is_its_own_recruit_is_found(owner: Member) -> None:
    (recruit,) = recruits(owner, 1)
    for member in (owner, recruit):
        came_from(member, device="one phone for two accounts")
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_DEVICE)
    assert hit.member_id == owner.pk
    assert shown(hit) == {("member", owner.pk), ("member", recruit.pk)}


def test_people_of_different_referrers_on_one_device_are_nobodys_fraud(owner: Member) -> None:
    for referrer in (owner, a_member(at=ago(days=90))):
        came_from(recruits(referrer, 1)[0], device="a tablet in a shop")
    assert scan(at=AT) == 0


def test_a_device_seen_too_long_ago_counts_no_more(owner: Member) -> None:
    for member in recruits(owner, 2, at=ago(days=130)):
        came_from(member, device="an old phone", at=ago(days=120))
    assert scan(at=AT) == 0


def test_one_network_takes_more_people_than_one_device(owner: Member) -> None:
    people = recruits(owner, 5)
    for member in people[:4]:
        came_from(member, network="203.0.113.7")
    assert scan(at=AT) == 0
    came_from(people[4], network="203.0.113.7")
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_NETWORK)
    assert hit.value == 5


def test_one_address_is_one_however_it_is_written(owner: Member) -> None:
    people = recruits(owner, 3)
    ways = ("浙江省杭州市西湖区 龙井路1号", "浙江省杭州市西湖区龙井路１号", "浙江省杭州市 西湖区 龙井路 1 号")
    orders = [a_sale(member, packs=1, address=way) for member, way in zip(people, ways, strict=True)]
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_ADDRESS)
    assert {("order", order.pk) for order in orders} <= shown(hit)
    assert {("member", member.pk) for member in people} <= shown(hit)


def test_two_at_one_address_may_be_a_couple(owner: Member) -> None:
    for member in recruits(owner, 2):
        a_sale(member, packs=1, address="浙江省杭州市西湖区龙井路1号")
    assert scan(at=AT) == 0


def test_one_purse_that_pays_for_several_is_found(owner: Member) -> None:
    orders = [a_sale(member, packs=1) for member in recruits(owner, 2)]
    for order in orders:
        Payment.objects.create(
            number=f"PY{order.number}",
            purchase=order.purchase,
            provider="wechat",
            amount_fen=order.total_fen,
            state=PaymentState.CAPTURED,
            captured_at=order.paid_at,
            created_at=order.placed_at,
            payer_mark="f" * 64,
        )
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_PAYER)
    assert {("order", order.pk) for order in orders} <= shown(hit)


def test_one_bank_account_of_several_is_found(owner: Member) -> None:
    people = recruits(owner, 2)
    for member in people:
        payable(member, at=ago(days=3))
    accounts = PayoutAccount.objects.filter(member__in=people)
    assert len({account.fingerprint for account in accounts}) == 1
    scan(at=AT)
    (hit,) = found(SignalKind.SAME_ACCOUNT)
    assert {("account", account.pk) for account in accounts} <= shown(hit)


def test_a_burst_is_ten_within_an_hour_and_not_ten_in_a_day(owner: Member) -> None:
    recruits(owner, 10, every=10, at=ago(days=9))
    scan(at=AT)
    assert found(SignalKind.BURST) == []
    recruits(owner, 10, every=5, at=ago(days=3))
    scan(at=AT)
    (hit,) = found(SignalKind.BURST)
    assert hit.value == 10
    assert len(shown(hit)) == 10


def test_a_ring_of_two_or_three_customers_of_each_other_is_found_once() -> None:
    a, b, c, other = (a_member(at=ago(days=90)) for _ in range(4))
    orders = [a_sale(a, adviser=b), a_sale(b, adviser=a)]
    a_sale(other, adviser=a)
    three = [a_sale(b, adviser=c), a_sale(c, adviser=a)]
    scan(at=AT)
    pair, ring = sorted(found(SignalKind.RING), key=lambda hit: hit.value)
    assert {("order", order.pk) for order in orders} == {one for one in shown(pair) if one[0] == "order"}
    assert {("member", member.pk) for member in (a, b, c)} <= shown(ring)
    assert {("order", order.pk) for order in three} <= shown(ring)
    assert ring.value == 3


def test_rewards_whose_orders_came_back_after_settlement_are_found(owner: Member) -> None:
    orders = [a_sale(member, packs=1, at=ago(days=40)) for member in recruits(owner, 3, at=ago(days=50))]
    for order, refunded_at, matured in zip(
        orders, (ago(days=4), ago(days=3), ago(days=39)), (True, True, False), strict=True
    ):
        settled = SettledOrder.objects.create(
            order=order,
            shard=owner.shard,
            member_id=order.member_id,
            packs=1,
            first_packs=1,
            plan_version=1,
            paid_at=order.paid_at,
            refunded_at=refunded_at,
            matured=matured,
        )
        a_reward(settled, owner)
    scan(at=AT)
    (hit,) = found(SignalKind.LATE_REFUND)
    assert shown(hit) == {("order", order.pk) for order in orders[:2]}


def test_commission_whose_orders_came_back_after_settlement_counts_too(owner: Member) -> None:
    sku, orders = a_sku(), [a_sale(a_member(), adviser=owner, at=ago(days=40)) for _ in range(2)]
    for order in orders:
        line = OrderLine.objects.create(
            order=order,
            sku=sku,
            product_name="茶",
            spec="一份",
            unit_price_fen=6_800,
            supply_price_fen=4_000,
            quantity=1,
            amount_fen=6_800,
            paid_fen=6_800,
        )
        Commission.objects.create(
            line=line,
            order=order,
            shard=owner.shard,
            member=owner,
            net_fen=6_800,
            bps=1_000,
            days=7,
            first_fen=680,
            kept_fen=0,
            amount_fen=0,
            paid_at=order.paid_at,
            matured=True,
        )
        order.state, order.refunded_at = OrderState.REFUNDED, ago(days=2)
        order.save()
    scan(at=AT)
    assert [hit.member_id for hit in found(SignalKind.LATE_REFUND)] == [owner.pk]


def test_people_who_bought_exactly_the_pack_and_nothing_since_are_found(owner: Member) -> None:
    people = recruits(owner, 6, at=ago(days=70))
    orders = [a_sale(member, packs=1, at=ago(days=60)) for member in people]
    for member in people[4:]:
        a_sale(member, at=ago(days=20))
    scan(at=AT)
    assert found(SignalKind.ONE_PACK) == []
    more = recruits(owner, 4, at=ago(days=65))
    orders += [a_sale(member, packs=1, at=ago(days=55)) for member in more]
    scan(at=AT)
    (hit,) = found(SignalKind.ONE_PACK)
    assert hit.value == 8
    assert ("order", orders[4].pk) not in shown(hit)


def test_a_partner_by_two_people_who_were_never_seen_again_is_found(owner: Member) -> None:
    first = ago(days=60)
    two = recruits(owner, 2, at=first)
    for member in two:
        a_sale(member, packs=1, at=first)
        stands(member, Rank.AGENT, agent_at=first)
        record_visit(member_id=member.pk, date=first.date(), at=first)
    stands(owner, Rank.PARTNER, agent_at=ago(days=90), partner_at=first)
    scan(at=AT)
    (hit,) = found(SignalKind.DUMMY_TWO)
    assert (hit.member_id, hit.value) == (owner.pk, 60)
    assert {("member", member.pk) for member in two} <= shown(hit)


@pytest.mark.parametrize("life", ["visits", "buys", "refers"])
def test_one_of_the_two_who_lives_makes_it_no_sign(owner: Member, life: str) -> None:
    first = ago(days=60)
    two = recruits(owner, 2, at=first)
    for member in two:
        a_sale(member, packs=1, at=first)
        stands(member, Rank.AGENT, agent_at=first)
    stands(owner, Rank.PARTNER, agent_at=ago(days=90), partner_at=first)
    match life:
        case "visits":
            record_visit(member_id=two[0].pk, date=(first + timedelta(days=9)).date(), at=first)
        case "buys":
            a_sale(two[0], at=first + timedelta(days=9))
        case "refers":
            two[0].position.recruits = 1
            two[0].position.save()
    scan(at=AT)
    assert found(SignalKind.DUMMY_TWO) == []


def test_a_withdrawal_soon_after_the_account_changed_is_found(owner: Member) -> None:
    other = a_member(at=ago(days=90))
    for member in (owner, other):
        payable(member, at=ago(days=60))
    changed = add_account(
        member=owner, kind=AccountKind.BANK, detail="6222020200998877662", bank_name="招商银行", at=ago(days=6)
    )
    for member in (owner, other):
        number = asked(member, at=ago(days=2)).number
        account = PayoutAccount.objects.filter(member=member, removed_at=None).get()
        Withdrawal.objects.filter(number=number).update(
            account=account, channel="bank", account_label="x", payee=member.payees.get()
        )
    scan(at=AT)
    (hit,) = found(SignalKind.ACCOUNT_CHANGE)
    assert (hit.member_id, hit.value, hit.key) == (owner.pk, 4, Withdrawal.objects.get(member=owner).number)
    assert ("account", changed.pk) in shown(hit)


def test_many_rewards_and_no_sale_to_a_consumer_is_found_until_there_is_one(owner: Member) -> None:
    people = recruits(owner, 10, at=ago(days=50))
    for member in people:
        a_sale(member, packs=1, at=ago(days=20))
        settled = SettledOrder.objects.create(
            order=member.orders.get(),
            shard=owner.shard,
            member_id=member.pk,
            packs=1,
            first_packs=1,
            plan_version=1,
            paid_at=ago(days=20),
        )
        a_reward(settled, owner)
    scan(at=AT)
    (hit,) = found(SignalKind.NO_SALES)
    assert (hit.member_id, hit.value) == (owner.pk, 10)
    Evidence.objects.all().delete()
    Hit.objects.all().delete()
    a_sale(people[0], at=ago(days=1))
    scan(at=AT)
    assert found(SignalKind.NO_SALES) == []


def a_reward(settled: SettledOrder, member: Member) -> Reward:
    return Reward.objects.create(
        order=settled,
        kind=1,
        member=member,
        amount_fen=10_000,
        held_fen=0,
        seed_id=settled.member_id,
        hold=0,
        acting=1,
        first_fen=10_000,
        further_fen=0,
        via=[],
    )
