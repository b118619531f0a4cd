"""Statements: straight from the ledger, the same on the screen, as CSV and as PDF, and nobody else's."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from agents.queries.periods import month_of
from agents.queries.statements import checksum, moves_of, statement, statement_lines, statement_months, worth
from agents.statement_files import pdf_file
from ledger.commands import Entry, Line, post_entries
from ledger.models import AccountKind, Posting, account_id
from linkage import inbox
from linkage.commands import request_withdrawal
from mall.core import clock, spreadsheet
from members.models import Member
from payouts.events import WithdrawalDecided
from tests.linkage import stories
from tests.linkage.stories import Mall, three_generations
from tests.payouts.people import payable

from .conftest import See
from .traces import fen_of


@pytest.fixture
def paid(mall: Mall) -> Mall:
    """ann had 100 yuan available, asked for 43.21 of it, and was paid."""
    three_generations(mall)
    for number in ("o-bob", "o-y1", "o-y2"):
        mall.receive(number)
    mall.pass_time(days=8)
    mall.settle()
    ann = mall.members["ann"]
    payable(ann)
    asked = request_withdrawal(member=ann, amount_fen=4_321, at=mall.at)
    mall.pass_time(minutes=5)
    decided = WithdrawalDecided(asked.number, ann.pk, ann.shard, approved=True, at=mall.at)
    inbox.record_decision(decided)
    mall.settle()
    return mall


def months_of(member: Member) -> list[str]:
    return [line.period.key for line in statement_months(member=member, at=clock.now())][::-1]


def csv_of(client: Client, month: str) -> list[list[str]]:
    response = client.get(f"/agent/statements/{month}.csv")
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.startswith(spreadsheet.BOM)
    return list(csv.reader(io.StringIO(content.removeprefix(spreadsheet.BOM))))


def fen(cell: str) -> int:
    whole, _, cents = cell.removeprefix("-").partition(".")
    return (int(whole) * 100 + int(cents)) * (-1 if cell.startswith("-") else 1)


def five(row: list[str]) -> list[int]:
    return [fen(cell) for cell in row[4:9]]


def test_months_join_up_and_end_at_the_balances(paid: Mall) -> None:
    for name, member in paid.members.items():
        before = [0, 0, 0, 0, 0]
        for key in months_of(member):
            period = month_of(datetime.fromisoformat(f"{key}-15T00:00:00+08:00"))
            head = statement(member=member, period=period, at=clock.now())
            assert list(head.opening) == before, name
            lines = list(statement_lines(head=head))
            assert len(lines) == head.entries
            assert [sum(line.moves[place] for line in lines) for place in range(5)] == list(head.moved)
            before = list(head.closing)
        assert tuple(before) == moves_of(paid.balances(name)), name


def test_what_was_withheld_is_what_the_ledger_withheld(paid: Mall) -> None:
    ann = paid.members["ann"]
    heads = [
        statement(member=ann, period=line.period, at=clock.now())
        for line in statement_months(member=ann, at=clock.now())
    ]
    fees = -sum(
        Posting.objects.filter(account_id=account_id(AccountKind.WITHDRAWAL_FEE)).values_list("amount_fen", flat=True)
    )
    assert sum(head.fee_fen for head in heads) == fees == 25
    assert sum(head.tax_fen for head in heads) == 0


def test_the_screen_the_csv_and_the_pdf_say_the_same(paid: Mall, see: See) -> None:
    client, ann = see("ann"), paid.members["ann"]
    month = timezone.localtime(paid.at).strftime("%Y-%m")
    body = client.get(f"/agent/statements/{month}/").content.decode()
    closings = [fen_of(cell) for cell in re.findall(r"data-closing>([^<]+)<", body)]
    assert tuple(closings) == moves_of(paid.balances("ann"))
    rows = csv_of(client, month)
    by_code = {row[-1]: row for row in rows if len(row) == 10}
    entries = [row for row in rows if len(row) == 10 and row[0].isdigit()]
    assert five(by_code["closing"]) == closings
    opening = five(by_code["opening"])
    assert [start + sum(five(row)[place] for row in entries) for place, start in enumerate(opening)] == closings
    response = client.get(f"/agent/statements/{month}.pdf")
    assert response["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "收益对账单" in text
    assert "第 1 页，共 1 页" in text
    for row in entries:
        assert f"#{row[0]}" in text
    for amount in closings:
        assert stories_yuan(amount) in text
    assert ann.public_id in text
    shown = re.search(r'id="checksum">([0-9a-f]{64})<', body)
    assert shown is not None
    assert shown[1] in text
    assert ["校验码 SHA-256", shown[1]] in rows


def stories_yuan(amount: int) -> str:
    return f"¥{amount // 100:,}.{amount % 100:02d}"


def test_a_long_statement_goes_on_over_numbered_sheets(paid: Mall) -> None:
    ann = paid.members["ann"]
    lines = [Line(AccountKind.REWARD_EXPENSE, 0, 1), Line(AccountKind.AVAILABLE, ann.pk, -1)]
    for number in range(120):
        post_entries([Entry("grant", f"BF{number}", paid.at, lines)])
    head = statement(member=ann, period=month_of(paid.at), at=clock.now())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_file(head, made_at="now"))).pages]
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert f"第 {number} 页，共 3 页" in text
        assert "关联单号" in text
    found = [int(entry) for entry in re.findall(r"^.*#(\d+)", "\n".join(pages), re.MULTILINE)]
    assert found == [line.entry_id for line in statement_lines(head=head)]


def test_anybody_can_compute_the_checksum_from_the_csv(paid: Mall, see: See) -> None:
    month = timezone.localtime(paid.at).strftime("%Y-%m")
    rows = csv_of(see("ann"), month)
    digest = sha256()
    for row in rows[1:]:
        if len(row) != 10:
            continue
        name, instant, kind = row[0], row[1], row[9]
        if kind in ("opening", "closing"):
            name, kind = kind, ""
        digest.update(("\t".join([name, instant, kind, *map(str, five(row))]) + "\n").encode())
    assert ["校验码 SHA-256", digest.hexdigest()] in rows


def test_a_month_ends_at_midnight_in_shanghai(mall: Mall) -> None:
    mall.join("zoe")
    zoe = mall.members["zoe"]
    midnight = month_of(clock.now()).start
    for reference, at in (("last", midnight - timedelta(seconds=1)), ("first", midnight)):
        lines = [Line(AccountKind.REWARD_EXPENSE, 0, 100), Line(AccountKind.PENDING, zoe.pk, -100)]
        post_entries([Entry("reward", reference, at, lines)])
    this, last = month_of(clock.now()), month_of(midnight - timedelta(days=1))
    assert statement(member=zoe, period=last, at=clock.now()).moved == (100, 0, 0, 0, 0)
    running = statement(member=zoe, period=this, at=clock.now())
    assert (running.opening[0], running.moved[0], running.is_running) == (100, 100, True)
    assert midnight.astimezone(UTC).hour == 16


@pytest.mark.parametrize("month", ["2099-01", "1999-12", "2026-13", "2026-1", "x", "2026-00"])
def test_there_is_no_statement_before_joining_nor_of_months_to_come(paid: Mall, see: See, month: str) -> None:
    for address in (f"{month}/", f"{month}.csv", f"{month}.pdf"):
        assert see("ann").get(f"/agent/statements/{address}").status_code == 404, address


def test_the_month_before_joining_is_not_there(paid: Mall, see: See) -> None:
    before = month_of(month_of(paid.members["ann"].joined_at).start - timedelta(days=1))
    assert see("ann").get(f"/agent/statements/{before.key}/").status_code == 404


def test_a_statement_shows_only_its_members_own(paid: Mall, see: See) -> None:
    month = timezone.localtime(paid.at).strftime("%Y-%m")
    assert csv_of(see("ann"), month) != csv_of(see("zoe"), month)
    own = {row[0] for row in csv_of(see("y2"), month) if row[0].isdigit()}
    mine = Posting.objects.filter(account__holder_id=paid.members["y2"].pk)
    assert own <= {str(pk) for pk in mine.values_list("entry_id", flat=True)}
    assert Client().get(f"/agent/statements/{month}/").status_code == 302


def test_people_in_a_statement_are_masked_and_nothing_is_a_formula(paid: Mall, see: See) -> None:
    Member.objects.filter(pk=paid.members["bob"].pk).update(nickname="=HYPERLINK(1)")
    for line in statement_months(member=paid.members["zoe"], at=clock.now()):
        for row in csv_of(see("zoe"), line.period.key):
            assert "HYPERLINK" not in "".join(row)
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", " =1"])
def test_texts_never_become_formulas(text: str) -> None:
    assert spreadsheet.line([text]).lstrip('"').startswith("'")
    assert spreadsheet.line([spreadsheet.yuan(-15_000)]) == "-150.00\r\n"


def test_the_list_shows_every_month_with_its_end(paid: Mall, see: See) -> None:
    body = unescape(see("ann").get("/agent/statements/").content.decode())
    months = statement_months(member=paid.members["ann"], at=clock.now())
    assert months[0].closing_fen == worth(moves_of(paid.balances("ann")))
    for line in months:
        assert f"/agent/statements/{line.period.key}/" in body
        assert stories_yuan(line.closing_fen) in body


def test_pages_go_on_where_they_ended(paid: Mall, see: See, monkeypatch: Any) -> None:
    monkeypatch.setattr("agents.queries.statements.PAGE", 2)
    client, path, seen = see("zoe"), "", []
    month = timezone.localtime(stories.START).strftime("%Y-%m")
    while True:
        body = client.get(f"/agent/statements/{month}/{path}").content.decode()
        seen += re.findall(r'dot-sep">#(\d+)<', body)
        more = re.search(r'href="(\?after=[^"]+)" rel="next"', body)
        if more is None:
            break
        path = unescape(more[1])
    head = statement(member=paid.members["zoe"], period=month_of(stories.START), at=clock.now())
    assert seen == [str(line.entry_id) for line in statement_lines(head=head)]
    assert len(seen) > 2
    assert client.get(f"/agent/statements/{month}/?after=nonsense").status_code == 200


def test_a_statement_costs_the_same_however_long_it_is(paid: Mall, see: See) -> None:
    client = see("zoe")
    month = timezone.localtime(paid.at).strftime("%Y-%m")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/agent/statements/{month}/").status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(6):
        paid.join(f"s{number}", "zoe")
        paid.buy(f"s{number}", f"o-s{number}")
    paid.settle()
    assert count() == few <= 16


def test_the_same_statement_has_the_same_checksum_and_another_amount_another(paid: Mall) -> None:
    ann = paid.members["ann"]
    head = statement(member=ann, period=month_of(paid.at), at=clock.now())
    first = checksum(head=head)
    assert checksum(head=head) == first
    lines = [Line(AccountKind.REWARD_EXPENSE, 0, 1), Line(AccountKind.AVAILABLE, ann.pk, -1)]
    post_entries([Entry("grant", "one-more", paid.at, lines)])
    assert checksum(head=head) == first
    assert checksum(head=statement(member=ann, period=month_of(paid.at), at=clock.now())) != first
