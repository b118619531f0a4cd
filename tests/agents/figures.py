"""Walking the money pages of one member as a browser gets them, and holding every figure against the ledger."""

import csv
import io
import re
from html import unescape

from django.test import Client

from agents.queries.periods import Period, month_of
from ledger.models import MEMBER_KINDS, JournalEntry, Posting, account_id
from ledger.queries import MemberBalances, member_balances
from mall.core import clock
from mall.core.money import yuan
from members.models import Member

from .traces import fen_of

AMOUNT = r"[+−]?¥[0-9,]+\.[0-9]{2}"


class Walk:
    """The pages of one member; `balances` and `changes` are read from the postings alone."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.client = Client()
        self.client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        accounts = {account_id(kind, member.pk): kind for kind in MEMBER_KINDS}
        sums = dict.fromkeys(MEMBER_KINDS, 0)
        # What the member earned or lost by month: all that changed what it has but payouts.
        self.changes: dict[str, int] = {}
        self.paid_out_fen = self.granted_fen = 0
        entries = JournalEntry.objects.in_bulk(
            list(Posting.objects.filter(account_id__in=accounts).values_list("entry_id", flat=True))
        )
        for account, entry_id, amount in Posting.objects.filter(account_id__in=accounts).values_list(
            "account_id", "entry_id", "amount_fen"
        ):
            entry = entries[entry_id]
            sums[accounts[account]] -= amount
            month = month_of(entry.at).key
            if entry.kind == "payout":
                self.paid_out_fen += amount
            else:
                self.changes[month] = self.changes.get(month, 0) - amount
            if entry.kind in ("grant", "adjustment", "forgiveness"):
                self.granted_fen -= amount
        pending, held, available, withdrawing, debt = (sums[kind] for kind in MEMBER_KINDS)
        self.balances = MemberBalances(pending, held, available, withdrawing, -debt)

    @property
    def earned_fen(self) -> int:
        return sum(self.changes.values())

    def page(self, path: str) -> str:
        response = self.client.get(f"/agent/{path}")
        assert response.status_code == 200, (self.member.nickname, path)
        return unescape(response.content.decode().partition("<main")[2].partition("<aside")[0])

    def words(self, path: str) -> str:
        return (
            " ".join(re.sub(r"<[^>]+>", " ", self.page(path)).split())
            .replace("¥ ", "¥")
            .replace(" .", ".")
            .replace("− ¥", "−¥")
        )

    def pages(self, path: str) -> list[str]:
        """Return all pages of a list, one after the other."""
        found = [self.page(path)]
        while more := re.search(r'href="(\?[^"]+)" rel="next"', found[-1]):
            found.append(self.page(path.partition("?")[0] + more[1]))
        return found

    def months(self) -> list[Period]:
        """Return the months from that of joining to the present one."""
        found, now = [month_of(self.member.joined_at)], clock.now()
        while found[-1].end <= now:
            found.append(month_of(found[-1].end))
        return found


def prove_figures(member: Member) -> None:
    """Every amount on the money pages of a member is that of the ledger."""
    walk = Walk(member)
    assert walk.balances == member_balances(holder_id=member.pk)
    _home(walk)
    _earnings(walk)
    _orders(walk)
    _calendar_and_frozen(walk)
    _statements(walk)


def _amount_after(text: str, label: str) -> int:
    found = re.search(rf"{label} *({AMOUNT})", text)
    assert found is not None, (label, text[:600])
    return fen_of(found[1])


def _home(walk: Walk) -> None:
    text, balances = walk.words(""), walk.balances
    assert _amount_after(text, "待结算") == balances.pending_fen
    assert _amount_after(text, "提现中") == balances.withdrawing_fen
    if balances.held_fen:
        assert _amount_after(text, "冻结") == balances.held_fen
    assert yuan(balances.available_fen) in text
    assert _amount_after(text, "本月") == walk.changes.get(month_of(clock.now()).key, 0)
    assert _amount_after(text, "累计") == walk.earned_fen
    if balances.debt_fen:
        assert _amount_after(text, "追缴欠款") == balances.debt_fen


def _lines(pages: list[str]) -> list[int]:
    found = [re.findall(rf'<b class="big number [a-z]+">({AMOUNT})</b>', page) for page in pages]
    return [fen_of(amount) for amounts in found for amount in amounts]


def _earnings(walk: Walk) -> None:
    assert sum(_lines(walk.pages("earnings/"))) == walk.earned_fen
    if walk.changes:
        assert _amount_after(walk.words("earnings/"), "合计") == walk.earned_fen
    for month in walk.months()[-12:]:
        path, change = f"earnings/?month={month.key}", walk.changes.get(month.key, 0)
        assert sum(_lines(walk.pages(path))) == change, month.key
        assert _amount_after(walk.words(path), "本月合计") == change, month.key
    open_fen = sum(
        _amount_after(walk.words(f"earnings/?status={tab}"), "合计（不含冻结部分）") for tab in ("estimated", "pending")
    )
    assert open_fen == walk.balances.pending_fen
    assert _amount_after(walk.words("earnings/?status=held"), "冻结合计") == walk.balances.held_fen


def _orders(walk: Walk) -> None:
    found = [
        re.findall(rf'<div class="item-price number [a-z]+">({AMOUNT})</div>', page) for page in walk.pages("orders/")
    ]
    kept = sum(fen_of(amount) for amounts in found for amount in amounts)
    assert kept == walk.earned_fen - walk.granted_fen


def _calendar_and_frozen(walk: Walk) -> None:
    """All that is pending or held stands somewhere in the calendar: on its day, or among what has none yet."""
    month = month_of(clock.now())
    waiting = re.search(rf"还没有日期</h2><span[^>]*>({AMOUNT})", walk.page("calendar/"))
    there = fen_of(waiting[1]) if waiting else 0
    for _ in range(12):
        text = walk.words(f"calendar/?month={month.key}")
        found = re.search(rf"本月还有 ({AMOUNT}) 将转为可提现", text)
        there += fen_of(found[1]) if found else 0
        listed = text.partition("按日期看")[2]
        there += sum(map(fen_of, re.findall(rf"(?:到期转入帮扶基金|解冻转待结算) ({AMOUNT})", listed)))
        month = month_of(month.end)
    assert there == walk.balances.pending_fen + walk.balances.held_fen
    if walk.balances.held_fen:
        assert _amount_after(walk.words("frozen/"), "冻结中") == walk.balances.held_fen


def _statements(walk: Walk) -> None:
    for month in walk.months():
        page = walk.page(f"statements/{month.key}/")
        closings = [fen_of(cell) for cell in re.findall(r"data-closing>([^<]+)<", page)]
        response = walk.client.get(f"/agent/statements/{month.key}.csv")
        content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
        rows = [row for row in csv.reader(io.StringIO(content)) if len(row) == 10]
        entries = [[_fen(cell) for cell in row[4:9]] for row in rows if row[0].isdigit()]
        opening = next([_fen(cell) for cell in row[4:9]] for row in rows if row[-1] == "opening")
        sums = [sum(column) for column in zip(opening, *entries, strict=True)]
        assert sums == closings, month.key
    balances = walk.balances
    assert closings == [
        balances.pending_fen,
        balances.held_fen,
        balances.available_fen,
        balances.withdrawing_fen,
        balances.debt_fen,
    ]


def _fen(cell: str) -> int:
    whole, _, cents = cell.removeprefix("-").partition(".")
    return (int(whole) * 100 + int(cents)) * (-1 if cell.startswith("-") else 1)
