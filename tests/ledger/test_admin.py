"""The books at /ops/: entries with their lines, statements, and the mall's own balances."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind, account_id
from mall.core.rights import REVIEW
from members.models import Member
from tests.factories import a_paid_order
from tests.operators import as_, operator, text
from tests.payouts.people import person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
ENTRIES, ACCOUNTS, BALANCES = "/ops/ledger/journalentry/", "/ops/ledger/account/", "/ops/ledger/balances/"


@pytest.fixture
def reader() -> Member:
    return operator("苏敏", REVIEW)


def reward(member: Member, amount_fen: int, order_id: int) -> int:
    return post_entry(
        Entry(
            "reward",
            str(order_id),
            AT,
            (
                Line(AccountKind.REWARD_EXPENSE, 0, amount_fen),
                Line(AccountKind.PENDING, member.pk, -amount_fen),
            ),
        )
    )


def test_an_entry_shows_its_lines_with_words_for_accounts_and_holders(reader):
    order = a_paid_order()
    member = person("周敏")
    entry = reward(member, 10_050, order.pk)
    page = text(as_(reader).get(f"{ENTRIES}{entry}/change/"))
    for words in ("奖励入账", order.number, "奖励支出", "待结算", "平台", "周敏", "¥100.50", "2026-06-01 12:00"):
        assert words in page


def test_entries_are_found_by_their_whole_reference_and_by_kind(reader):
    member = person("周敏")
    reward(member, 100, 501)
    reward(member, 200, 502)
    client = as_(reader)
    page = text(client.get(ENTRIES, {"q": "501"}))
    assert "¥1.00" in page
    assert "¥2.00" not in page
    assert "没有符合条件的记录" in text(client.get(ENTRIES, {"kind": "grant"}))


def test_the_accounts_of_a_member_are_found_by_public_id(reader):
    one, other = person("周敏"), person("陈立")
    reward(one, 100, 1)
    reward(other, 200, 2)
    page = text(as_(reader).get(ACCOUNTS, {"q": one.public_id}))
    assert "周敏" in page
    assert "陈立" not in page


def test_a_statement_is_read_from_the_newest_backwards(reader):
    member = person("周敏")
    for number in range(55):
        reward(member, 100 + number, number + 1)
    client = as_(reader)
    address = reverse("ops:ledger_account_change", args=[account_id(AccountKind.PENDING, member.pk)])
    first = text(client.get(address))
    assert "+¥1.54" in first
    assert "+¥1.04" not in first
    older = first.split('href="?before=')[1].split('"')[0]
    assert "+¥1.04" in text(client.get(address, {"before": older}))


def test_the_malls_own_accounts_stand_on_one_page(reader):
    a_paid_order()
    page = text(as_(reader).get(BALANCES))
    for words in ("渠道资金", "沙箱渠道", "销售收入", "应付供应商", "山里人", "¥68.00", "¥40.00", "会员账户合计"):
        assert words in page


@pytest.mark.parametrize("address", [ENTRIES, ACCOUNTS])
def test_a_list_counts_nothing_and_asks_as_much_for_many_rows_as_for_few(
    reader, address, django_assert_max_num_queries
):
    client = as_(reader)
    reward(person("周敏"), 100, 1)
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for number in range(8):
        reward(person(f"会员{number}"), 100, number + 2)
    with django_assert_max_num_queries(count) as second:
        client.get(address)
    table = "ledger_journalentry" if address == ENTRIES else "ledger_account"
    assert not [query["sql"] for query in second.captured_queries if "COUNT(" in query["sql"] and table in query["sql"]]


def test_a_statement_asks_a_fixed_number_of_questions(reader, django_assert_max_num_queries):
    member = person("周敏")
    reward(member, 100, 1)
    client = as_(reader)
    address = reverse("ops:ledger_account_change", args=[account_id(AccountKind.PENDING, member.pk)])
    client.get(address)
    with django_assert_max_num_queries(25) as first:
        client.get(address)
    count = len(first)
    for number in range(8):
        reward(member, 100, number + 2)
    with django_assert_max_num_queries(count):
        client.get(address)


def test_unknown_accounts_and_entries_lead_nowhere(reader):
    client = as_(reader)
    for address in (f"{ACCOUNTS}999/change/", f"{ENTRIES}999/change/", f"{ACCOUNTS}x/change/"):
        assert client.get(address).status_code == 302


def test_staff_without_a_group_and_members_see_no_books():
    staff, member = as_(operator("新同事")), as_(person("周敏"))
    for address in (ENTRIES, ACCOUNTS, BALANCES):
        assert staff.get(address).status_code == 403
        assert member.get(address).status_code == 302
