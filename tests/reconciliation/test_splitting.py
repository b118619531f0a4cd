"""Where one order's money went, from the ledger, to the fen; and what refunding it would take back."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from ledger.models import AccountKind
from ledger.queries import balance_fen, member_balances
from linkage import commands as linkage
from linkage.models import Reward
from mall.core.previews import refund_effects
from mall.core.rights import PLANS, REVIEW, SERVICE
from members.models import Member
from orders.commands import confirm_receipt, refund_order, ship_order
from orders.models import Order
from orders.rules import BANK_HOLDER, CASH_HOLDERS
from payouts.commands import approve_withdrawal, record_by_hand, release_withdrawal
from payouts.gateways import purse_of
from payouts.models import Withdrawal
from reconciliation.admin.split import bars
from reconciliation.splitting import Movement, split_of, withheld
from tests.factories import AT, a_gift_pack, a_member, a_paid_order, a_placed_order, fresh, gift_pack_terms, later
from tests.linkage.retail import a_sale, a_shopkeeper
from tests.operators import as_, operator, text
from tests.payouts.people import payable, person
from tests.plans import published
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)
UNSEEN = ("members_dayvisit", "members_membersession", "core_operatoract")


class Story:
    """zoe leads y1, y2 and ann; ann referred bob. All bought one pack; bob's pays ann directly and zoe a see-point."""

    def __init__(self) -> None:
        published({"name": "standard"}, starts_at=AT - timedelta(days=1))
        gift_pack_terms()
        self.pack = a_gift_pack()
        self.zoe = a_member(nickname="zoe")
        self.people = [a_member(nickname=name, referrer=self.zoe) for name in ("y1", "y2", "ann")]
        self.ann = self.people[2]
        self.bob = a_member(nickname="bob", referrer=self.ann)
        self.orders = {}
        for place, member in enumerate([self.zoe, *self.people, self.bob]):
            at = later(minutes=place + 1)
            self.orders[member.pk] = a_paid_order(member=member, sku=self.pack, at=at)
            linkage.advance_shards(at=at)

    @property
    def order(self) -> Order:
        return fresh(self.orders[self.bob.pk])

    def receive_all(self) -> None:
        for order in self.orders.values():
            ship_order(order=fresh(order), carrier="顺丰速运", tracking_number="SF1", by=None, at=later(hours=1))
            confirm_receipt(order=fresh(order), at=later(hours=2))
        linkage.advance_shards(at=later(days=9))

    def withdraw(self, member: Member, amount_fen: int) -> Withdrawal:
        payable(member, at=later(days=9))
        number = linkage.request_withdrawal(member=member, amount_fen=amount_fen, at=later(days=9)).number
        approve_withdrawal(number=number, by=person("苏敏", staff=True), at=later(days=9))
        release_withdrawal(number=number, by=person("陈立", staff=True), at=later(days=9))
        record_by_hand(
            number=number, by=person("林核", staff=True), reference=f"B{number}", reason="", at=later(days=9)
        )
        linkage.advance_shards(at=later(days=9, minutes=1))
        return Withdrawal.objects.get(number=number)


@pytest.fixture
def story(settings: Any) -> Story:
    settings.PAYOUT_GATEWAY = ""
    return Story()


def rewards_fen(order: Order, *, to_members: bool) -> int:
    return sum(
        Reward.objects.filter(order=order.pk, member__isnull=not to_members).values_list("amount_fen", flat=True)
    )


def test_a_pack_is_split_between_supplier_members_fund_and_mall(story: Story) -> None:
    split = split_of(order=story.order)
    assert split.adds_up
    assert (split.paid_fen, split.supplier_fen, split.refunded_fen) == (49_900, 15_000, 0)
    assert split.members_fen == rewards_fen(story.order, to_members=True) > 0
    assert split.fund_fen == rewards_fen(story.order, to_members=False)
    assert split.platform_fen == 49_900 - 15_000 - split.members_fen - split.fund_fen
    assert (split.fee_fen, split.tax_fen) == (0, 0)


def test_fee_of_a_withdrawal_falls_on_the_order_that_it_came_from(story: Story) -> None:
    story.receive_all()
    earned = rewards_fen(story.order, to_members=True)
    available = member_balances(holder_id=story.ann.pk).available_fen
    withdrawal = story.withdraw(story.ann, available)
    split = split_of(order=story.order)
    assert withdrawal.fee_fen == split.fee_fen > 0
    assert split.members_fen == earned - split.fee_fen - split.tax_fen
    assert split.adds_up


def test_money_that_people_paid_at_the_bank_leaves_the_banks_account(story: Story) -> None:
    story.receive_all()
    bank = {"kind": AccountKind.CASH, "holder_id": BANK_HOLDER}
    before = totals_of_channels()
    withdrawal = story.withdraw(story.ann, member_balances(holder_id=story.ann.pk).available_fen)
    assert withdrawal.channel == "bank"
    assert balance_fen(**bank) == -withdrawal.net_fen < 0
    assert totals_of_channels() == before


