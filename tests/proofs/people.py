"""People in a soaked mall: they join, buy, pay at the provider, ship, receive, give back and withdraw, until stopped.

What is refused is refused, and what fails because something was killed is tried again by the next act: as in life.
"""

import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable

import django
import httpx
from django.db import DatabaseError, InterfaceError, close_old_connections

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Stop(Exception):
    """Asked to stop."""


def main(seed: int) -> None:
    django.setup()
    crowd = _crowd(random.Random(seed), seed)
    counted: Counter[str] = Counter()

    def stop(*_: object) -> None:
        raise Stop

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            name, outcome = crowd()
            counted[f"{name}: {outcome}"] += 1
    except Stop:
        for act, count in counted.items():
            print(f"acts {act} {count}", flush=True)


def _crowd(dice: random.Random, seed: int) -> Callable[[], tuple[str, str]]:
    """Return what does one act and says which, and how it ended."""
    from django.contrib.auth.models import Group

    import linkage.commands
    import orders.commands
    import payouts.commands
    import payouts.queries
    from ledger.models import Account, AccountKind
    from mall.core import clock
    from mall.core.ids import random_code
    from members.commands import AddressText, JoinRefused, register_member, save_address
    from members.models import Address, Member
    from orders.gateways import GatewayError, GatewayRefusal
    from orders.models import Order, OrderState, Purchase, PurchaseState
    from orders.refusals import OrderRefused
    from payouts.models import Withdrawal, WithdrawalState
    from suppliers.models import Sku
    from tests.payouts.people import payable

    client = httpx.Client(timeout=8)
    refusals = (
        OrderRefused,
        JoinRefused,
        GatewayRefusal,
        linkage.commands.WithdrawalRefused,
        payouts.commands.DecisionRefused,
    )
    failures = (DatabaseError, InterfaceError, httpx.HTTPError, GatewayError)
    operators = {
        name: list(Member.objects.filter(groups=group))[:1] for group in Group.objects.all() for name in [group.name]
    }
    reviewer, releaser = operators["operator_review"][0], operators["operator_release"][0]

    def somebody() -> Member:
        return Member.objects.filter(is_staff=False, supplier_seat=None).order_by("?")[0]

    def an_order(*states: str) -> Order | None:
        return Order.objects.filter(state__in=states).order_by("?").first()

    def join() -> None:
        referrer = somebody() if dice.random() < 0.9 else None
        phone = f"+86{dice.randrange(150, 160)}{dice.randrange(10**8):08d}"
        member = register_member(phone=phone, nickname=f"人{seed}", referrer=referrer, at=clock.now())
        text = AddressText("林小禾", "13800001111", "浙江省", "杭州市", "西湖区", "龙井路 1 号")
        save_address(member=member, text=text, at=clock.now())
        buy_for(member)

    def buy() -> None:
        address = Address.objects.filter(deleted_at=None).order_by("?").first()
        if address is not None:
            buy_for(address.member)

    def buy_for(member: Member) -> None:
        address = Address.objects.filter(member=member, deleted_at=None).first()
        packs = dice.random() < 0.5
        skus = Sku.objects.filter(is_gift_pack=packs, is_active=True).order_by("?")[
            : 1 if packs else dice.randint(1, 3)
        ]
        purchase = orders.commands.place_purchase(
            member=member,
            items=[(sku.pk, 1) for sku in skus],
            address=address,
            notes="",
            idempotency_key=random_code(20),
            at=clock.now(),
        )
        if dice.random() < 0.9:
            pay_for(purchase)

    def pay() -> None:
        purchase = Purchase.objects.filter(state=PurchaseState.PLACED).order_by("?").first()
        if purchase is not None:
            pay_for(purchase)

    def pay_for(purchase: Purchase) -> None:
        address = orders.commands.open_cashier(
            purchase=purchase, provider="sandbox", return_url="http://127.0.0.1/", at=clock.now()
        ).pay_url
        page = client.get(address)
        token = TOKEN.search(page.text)
        if token is not None:
            form = {"csrfmiddlewaretoken": token[1], "decision": "pay"}
            client.post(address, data=form, headers={"Referer": address})

    def ship() -> None:
        if (order := an_order(OrderState.PAID)) is not None:
            orders.commands.ship_order(
                order=order, carrier="顺丰速运", tracking_number=f"SF{dice.randrange(10**12)}", by=None, at=clock.now()
            )

    def receive() -> None:
        if (order := an_order(OrderState.SHIPPED)) is not None:
            orders.commands.confirm_receipt(order=order, at=clock.now())

    def give_back() -> None:
        if (order := an_order(OrderState.PAID, OrderState.SHIPPED, OrderState.RECEIVED)) is not None:
            orders.commands.refund_order(order=order, reason="不想要了", at=clock.now())

    def cancel() -> None:
        if (order := an_order(OrderState.PLACED)) is not None:
            orders.commands.cancel_order(order=order, reason="不想要了", at=clock.now())

    def withdraw() -> None:
        account = Account.objects.filter(kind=AccountKind.AVAILABLE, balance_fen__gte=5_000).order_by("?").first()
        if account is not None:
            member = Member.objects.get(pk=account.holder_id)
            if payouts.queries.payee_of(member_id=member.pk) is None:
                payable(member, at=clock.now())
            linkage.commands.request_withdrawal(member=member, amount_fen=5_000, at=clock.now())

    def review() -> None:
        waiting = Withdrawal.objects.filter(state=WithdrawalState.REQUESTED).order_by("?").first()
        if waiting is None:
            return
        if dice.random() < 0.2:
            payouts.commands.reject_withdrawal(number=waiting.number, by=reviewer, reason="姓名不符", at=clock.now())
        else:
            payouts.commands.approve_withdrawal(number=waiting.number, by=reviewer, at=clock.now())

    def release() -> None:
        approved = Withdrawal.objects.filter(state=WithdrawalState.APPROVED).order_by("?").first()
        if approved is not None:
            payouts.commands.release_withdrawal(number=approved.number, by=releaser, at=clock.now())

    acts: list[tuple[Callable[[], None], int]] = [
        (join, 20),
        (buy, 20),
        (pay, 6),
        (ship, 14),
        (receive, 10),
        (give_back, 5),
        (cancel, 2),
        (withdraw, 4),
        (review, 3),
        (release, 3),
    ]

    def act() -> tuple[str, str]:
        chosen = dice.choices([one for one, _ in acts], [weight for _, weight in acts])[0]
        name = chosen.__name__.replace("_", " ")
        try:
            chosen()
        except refusals:
            return name, "refused"
        except failures:
            close_old_connections()
            return name, "failed"
        return name, "done"

    return act


if __name__ == "__main__":
    main(int(sys.argv[1]))
