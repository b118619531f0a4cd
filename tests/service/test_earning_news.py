"""What agents are told of their money: once each, in amounts that are the ledger's, and nothing of long ago."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from ledger.models import JournalEntry
from linkage.rules.plan import PROFILE_COMPLETED
from linkage.seed_tasks import note
from members.models import Member
from service import commands
from service.models import Message, Telling
from service.wording import body_of
from tests.factories import fresh
from tests.linkage.retail import a_sale, a_shopkeeper, an_earning_sku, receive, settle
from tests.linkage.stories import Mall, three_generations
from tests.orders.after_sale import call_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the one transaction of a test nothing is ever before the horizon."""
    monkeypatch.setattr("service.commands.earnings._horizon", lambda: 2**62)
    Telling.objects.create(name="ledger")


def told(member: Member) -> list[tuple[str, Any]]:
    rows = Message.objects.filter(member=member, kind="earnings").order_by("pk")
    return [(row.wording, row.words.get("amount_fen")) for row in rows]


def everything(mall: Mall) -> int:
    return commands.tell_earnings(at=mall.at)


def test_each_thing_is_told_once_with_the_amount_of_the_ledger() -> None:
    mall = Mall()
    three_generations(mall)
    everything(mall)
    ann, zoe = mall.members["ann"], mall.members["zoe"]
    assert told(ann) == [("reward_earned", 10_000)]
    earned = mall.balances("zoe")
    assert sum(amount for _, amount in told(zoe)) == earned.pending_fen + earned.held_fen
    assert everything(mall) == 0
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    everything(mall)
    assert told(ann)[1:] == [("earning_available", 10_000)]
    mall.refund("o-bob")
    mall.settle()
    everything(mall)
    assert told(ann)[2:] == [("earning_taken_back", 10_000)]


def test_a_message_leads_to_the_reward_that_it_is_about() -> None:
    mall = Mall()
    three_generations(mall)
    everything(mall)
    ann = mall.members["ann"]
    message = Message.objects.get(member=ann, wording="reward_earned")
    assert message.path.startswith("/agent/earnings/")
    client = Client()
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    assert "+¥100.00" in client.get(message.path).content.decode()
    listed = unescape(client.get("/messages?kind=earnings").content.decode())
    assert body_of("reward_earned", message.words) in listed
    assert client.get("/agent/notices/")["Location"] == "/messages?kind=earnings"


def test_a_release_and_a_lost_hold_are_told() -> None:
    mall = Mall()
    three_generations(mall)
    bob = mall.members["bob"]
    mall.receive("o-bob")
    note(member_id=bob.pk, shard=bob.shard, kind=PROFILE_COMPLETED, reached=1, at=mall.at)
    mall.settle()
    mall.pass_time(days=31)
    mall.settle()
    everything(mall)
    wordings = dict(told(mall.members["zoe"]))
    assert wordings["hold_forfeited"] > 0
    lost = sum(amount for wording, amount in told(mall.members["zoe"]) if wording == "hold_forfeited")
    assert lost == sum(
        -amount
        for entry in JournalEntry.objects.filter(kind="hold_expiry")
        for amount in entry.postings.filter(account_id=10).values_list("amount_fen", flat=True)
    )


def test_what_happened_long_ago_is_no_news() -> None:
    mall = Mall()
    three_generations(mall)
    mall.pass_time(days=4)
    assert everything(mall) == 0
    assert not Message.objects.filter(kind="earnings").exists()


def test_a_mall_that_begins_to_tell_tells_nothing_of_before() -> None:
    Telling.objects.all().delete()
    mall = Mall()
    three_generations(mall)
    assert commands.tell_earnings(at=mall.at) == 0
    assert Telling.objects.get(name="ledger").number == 2**62


def test_commissions_are_told_and_what_a_refund_takes_back() -> None:
    lin = a_shopkeeper()
    order = a_sale(lin, sku=an_earning_sku(price_fen=333, bps=1_234), quantity=3)
    at = order.placed_at
    commands.tell_earnings(at=at)
    call_off(fresh(order), 1, at=at + timedelta(hours=1))
    settle(at + timedelta(hours=1))
    commands.tell_earnings(at=at + timedelta(hours=1))
    assert told(lin) == [("commission_earned", 123), ("earning_taken_back", 41)]
    kept = a_sale(lin, at=at + timedelta(hours=2))
    receive(kept, at + timedelta(hours=3))
    settle(at + timedelta(days=8))
    commands.tell_earnings(at=at + timedelta(days=8))
    assert told(lin)[-1] == ("earning_available", 816)
    assert all(row.path.startswith("/agent/earnings/c/") for row in Message.objects.filter(member=lin))


def test_a_batch_goes_on_where_it_stopped() -> None:
    mall = Mall()
    three_generations(mall)
    commands.tell_earnings(at=mall.at, limit=1, batches=1)
    assert len(told(mall.members["zoe"])) <= 1
    commands.tell_earnings(at=mall.at, limit=1)
    one_by_one = sum(amount for _, amount in told(mall.members["zoe"]))
    balances = mall.balances("zoe")
    assert one_by_one == balances.pending_fen + balances.held_fen


def test_holds_and_tasks_that_are_due_soon_are_told_once() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    assert commands.tell_due_holds(at=mall.at) == 0
    mall.pass_time(days=28)
    assert commands.tell_due_holds(at=mall.at) > 0
    assert commands.tell_due_holds(at=mall.at) == 0
    zoe = Message.objects.filter(member=mall.members["zoe"], wording="hold_due")
    assert zoe.exists()
    assert "bob" not in str(list(zoe.values_list("words", flat=True)))
    due = Message.objects.get(member=mall.members["bob"], wording="task_due")
    assert "还差 1 项任务" in body_of("task_due", due.words)
    assert due.path == "/agent/tasks/"


def test_everybody_with_a_title_is_told_of_new_rules_in_parts() -> None:
    mall = Mall()
    three_generations(mall)
    assert commands.tell_rules(at=mall.at) == 0
    mall.pass_time(days=1)
    version = mall.publish({"name": "two"})
    assert sum(commands.tell_rules(at=mall.at, limit=2) for _ in range(9)) == 5
    assert commands.tell_rules(at=mall.at) == 0
    messages = Message.objects.filter(wording="rules_changed")
    assert {message.path for message in messages} == {f"/agent/rules/{version.version}/"}
    assert "生效，请阅读" in body_of("rules_changed", messages[0].words)
