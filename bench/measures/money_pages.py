"""Operators' money pages over 100,000 withdrawals and a million postings: their SQL, and how many questions."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from bench import databases
from bench.population import MEASURED_AT
from bench.results import Result
from bench.run import Run
from bench.watching import an_operator, measure_pages
from ledger.commands import Entry, Line, write_entries
from ledger.models import AccountKind
from ledger.queries import totals
from members.commands import NewMember, register_members
from members.models import Member
from payouts.models import Payee, PayoutAccount, Withdrawal, WithdrawalState

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
WITHDRAWALS, PEOPLE = 100_000, 20_000
# With its rewards, its maturing, its asking and its paying, each withdrawal is worth ten postings.
QUERIES_MAX = 60
CHUNK = 2_000
AMOUNT_FEN = 10_000
QUEUE = "/ops/payouts/withdrawal/"

PAGES: dict[str, Callable[[Withdrawal], str]] = {
    "queue: first eyes": lambda one: f"{QUEUE}?state__exact=requested",
    "queue: second eyes": lambda one: f"{QUEUE}?state__exact=approved",
    "queue: done": lambda one: f"{QUEUE}?state__exact=paid",
    "queue: first withdrawals": lambda one: f"{QUEUE}?state__exact=requested&signal=first",
    "queue: by phone": lambda one: f"{QUEUE}?q=0042",
    "one withdrawal": lambda one: f"{QUEUE}{one.pk}/change/",
    "several at once": lambda one: "/ops/payouts/many/approve/",
    "batches": lambda one: "/ops/payouts/payoutbatch/",
    "reconciliation": lambda one: "/ops/reconciliation/",
    "explorer": lambda one: "/ops/ledger/explore/",
    "explorer: deep": lambda one: "/ops/ledger/explore/?before=20000",
    "explorer: a kind": lambda one: "/ops/ledger/explore/?kind=payout",
    "explorer: an account": lambda one: f"/ops/ledger/explore/?account={AccountKind.CASH.value}",
    "explorer: a withdrawal": lambda one: f"/ops/ledger/explore/?q={one.number}",
    "explorer: by phone": lambda one: "/ops/ledger/explore/?q=0042",
}


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_money")
    people = _people(run.size(PEOPLE))
    count = run.size(WITHDRAWALS)
    _books(people, count)
    _withdrawals(people, count)
    databases.settle_down(database)
    run.tell(f"{count} withdrawals, {totals()[1]} postings")
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN}}):
        yield from _measure(run)
    databases.drop(database)


def _measure(run: Run) -> Iterator[Result]:
    one = Withdrawal.objects.filter(state=WithdrawalState.REQUESTED).latest("id")
    pages = {f"money, {name}": address(one) for name, address in PAGES.items()}
    yield from measure_pages(run, an_operator(at=MEASURED_AT), pages, questions=QUERIES_MAX)


def _people(count: int) -> list[Member]:
    """Members with a phone, a name and a card."""
    then = MEASURED_AT - timedelta(days=60)
    people: list[Member] = []
    for first in range(0, count, CHUNK):
        rows = [
            NewMember(nickname=f"顾{number}", public_id=f"p{number}", joined_at=then)
            for number in range(first, min(first + CHUNK, count))
        ]
        people += register_members(rows, at=then)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = '+8613' || lpad(id::text, 9, '0') WHERE phone IS NULL")
    sealed = {"name_sealed": "x", "id_sealed": "x", "masked_name": "顾*", "id_tail": "0042", "registered_at": then}
    Payee.objects.bulk_create(
        [Payee(member=one, id_hash=f"h{one.pk}", used=True, **sealed) for one in people], batch_size=CHUNK
    )
    PayoutAccount.objects.bulk_create(
        [
            PayoutAccount(member=one, kind="bank", label="****0042", fingerprint=f"f{one.pk}", added_at=then)
            for one in people
        ],
        batch_size=CHUNK,
    )
    return people


def _books(people: list[Member], count: int) -> None:
    """What was earned, matured, asked for and paid, ten postings for each withdrawal."""
    for first in range(0, count, CHUNK):
        entries: list[Entry] = []
        for number in range(first, min(first + CHUNK, count)):
            entries += _entries(people[number % len(people)].pk, number)
        write_entries(entries)


def _entries(holder: int, number: int) -> list[Entry]:
    at = MEASURED_AT - timedelta(seconds=20 * number)
    key, kind = f"TX{number:010d}", AccountKind

    def moved(what: str, reference: str, debit: tuple[int, int], credit: tuple[int, int]) -> Entry:
        return Entry(what, reference, at, (Line(*debit, AMOUNT_FEN), Line(*credit, -AMOUNT_FEN)))

    return [
        moved("reward", str(number), (kind.REWARD_EXPENSE, 0), (kind.PENDING, holder)),
        moved("mature", str(number), (kind.PENDING, holder), (kind.AVAILABLE, holder)),
        moved("withdrawal", key, (kind.AVAILABLE, holder), (kind.WITHDRAWING, holder)),
        Entry(
            "payout",
            key,
            at,
            (
                Line(kind.WITHDRAWING, holder, AMOUNT_FEN),
                Line(kind.CASH, 1, 60 + 100 - AMOUNT_FEN),
                Line(kind.WITHDRAWAL_FEE, 0, -60),
                Line(kind.TAX_PAYABLE, 0, -100),
            ),
        ),
    ]


def _withdrawals(people: list[Member], count: int) -> None:
    """A fifth waits for the first eyes, a tenth for the second, a few were turned down, the rest are paid."""
    accounts = dict(PayoutAccount.objects.values_list("member_id", "id"))
    payees = dict(Payee.objects.values_list("member_id", "id"))
    first, second = people[0].pk, people[1].pk
    rows = []
    for number in range(count):
        owner = people[2 + number % (len(people) - 2)].pk
        rows.append(_withdrawal(number, owner, accounts[owner], payees[owner], first, second))
    Withdrawal.objects.bulk_create(rows, batch_size=CHUNK)


def _withdrawal(number: int, owner: int, account: int, payee: int, first: int, second: int) -> Withdrawal:
    at = MEASURED_AT - timedelta(seconds=20 * number)
    turn = number % 20
    state = "requested" if turn < 4 else "approved" if turn < 6 else "rejected" if turn == 6 else "paid"
    approved = state in ("approved", "paid")
    return Withdrawal(
        number=f"TX{number:010d}",
        member_id=owner,
        shard=0,
        amount_fen=AMOUNT_FEN,
        fee_bps=60,
        tax_bps=0,
        fee_fen=60,
        tax_fen=100,
        net_fen=AMOUNT_FEN - 160,
        state=state,
        payee_id=payee,
        account_id=account,
        channel="bank",
        account_label="****0042",
        requested_at=at,
        approved_by_id=first if approved else None,
        approved_at=at if approved else None,
        released_by_id=second if state == "paid" else None,
        released_at=at if state == "paid" else None,
        paid_at=at if state == "paid" else None,
        provider_ref=f"B{number}" if state == "paid" else None,
        rejected_at=at if state == "rejected" else None,
        reason="名字不符" if state == "rejected" else "",
    )
