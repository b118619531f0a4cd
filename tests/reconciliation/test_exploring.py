"""The ledger explorer: what people know leads to entries, each proved; pages go on from an entry and count nothing."""

from typing import Any

import pytest
from django.db import connection

from ledger.commands import chain_entries, publish_root
from ledger.models import AccountKind, JournalEntry
from ledger.queries import holder_flaws
from mall.core.rights import SERVICE
from members.models import Member
from orders.models import Refund
from reconciliation.exploring import entries_page, meaning
from tests.factories import later
from tests.operators import as_, operator, text
from tests.reconciliation.test_splitting import Story

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/ops/ledger/explore/"


@pytest.fixture
def story(settings: Any) -> Story:
    settings.PAYOUT_GATEWAY = ""
    return Story()


def kinds(word: str, **more: Any) -> set[str]:
    return {entry.kind for entry in entries_page(meant=meaning(word), **more)}


def test_numbers_that_people_know_lead_to_their_entries(story: Story) -> None:
    story.receive_all()
    withdrawal = story.withdraw(story.ann, 5_000)
    order = story.order
    payment = order.purchase.payments.get()
    assert kinds(order.number) == {"payment", "reward", "mature"}
    assert kinds(order.purchase.number) == {"payment"}
    assert kinds(payment.number) == {"payment"}
    assert kinds(withdrawal.number) == {"withdrawal", "payout"}
    assert Refund.objects.count() == 0
    first = JournalEntry.objects.order_by("id").first()
    assert first is not None
    assert [entry.pk for entry in entries_page(meant=meaning(f"#{first.pk}"))] == [first.pk]


def test_a_phone_its_tail_and_a_members_number_lead_to_a_members_entries(story: Story) -> None:
    story.receive_all()
    phone = str(story.ann.phone)
    whole = kinds(phone.removeprefix("+86"))
    assert {"reward", "mature"} <= whole
    assert kinds(phone[-4:]) >= whole
    assert kinds(story.ann.public_id) == whole
    assert kinds(story.ann.public_id, kind="mature") == {"mature"}
    assert kinds(story.ann.public_id, account_kind=AccountKind.WITHDRAWING) == set()


@pytest.mark.parametrize("word", ["HJ404", "0000", "#0", "#" + "9" * 30, "%", "' OR 1=1", "\x00", "１２３４"])
def test_what_leads_nowhere_finds_nothing(word: str, story: Story) -> None:
    client = as_(operator("小店", SERVICE))
    answer = client.get(ADDRESS, {"q": word})
    assert answer.status_code == 200
    assert "没有这个单号或会员" in text(answer) or "没有符合条件的凭证" in text(answer)
    assert not entries_page(meant=meaning(word)) or not meaning(word).is_something


def test_pages_go_on_from_an_entry_and_lose_none(story: Story) -> None:
    story.receive_all()
    seen: list[int] = []
    before = None
    while page := entries_page(meant=None, before=before, limit=4):
        seen += [entry.pk for entry in page[:4]]
        if len(page) <= 4:
            break
        before = page[3].pk
    assert seen == list(JournalEntry.objects.order_by("-pk").values_list("pk", flat=True))
    mine: list[int] = []
    before, meant = None, meaning(story.zoe.public_id)
    while page := entries_page(meant=meant, before=before, limit=2):
        mine += [entry.pk for entry in page[:2]]
        if len(page) <= 2:
            break
        before = page[1].pk
    of_zoe = JournalEntry.objects.filter(postings__account__holder_id=story.zoe.pk, postings__account__kind__lte=5)
    assert mine == list(of_zoe.order_by("-pk").distinct().values_list("pk", flat=True))


def test_an_entry_that_does_not_add_up_and_a_changed_past_are_seen(story: Story) -> None:
    chain_entries()
    publish_root(at=later(hours=1))
    client = as_(operator("小店", SERVICE))
    page = text(client.get(ADDRESS, {"q": story.ann.public_id}))
    assert "逐张重算，与入链时一致" in page
    assert "不平" not in page
    assert holder_flaws(holder_id=story.ann.pk)[1] == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_posting SET amount_fen = amount_fen - 1 WHERE account_id = %s", [story.ann.pk * 32 + 1]
        )
        cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER USER")
    page = text(client.get(ADDRESS, {"q": story.ann.public_id}))
    assert "处和入链时不一样" in page
    assert "不平" in page
    assert len(holder_flaws(holder_id=story.ann.pk)[1]) > 0


def test_bad_filters_say_so_and_find_nothing(story: Story) -> None:
    client = as_(operator("小店", SERVICE))
    for bad in ({"kind": "magic"}, {"account": "99"}, {"since": "soon"}, {"before": "-1"}, {"before": "x"}):
        answer = client.get(ADDRESS, bad)
        assert answer.status_code == 200
        assert "没有符合条件的凭证" in text(answer)
    assert as_(operator("新人")).get(ADDRESS).status_code == 403


def test_the_page_asks_a_fixed_number_of_questions(story: Story, django_assert_max_num_queries: Any) -> None:
    client = as_(operator("小店", SERVICE))
    client.get(ADDRESS, {"q": f"#{JournalEntry.objects.latest('id').pk}"})
    with django_assert_max_num_queries(34) as first:
        client.get(ADDRESS, {"q": f"#{JournalEntry.objects.latest('id').pk}"})
    with django_assert_max_num_queries(len(first) + 3):
        client.get(ADDRESS)
    assert Member.objects.count() > 5
