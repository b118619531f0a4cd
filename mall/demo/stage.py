"""Plays the story: every act is the command that a page, a worker or an operator would call, at its own time.

A day is one transaction, settled at its end. What speaks to the provider cannot stand in one: refunds are sent and
withdrawals released in the evening, while the whole process stands at that instant.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from django.db import connection, transaction

import linkage.commands
import members.commands
import orders.commands
import payouts.commands
import payouts.queries
import service.commands
import suppliers.commands
from ledger.models import Account, AccountKind
from ledger.queries import balance_fen, member_balances
from mall.core import clock
from mall.core.ids import random_code
from members.commands import AddressText, NewMember
from members.models import Address, Member
from orders.models import Order
from payouts.models import AccountKind as PayTo
from payouts.models import Withdrawal
from payouts.rules import ENDED_STATES, REST

from .days import DAYS, SLOTS, Calendar, Moment
from .governing import publish_together
from .opening import Shop
from .people import AGENT, Person, card_number, identity_number, street
from .provider import PastCharge, Provider
from .shopping import NOTES, Purchase
from .story import (
    SEED,
    Act,
    Cancellation,
    Following,
    Gift,
    Opening,
    Payday,
    Recount,
    Refund,
    Story,
    Terms,
    Verb,
    Verdict,
    Wish,
)

PROVIDER = "sandbox"
VISITS_MAX = 3
# On how many days the provider hears of what was paid.
TOLD_EVERY = 5
LEAST_FEN = 100_00
STEP_FEN = 10_00
_CHANNELS = ("wechat", "wechat", "wechat", "moments", "moments", "poster", "link")
_CARRIERS = (("顺丰速运", "SF"), ("中通快递", "ZT"), ("圆通速递", "YT"), ("京东物流", "JD"), ("邮政快递", "YZ"))
_BANKS = ("工商银行", "农业银行", "建设银行", "招商银行", "邮储银行", "杭州联合银行")
_REJECTIONS = ("收款账户姓名与会员姓名不一致，请核对后重新申请", "近期有退货在途，退货完成后请重新申请")


class Stage:
    """The mall in which the story is played. What it adds of its own by chance is the same every time, too."""

    def __init__(self, story: Story, *, calendar: Calendar, shop: Shop, provider: Provider) -> None:
        self._story, self._calendar, self._shop, self._provider = story, calendar, shop, provider
        self._chance = Random(SEED + 1)
        self._members: dict[str, Member] = {}
        self._people: dict[str, Person] = {}
        self._addresses: dict[str, Address] = {}
        self._visits: dict[str, set[int]] = defaultdict(set)
        self._orders: dict[Purchase, Order] = {}
        self._acts: dict[int, list[Act]] = defaultdict(list)
        for act in story.acts:
            self._acts[act.moment.day].append(act)
        self._charges: list[PastCharge] = []
        self._refunds: list[str] = []
        self._releases: list[str] = []
        self._verbs: dict[Verb, Callable[[Any, Moment, datetime], None]] = {
            verb: getattr(self, f"_{verb.value}") for verb in Verb
        }

    def play(self, *, on_day: Callable[[int], None]) -> None:
        """Play the story to its end, telling `on_day` after every day how many are over."""
        for day in range(DAYS):
            with _one_transaction():
                self._play(day)
            self._evening(self._calendar.at(Moment(day, SLOTS - 1)), told=day % TOLD_EVERY == 0)
            with _one_transaction():
                self._night(self._calendar.at(Moment(day + 1)))
            on_day(day + 1)
        with _one_transaction():
            self._play(DAYS)
        self._evening(self._calendar.now, told=True)
        with _one_transaction():
            linkage.commands.advance_shards(at=self._calendar.now)
        with _one_transaction():
            self._tell(self._calendar.now)

    def _play(self, day: int) -> None:
        for act in sorted(self._acts.pop(day, ()), key=lambda act: act.moment):
            at = self._calendar.at(act.moment)
            if at < self._calendar.now:
                self._verbs[act.verb](act.subject, act.moment, at)

    def _evening(self, at: datetime, *, told: bool) -> None:
        """Speak to the provider: refunds and withdrawals, and what was paid, before it is refunded or when `told`."""
        if self._charges and (told or self._refunds):
            self._provider.take_over(self._charges, at=at)
            self._charges.clear()
        with clock.standing_at(at):
            for number in self._refunds:
                orders.commands.send_refund(number=number, at=at)
            for number in self._releases:
                payouts.commands.release_withdrawal(number=number, by=self._shop.releaser, at=at)
        self._refunds.clear()
        self._releases.clear()

    def _night(self, at: datetime) -> None:
        """Do the periodic work, and settle the day."""
        orders.commands.receive_overdue(at=at)
        orders.commands.complete_orders(at=at)
        linkage.commands.settle_waiting(at=at)
        self._tell(at)

    def _tell(self, at: datetime) -> None:
        """Tell what the days before brought, as the periodic tasks do."""
        service.commands.tell_earnings(at=at)
        service.commands.tell_due_holds(at=at)
        while service.commands.tell_rules(at=at):
            pass

    # People

    def _join(self, person: Person, moment: Moment, at: datetime) -> None:
        friend = person.referrer
        row = NewMember(
            nickname=person.nickname,
            phone=person.phone,
            public_id=person.key,
            referrer=friend.key if friend else None,
            joined_at=at,
        )
        (member,) = members.commands.register_members([row], at=at)
        self._members[person.key], self._people[person.key] = member, person
        if friend is not None:
            members.commands.record_touch(
                owner=self._members[friend.key],
                visitor_hash=sha256(person.key.encode()).hexdigest(),
                channel=self._chance.choice(_CHANNELS),
                target_path="/",
                at=at - timedelta(minutes=self._chance.randint(1, 50)),
                member=member,
            )
            members.commands.bind_on_login(member=member, at=at)
        self._come(person, moment, at)

    def _open_shop(self, opening: Opening, moment: Moment, at: datetime) -> None:
        member = self._members[opening.person.key]
        applied = members.commands.apply_as_shopkeeper(
            member=member, statement=opening.statement, agreed=True, at=at - timedelta(hours=2)
        )
        members.commands.approve_shopkeeper(shopkeeper=applied, by=self._shop.reviewer, at=at)

    def _follow(self, following: Following, moment: Moment, at: datetime) -> None:
        member = self._members[following.person.key]
        members.commands.record_touch(
            owner=self._members[following.shopkeeper.key],
            visitor_hash=sha256(f"{following.person.key} {moment.day}".encode()).hexdigest(),
            channel=following.channel,
            target_path="/",
            at=at - timedelta(minutes=3),
            member=member,
        )
        members.commands.bind_on_login(member=member, at=at)

    def _visit(self, person: Person, moment: Moment, at: datetime) -> None:
        if person.key in self._members:
            self._come(person, moment, at)

    def _come(self, person: Person, moment: Moment, at: datetime) -> None:
        """Count a day of the story as one visit, whichever two dates it touches."""
        days = self._visits[person.key]
        if moment.day not in days and len(days) < VISITS_MAX:
            days.add(moment.day)
            member = self._members[person.key]
            members.commands.record_visit(member_id=member.pk, date=self._calendar.date(moment.day), at=at)

    def _address(self, person: Person, at: datetime) -> Address:
        address = self._addresses.get(person.key)
        if address is None:
            province, city, district, _ = person.place
            text = AddressText(
                name=person.full_name,
                phone=person.phone,
                province=province,
                city=city,
                district=district,
                detail=street(person, self._chance),
            )
            member = self._members[person.key]
            address = members.commands.save_address(member=member, text=text, at=at, is_default=True)
            self._addresses[person.key] = address
        return address

    # Orders

    def _place(self, purchase: Purchase, moment: Moment, at: datetime) -> None:
        person = purchase.person
        self._orders[purchase] = orders.commands.place_order(
            member=self._members[person.key],
            items=[(self._shop.skus[code].pk, quantity) for code, quantity in purchase.items],
            address=self._address(person, at),
            note=self._chance.choice(NOTES) if self._chance.randrange(100) < 9 else "",
            idempotency_key=random_code(24),
            at=at,
        )
        self._come(person, moment, at)

    def _cancel(self, cancellation: Cancellation, moment: Moment, at: datetime) -> None:
        order = self._orders[cancellation.purchase]
        at = min(at, order.expires_at - timedelta(seconds=40))
        orders.commands.cancel_order(order=order, reason=cancellation.reason, at=at)

    def _expire(self, purchase: Purchase, moment: Moment, at: datetime) -> None:
        orders.commands.expire_purchases(at=self._orders[purchase].expires_at + timedelta(seconds=30))

    def _pay(self, purchase: Purchase, moment: Moment, at: datetime) -> None:
        order = self._orders[purchase]
        at = min(at, order.expires_at - timedelta(seconds=40))
        payment = orders.commands.start_payment(
            purchase=order.purchase, provider=PROVIDER, at=at - timedelta(seconds=self._chance.randint(5, 15))
        )
        charge = PastCharge(payment.number, f"SC{payment.number}", payment.amount_fen, order.number, at)
        orders.commands.capture_payment(
            payment_number=charge.number,
            provider_ref=charge.reference,
            amount_fen=charge.amount_fen,
            currency=payment.currency,
            captured_at=at,
        )
        self._charges.append(charge)

    def _ship(self, purchase: Purchase, moment: Moment, at: datetime) -> None:
        order = self._orders[purchase]
        carrier, letters = self._chance.choice(_CARRIERS)
        orders.commands.ship_order(
            order=order,
            carrier=carrier,
            tracking_number=f"{letters}{self._chance.randrange(10**12):012d}",
            by=self._shop.keepers[order.supplier_id],
            at=at,
        )

    def _confirm(self, purchase: Purchase, moment: Moment, at: datetime) -> None:
        self._come(purchase.person, moment, at)
        orders.commands.confirm_receipt(order=self._orders[purchase], at=at)

    def _refund(self, refund: Refund, moment: Moment, at: datetime) -> None:
        decided = orders.commands.refund_order(order=self._orders[refund.purchase], reason=refund.reason, at=at)
        self._refunds.append(decided.number)

    # Money and plans

    def _terms(self, terms: Terms, moment: Moment, at: datetime) -> None:
        draft = linkage.commands.draft_plan(name=terms.name, params=terms.params, by=self._shop.reviewer)
        if terms.starts_day is not None:
            starts_at = self._calendar.at(Moment(terms.starts_day))
            publish_together(draft, author=self._shop.reviewer, checker=self._shop.releaser, starts_at=starts_at, at=at)

    def _withdraw(self, wish: Wish, moment: Moment, at: datetime) -> None:
        linkage.commands.settle_waiting(at=at)
        self._ask(self._members[wish.person.key], wish.percent, wish.verdict, moment, at)

    def _payday(self, payday: Payday, moment: Moment, at: datetime) -> None:
        linkage.commands.settle_waiting(at=at)
        asking = Withdrawal.objects.exclude(state__in=ENDED_STATES)
        rich = Account.objects.filter(kind=AccountKind.AVAILABLE, balance_fen__gte=2 * LEAST_FEN).exclude(
            holder_id__in=asking.values("member_id")
        )
        by_id = {member.pk: member for key, member in self._members.items() if key != self._story.cast[AGENT].key}
        richest = rich.order_by("-balance_fen", "holder_id").values_list("holder_id", flat=True)
        asked = [holder_id for holder_id in richest if holder_id in by_id][: payday.members]
        for place, holder_id in enumerate(asked):
            percent, later = self._chance.choice((60, 80, 100)), timedelta(minutes=9 * place)
            self._ask(by_id[holder_id], percent, payday.verdict, moment, at + later)

    def _ask(self, member: Member, percent: int, verdict: Verdict, moment: Moment, at: datetime) -> None:
        """Ask for a part of what a member has, in whole ten yuan; operators decide on the following days."""
        available_fen = member_balances(holder_id=member.pk).available_fen
        amount_fen = available_fen * percent // 100 // STEP_FEN * STEP_FEN
        if amount_fen < LEAST_FEN:
            return
        if payouts.queries.payee_of(member_id=member.pk) is None:
            self._register_payee(member, at - REST - timedelta(hours=self._chance.randint(1, 40)))
        number = linkage.commands.request_withdrawal(member=member, amount_fen=amount_fen, at=at).number
        decided = Moment(moment.day + 1, self._chance.randint(2_600, 5_600))
        if verdict is Verdict.REJECTED:
            self._acts[decided.day].append(Act(decided, Verb.REJECT, number))
        elif verdict is not Verdict.WAITING:
            self._acts[decided.day].append(Act(decided, Verb.APPROVE, number))
        if verdict is Verdict.PAID:
            self._acts[decided.day + 1].append(Act(Moment(decided.day + 1, 6_000), Verb.RELEASE, number))

    def _register_payee(self, member: Member, at: datetime) -> None:
        """Give real name and bank card some days before the first withdrawal."""
        person = self._people[member.public_id]
        number, card, bank = identity_number(person), card_number(person), self._chance.choice(_BANKS)
        payouts.commands.register_payee(member=member, name=person.full_name, id_number=number, at=at)
        payouts.commands.add_account(member=member, kind=PayTo.BANK, detail=card, bank_name=bank, at=at)

    def _approve(self, number: str, moment: Moment, at: datetime) -> None:
        payouts.commands.approve_withdrawal(number=number, by=self._shop.reviewer, at=at)

    def _reject(self, number: str, moment: Moment, at: datetime) -> None:
        reason = self._chance.choice(_REJECTIONS)
        payouts.commands.reject_withdrawal(number=number, by=self._shop.reviewer, reason=reason, at=at)

    def _release(self, number: str, moment: Moment, at: datetime) -> None:
        self._releases.append(number)

    def _grant(self, gift: Gift, moment: Moment, at: datetime) -> None:
        """Grant at most half of what the fund holds."""
        linkage.commands.advance_shards(at=at)
        amount_fen = min(gift.amount_fen, balance_fen(kind=AccountKind.SUPPORT_FUND) // 2)
        if amount_fen > 0:
            linkage.commands.grant_from_fund(
                member=self._members[gift.person.key],
                amount_fen=amount_fen,
                by=self._shop.releaser,
                reason=gift.reason,
                at=at,
            )

    def _recount(self, recount: Recount, moment: Moment, at: datetime) -> None:
        """Correct a SKU's stock so that `left` can still be ordered."""
        sku = self._shop.skus[recount.code]
        sku.refresh_from_db(fields=["on_hand", "reserved"])
        keeper = self._shop.keepers[sku.product.supplier_id]
        suppliers.commands.adjust_stock(
            sku=sku, on_hand_delta=recount.left - sku.available, reason="月末盘点", by=keeper, at=at
        )


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Commit all at once. Nothing is undone in part: savepoints are left out. What would ring for workers on commit is
    dropped: nobody else settles here."""
    features = connection.features
    savepoints = features.uses_savepoints
    try:
        with transaction.atomic():
            features.uses_savepoints = False
            yield
            connection.run_on_commit.clear()
    finally:
        features.uses_savepoints = savepoints