@pytest.mark.parametrize(
    ("channel", "gateway", "wechat", "by_file", "purse"),
    [
        ("wechat", "payouts.gateways.sandbox.SandboxTransfers", True, False, "wechat"),
        ("wechat", "payouts.gateways.sandbox.SandboxTransfers", False, False, "sandbox"),
        ("bank", "payouts.gateways.sandbox.SandboxTransfers", True, False, "sandbox"),
        ("bank", "payouts.gateways.sandbox.SandboxTransfers", False, True, "bank"),
        ("alipay", "", True, True, "alipay"),
        ("bank", "", False, False, "bank"),
    ],
)
def test_the_purse_is_that_of_whoever_carries_the_money(
    settings: Any, channel: str, gateway: str, wechat: bool, by_file: bool, purse: str
) -> None:
    settings.PAYOUT_GATEWAY, settings.PAYOUT_WECHAT = gateway, wechat
    assert purse_of(channel, by_file=by_file) == purse


def totals_of_channels() -> dict[str, int]:
    return {name: balance_fen(kind=AccountKind.CASH, holder_id=holder) for name, holder in CASH_HOLDERS.items()}


def test_a_refund_takes_all_of_it_back_and_it_still_adds_up(story: Story) -> None:
    refund_order(order=story.order, reason="不要了", at=later(days=1))
    linkage.advance_shards(at=later(days=1))
    split = split_of(order=story.order)
    assert split.adds_up
    assert dict(split.steps) == {
        "refunded": 49_900,
        "supplier": 0,
        "members": 0,
        "fund": 0,
        "fee": 0,
        "tax": 0,
        "platform": 0,
    }


def test_goods_with_commission_are_split_too() -> None:
    order = a_sale(a_shopkeeper())
    split = split_of(order=order)
    assert split.adds_up
    assert split.members_fen == 6_800 * 1_200 // 10_000


def test_an_order_that_was_not_paid_has_nothing_to_split(story: Story) -> None:
    client = as_(operator("小店", SERVICE))
    placed = a_placed_order()
    assert not split_of(order=placed).is_booked
    assert "还没有付款" in text(client.get(reverse("ops:order_split", args=[placed.pk])))


def test_what_came_first_is_withdrawn_first_and_shares_add_up() -> None:
    ours = {("mature", "7")}
    moves = [
        Movement("mature", "6", 100),
        Movement("mature", "7", 100),
        Movement("withdrawal", "W1", -150, fee_fen=10, tax_fen=5),
        Movement("withdrawal", "W2", -50, fee_fen=3),
    ]
    assert withheld(moves, ours) == (3 + 3, 2)
    assert withheld(moves, {("mature", "6")}) == (7, 3)
    assert withheld([Movement("clawback", "6", -100), *moves], ours) == (6, 2)


def test_bars_fall_from_what_was_paid_to_nothing(story: Story) -> None:
    found = bars(split_of(order=story.order))
    assert (found[0]["x"], found[0]["width"]) == (0, 1_000)
    assert found[-1]["x"] == 0
    for one, after in pairwise(found[1:]):
        if after["fen"] > 0 and one["fen"] > 0:
            assert abs(after["x"] + after["width"] - one["x"]) <= 2


def test_the_waterfall_has_a_page(story: Story, django_assert_max_num_queries: Any) -> None:
    client, address = as_(operator("小店", SERVICE)), reverse("ops:order_split", args=[story.order.pk])
    client.get(address)
    with django_assert_max_num_queries(45):
        page = text(client.get(address))
    for words in ("买家实付", "¥499.00", "供应商货款", "¥150.00", "平台留下", "各项相加等于实付"):
        assert words in page
    assert as_(operator("新人")).get(address).status_code == 403
    assert client.get("/ops/orders/99999999/split/").status_code == 404


def test_the_preview_of_a_refund_is_what_the_refund_then_does(story: Story) -> None:
    story.receive_all()
    available = member_balances(holder_id=story.ann.pk).available_fen
    story.withdraw(story.ann, available)
    with nothing_changes():
        effects = refund_effects(story.order.pk)
    people = [member for member in (story.zoe, story.ann) if any(one.member_id == member.pk for one in effects)]
    assert story.ann in people
    before = {member.pk: member_balances(holder_id=member.pk) for member in people}
    refund_order(order=story.order, reason="不要了", at=later(days=10))
    linkage.advance_shards(at=later(days=10))
    for member in people:
        mine = [one for one in effects if one.member_id == member.pk]
        after = member_balances(holder_id=member.pk)
        was = before[member.pk]
        assert was.held_fen - after.held_fen == sum(one.held_fen for one in mine)
        assert was.pending_fen - after.pending_fen == sum(one.pending_fen for one in mine)
        assert was.available_fen - after.available_fen == sum(one.available_fen for one in mine)
        assert after.debt_fen - was.debt_fen == sum(one.debt_fen for one in mine)
    debt = sum(one.debt_fen for one in effects if one.member_id == story.ann.pk)
    assert debt > 0


def test_who_loses_what_stands_on_the_page_before_a_refund_is_confirmed(story: Story) -> None:
    story.receive_all()
    story.withdraw(story.ann, member_balances(holder_id=story.ann.pk).available_fen)
    client = as_(operator("小店", SERVICE))
    address = reverse("ops:orders_order_refund", args=[story.order.pk])
    with nothing_changes(without=UNSEEN):
        page = text(client.get(address))
    assert "会扣回这些人的" in page
    assert "a**" in page
    assert "变成欠款" in page
    assert reverse("ops:linkage_adjustment_changelist") in page
    assert as_(operator("苏敏", REVIEW, PLANS)).get(address).status_code == 403
