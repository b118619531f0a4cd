"""The demo as it is made: the same every time, proved, and as rich as it promises."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum

from agents.models import Appeal, RulesAccepted
from integration.models import ApiAct, ApiKey, Webhook
from ledger.models import MEMBER_KINDS, Account, AccountKind
from ledger.queries import balance_fen, member_balances
from linkage.models import Commission, Hold, PlanVersion, Position, Rank, Reward, RewardKind
from linkage.queries import explain_reward, plan_in_force, recompute, tasks_are_done, version_in_force
from mall.core import clock
from mall.core.clock import standing_at
from mall.demo.people import ACCOUNTS, PASSWORD
from mall.pictures import VIEWS, view_path
from members.models import Member
from orders.models import (
    AfterSale,
    EnterpriseRequest,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Review,
)
from payouts.models import Withdrawal, WithdrawalState
from payouts.queries import policy_in_force
from sandbox.models import SandboxCharge, SandboxRefund, SandboxTransfer
from sandbox.payments.models import TransferBill
from service.models import Dispute
from service.queries import Wanted, desk_page
from suppliers.models import Category, Product, ProductMedia, Supplier
from suppliers.queries import gift_packs
from tests.agents.figures import prove_figures
from tests.agents.traces import prove_every_commission, prove_every_trace
from tests.factories import a_member
from tests.snapshots import nothing_changes

SUPPLIER = next(account for account in ACCOUNTS if account.name == "supplier")


def names_and_sums() -> dict[str, Any]:
    """What people see of the demo, but for dates, numbers and codes."""
    return {
        "members": list(Member.objects.order_by("id").values_list("nickname", "phone", "referrer__nickname")),
        "products": list(Product.objects.order_by("position").values_list("name", "sales_count")),
        "orders": sorted(
            Order.objects.values_list(
                "member__nickname", "state", "packs", "total_fen", "recipient_address", "cancel_reason", "refund_reason"
            )
        ),
        "rewards": sorted(
            (kind, name or "", amount_fen, held_fen, hold, is_reversed)
            for kind, name, amount_fen, held_fen, hold, is_reversed in Reward.objects.values_list(
                "kind", "member__nickname", "amount_fen", "held_fen", "hold", "reversed"
            )
        ),
        "balances": sorted(
            (kind, names.get(holder_id, ""), balance)
            for names in [dict(Member.objects.values_list("id", "nickname"))]
            for kind, holder_id, balance in Account.objects.filter(kind__in=MEMBER_KINDS).values_list(
                "kind", "holder_id", "balance_fen"
            )
        ),
        "house": _house(),
        "reviews": sorted(
            Review.objects.values_list("member__nickname", "product__name", "stars", "text", "follow_up")
        ),
        "answers": sorted(Review.objects.exclude(reply="").values_list("product__name", "reply")),
        "cases": sorted(
            AfterSale.objects.values_list("order__member__nickname", "line__product_name", "kind", "state")
        ),
        "parcels": sorted(Parcel.objects.values_list("order__member__nickname", "kind", "carrier")),
        "interfaces": [
            sorted(ApiKey.objects.values_list("supplier__slug", "name", "scopes")),
            sorted(Webhook.objects.values_list("supplier__slug", "url", "is_active")),
            sorted(ApiAct.objects.values_list("kind", "done_by__nickname")),
        ],
        "requests": list(
            EnterpriseRequest.objects.order_by("pk").values_list(
                "supplier__name", "company_name", "state", "lines__product_name", "lines__quantity"
            )
        ),
        "quotes": sorted(
            OrderLine.objects.exclude(order__quote_number="").values_list("product_name", "unit_price_fen", "quantity")
        ),
        "withdrawals": sorted(Withdrawal.objects.values_list("member__nickname", "state", "amount_fen", "reason")),
    }


def _house() -> dict[str, int]:
    """The mall's own balances. What was paid to a supplier is what it sold until a month's end, so it goes by the date:
    it is seen in no sum of what is owed and what is there."""
    house = {kind.label: balance_fen(kind=kind) for kind in AccountKind if kind not in MEMBER_KINDS}
    paid = house.pop(AccountKind.SUPPLIER_PAYABLE.label) + house.pop(AccountKind.CASH.label)
    return house | {"cash and owed to suppliers": paid}


@pytest.fixture(name="empty_again")
def _empty_again(transactional_db: None) -> Any:
    """Return what empties the mall for a second load."""
    return lambda: call_command("flush", interactive=False, verbosity=0)


def test_nothing_is_loaded_where_demo_is_off(transactional_db: None, settings: Any) -> None:
    settings.DEMO = False
    with nothing_changes(), pytest.raises(CommandError, match="DEMO is off"):
        call_command("load_demo")


def test_nothing_is_loaded_into_a_mall_in_use(transactional_db: None) -> None:
    a_member()
    with nothing_changes(), pytest.raises(CommandError, match="not empty"):
        call_command("load_demo", "--no-pictures")


def test_there_are_no_accounts_before_the_demo_and_none_without_demo(transactional_db: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="load_demo"):
        call_command("demo_accounts")
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo_accounts")


def test_two_demos_differ_in_their_dates_alone(empty_again: Any) -> None:
    """Made on other days, and at another hour: eleven hours make night of day."""
    call_command("load_demo", "--scale=5", "--no-pictures")
    first = names_and_sums()
    dates = set(Order.objects.values_list("placed_at", flat=True))
    empty_again()
    with standing_at(clock.now() + timedelta(days=3, hours=11)):
        call_command("load_demo", "--scale=5", "--no-pictures")
    second = names_and_sums()
    for part in first:
        assert second[part] == first[part], part
    assert not dates & set(Order.objects.values_list("placed_at", flat=True))


def test_views_that_the_mall_opened_without_are_drawn_and_hung_product_by_product(transactional_db: None) -> None:
    call_command("load_demo", "--scale=5")
    media = Path(project.MEDIA_ROOT)

    def hung() -> Counter[str]:
        """How many products show which view; every one of them is there in both sizes."""
        for product in Product.objects.prefetch_related("media"):
            for path in product.media.values_list("path", flat=True):
                assert (media / path).exists()
                assert (media / path.replace("-750.", "-375.")).exists()
        return Counter(path.split("/")[2] for path in ProductMedia.objects.values_list("path", flat=True))

    assert hung() == {"hero-750.webp": 40}
    for _ in range(2):
        call_command("draw_demo_views", "--limit=1")
    assert hung() == {"hero-750.webp": 40, "scene-750.webp": 2, "detail-750.webp": 2, "packing-750.webp": 2}
    first = Product.objects.order_by("position", "pk").first()
    assert first is not None
    assert [path.split("/")[2] for path in first.media.values_list("path", flat=True)] == [
        f"{view}-750.webp" for view in VIEWS
    ]


def test_the_whole_demo_is_as_rich_as_it_promises(transactional_db: None, client: Any, capsys: Any) -> None:
    call_command("load_demo")
    assert "agrees" in capsys.readouterr().out
    for check in (
        shelves,
        orders_in_every_state,
        requests_of_a_company,
        plans,
        ranks_and_holds,
        every_reward_recomputes,
        the_page_of_every_reward_adds_up,
        money_shown_anywhere_is_the_ledgers,
        payouts,
        appeals_and_taxes,
        the_service_desk,
        the_provider_has_the_same_book,
        people_can_come_in,
    ):
        check()


def shelves() -> None:
    assert Product.objects.filter(is_published=True).count() == 40
    assert Category.objects.filter(parent=None).count() == 8
    assert Category.objects.exclude(parent=None).count() >= 8
    assert Supplier.objects.annotate(seats_count=Count("seats")).filter(seats_count=1).count() == 6
    assert len(gift_packs(at=clock.now())) >= 2
    media = Path(project.MEDIA_ROOT)
    for slug, image in Product.objects.values_list("slug", "image"):
        assert image == view_path(slug, "hero")
        assert (media / image).stat().st_size > 4_000
        assert (media / view_path(slug, "hero", 375)).exists()


def orders_in_every_state() -> None:
    counts = Counter(Order.objects.values_list("state", flat=True))
    assert 1_500 <= sum(counts.values()) < 1_520
    least = {
        OrderState.COMPLETED: 900,
        OrderState.REFUNDED: 40,
        OrderState.CANCELLED: 50,
        OrderState.SHIPPED: 50,
        OrderState.RECEIVED: 50,
        OrderState.PAID: 10,
        OrderState.PLACED: 4,
    }
    assert {state: counts[state] for state in least if counts[state] < least[state]} == {}
    assert Order.objects.filter(packs__gt=0).count() >= 120
    assert not Order.objects.filter(placed_at__gt=clock.now()).exists()
    assert Order.objects.filter(placed_at__lt=clock.now() - timedelta(days=115)).exists()
    assert Order.objects.filter(paid_at__gt=clock.now() - timedelta(hours=2), packs__gt=0).exists()
    consumer = Member.objects.get(phone=ACCOUNTS[0].phone)
    assert set(consumer.orders.values_list("state", flat=True)) == set(OrderState.values)


def requests_of_a_company() -> None:
    states = Counter(EnterpriseRequest.objects.values_list("state", flat=True))
    assert states == {"asked": 1, "quoted": 1, "accepted": 1, "declined": 1}
    order = Order.objects.exclude(quote_number="").get()
    assert order.state == OrderState.PAID
    assert EnterpriseRequest.objects.get(number=order.quote_number).goods_fen == order.goods_fen
    # The demo's supplier has one to answer.
    waiting = EnterpriseRequest.objects.get(state="asked")
    assert waiting.supplier.seats.filter(member__phone=SUPPLIER.phone).exists()


def the_service_desk() -> None:
    entries = desk_page(wanted=Wanted(kinds=("ticket", "dispute")), limit=50)
    assert {entry.kind for entry in entries} == {"ticket", "dispute"}
    assert any(entry.at < clock.now() for entry in entries)
    dispute = Dispute.objects.filter(closed_at=None).latest("pk")
    assert dispute.assignee is not None
    assert dispute.tags.exists()
    assert dispute.notes.exists()


def plans() -> None:
    now = clock.now()
    plan = plan_in_force(at=now)
    assert plan is not None
    assert plan.peer_rate_bps == 500
    first = version_in_force(at=now - timedelta(days=119))
    assert first is not None
    assert first.version == 1
    assert version_in_force(at=now - timedelta(days=121)) is None
    assert PlanVersion.objects.filter(published_at=None).count() == 1


def ranks_and_holds() -> None:
    # With who applies for the firm that waits for approval.
    assert Member.objects.filter(is_staff=False, supplier_seat=None).count() == 301
    ranks = Counter(Position.objects.values_list("rank", flat=True))
    assert ranks[Rank.PARTNER] >= 15
    assert ranks[Rank.AGENT] >= 60
    assert set(Reward.objects.values_list("kind", flat=True)) == set(RewardKind.values)
    assert set(Reward.objects.values_list("hold", flat=True)) == set(Hold.values)
    assert Reward.objects.filter(reversed=True).count() >= 10
    agent = Member.objects.get(phone=ACCOUNTS[1].phone)
    own = member_balances(holder_id=agent.pk)
    assert min(own.pending_fen, own.held_fen, own.available_fen, own.withdrawing_fen) > 0
    assert Position.objects.get(member=agent).rank == Rank.PARTNER
    newcomer = Position.objects.get(member__phone=ACCOUNTS[2].phone)
    assert (newcomer.rank, newcomer.valid_referrals) == (Rank.AGENT, 1)
    stuck = Reward.objects.filter(member__nickname="许曼", hold=Hold.ACTIVE, reversed=False)
    assert stuck.count() >= 8
    assert not any(tasks_are_done(member_id=seed_id) for seed_id in stuck.values_list("seed_id", flat=True))
    assert Account.objects.filter(kind=AccountKind.DEBT, balance_fen__gt=0).exists()
    assert balance_fen(kind=AccountKind.SUPPORT_FUND) > 0


def every_reward_recomputes() -> None:
    now = clock.now()
    rewards = Reward.objects.values_list("id", "amount_fen")
    assert len(rewards) > 200
    for reward_id, amount_fen in rewards:
        explanation = explain_reward(reward_id=reward_id, member_id=None, at=now)
        assert explanation is not None
        assert recompute(explanation.terms) == amount_fen, explanation.sentence


def the_page_of_every_reward_adds_up() -> None:
    assert prove_every_trace() == Reward.objects.exclude(member=None).count() > 100


def money_shown_anywhere_is_the_ledgers() -> None:
    """The pages of those who earned most, of those who earn by retail, and of the people whom the demo offers."""
    earned = Reward.objects.exclude(member=None).values_list("member_id").annotate(count=Count("id"))
    most = [member_id for member_id, _ in earned.order_by("-count", "member_id")[:3]]
    sold = Commission.objects.values_list("member_id").annotate(count=Count("line")).order_by("-count", "member_id")
    people = Member.objects.filter(phone__in=[account.phone for account in ACCOUNTS if account.site == ""])
    indebted = Account.objects.filter(kind=AccountKind.DEBT, balance_fen__gt=0).values_list("holder_id", flat=True)[:1]
    wanted = {*most, *[member_id for member_id, _ in sold[:2]], *people.values_list("pk", flat=True), *indebted}
    shown = [member for member in Member.objects.filter(pk__in=wanted) if member_has_money(member)]
    assert len(shown) >= 4
    for member in shown:
        prove_figures(member)
    assert prove_every_commission() == Commission.objects.count()


def member_has_money(member: Member) -> bool:
    return Account.objects.filter(holder_id=member.pk, kind__in=MEMBER_KINDS).exists()


def payouts() -> None:
    states = Counter(Withdrawal.objects.values_list("state", flat=True))
    assert states[WithdrawalState.PAID] >= 15
    assert states[WithdrawalState.REQUESTED] >= 4
    assert states[WithdrawalState.APPROVED] >= 1
    assert states[WithdrawalState.REJECTED] >= 2
    assert not Withdrawal.objects.filter(state=WithdrawalState.REJECTED, reason="").exists()
    for withdrawal in Withdrawal.objects.filter(state=WithdrawalState.PAID):
        assert withdrawal.approved_by_id != withdrawal.released_by_id


def appeals_and_taxes() -> None:
    """Appeals in every state, rules that were accepted, tax by two methods, and a transfer that waits for its payee."""
    states = [
        (appeal.state, appeal.outcome, appeal.reopened_at is None, appeal.assignee is None)
        for appeal in Appeal.objects.select_related("assignee")
    ]
    assert set(states) == {
        ("open", "", True, True),
        ("open", "", True, False),
        ("decided", "upheld", True, False),
        ("open", "", False, True),
    }
    agent = Member.objects.get(phone=ACCOUNTS[1].phone)
    assert Appeal.objects.filter(member=agent, state="decided").exists()
    assert RulesAccepted.objects.count() >= 10
    assert not RulesAccepted.objects.filter(member=agent).exists()
    waiting = Withdrawal.objects.get(member=agent, state=WithdrawalState.CONFIRMING)
    assert waiting.package
    assert TransferBill.objects.get().number == waiting.number
    asked_under, now_in_force = policy_in_force(at=waiting.requested_at), policy_in_force(at=clock.now())
    assert asked_under is not None
    assert now_in_force is not None
    assert (asked_under.tax_kind, now_in_force.tax_kind) == ("per_payment", "cumulative")


def the_provider_has_the_same_book() -> None:
    paid = Payment.objects.filter(state__in=[PaymentState.CAPTURED, PaymentState.REFUNDED])
    charges = dict(SandboxCharge.objects.filter(state="paid").values_list("number", "reference"))
    assert charges == dict(paid.values_list("number", "provider_ref"))
    refunds = set(SandboxRefund.objects.values_list("number", flat=True))
    assert refunds == set(Refund.objects.filter(state=RefundState.SUCCEEDED).values_list("number", flat=True))
    assert not Refund.objects.exclude(state=RefundState.SUCCEEDED).exists()
    transfers = dict(SandboxTransfer.objects.filter(state="paid").values_list("number", "amount_fen"))
    sent = Withdrawal.objects.filter(state=WithdrawalState.PAID)
    assert transfers == dict(sent.values_list("number", "net_fen"))
    money = sum(
        sign * (rows.aggregate(total=Sum("amount_fen"))["total"] or 0)
        for sign, rows in (
            (1, SandboxCharge.objects.filter(state="paid")),
            (-1, SandboxRefund.objects.all()),
            (-1, SandboxTransfer.objects.filter(state="paid")),
        )
    )
    assert balance_fen(kind=AccountKind.CASH, holder_id=1) == money


def people_can_come_in() -> None:
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    accounts = json.loads(out.getvalue())
    assert set(accounts) >= {"consumer", "agent", "supplier", "operator", "second_operator"}
    for account in accounts.values():
        member = Member.objects.get(phone=account["phone"])
        assert member.referral_code == account["referral_code"]
        if "password" in account:
            assert account["password"] == PASSWORD
            assert member.check_password(PASSWORD)
