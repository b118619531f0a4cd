"""Asking for a withdrawal: what is shown before, what is asked for, and what changes nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from agents.forms import fen_from
from ledger.models import JournalEntry
from linkage.models import LinkageEvent
from mall.core import clock
from payouts.commands import approve_withdrawal, reject_withdrawal, set_policy
from payouts.models import Withdrawal
from tests.linkage.stories import Mall, three_generations
from tests.payouts.people import person

from .conftest import See

PAGE = "/agent/withdraw/"


@pytest.fixture
def rich(mall: Mall) -> Mall:
    """ann has 100 yuan available, and zoe held and pending money besides."""
    three_generations(mall)
    for number in ("o-bob", "o-y1", "o-y2"):
        mall.receive(number)
    mall.pass_time(days=8)
    mall.settle()
    assert mall.balances("ann").available_fen == 10_000
    mall.payable("ann")
    return mall


def everything() -> list[Any]:
    return [
        list(Withdrawal.objects.order_by("pk").values_list()),
        list(LinkageEvent.objects.order_by("pk").values_list()),
        list(JournalEntry.objects.order_by("pk").values_list("kind", "reference")),
    ]


def ticket_for(client: Client, amount: str) -> str:
    response = client.get(PAGE, {"amount": amount, "confirm": "1"})
    found = re.search(r'name="ticket" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def test_minimum_fee_tax_and_net_are_shown_before(rich: Mall, see: See) -> None:
    set_policy(starts_at=clock.now(), min_fen=2_000, fee_bps=60, tax_bps=150)
    body = see("ann").get(PAGE).content.decode()
    assert "¥20.00 起" in body
    assert re.search(r"data-gross>¥100.00<", body)
    assert re.search(r"data-fee>¥0.60<", body)
    assert re.search(r"data-tax>¥1.50<", body)
    assert "0.6%" in body
    assert "付款政策 v2" in body
    assert not Withdrawal.objects.exists()


def test_an_amount_is_confirmed_and_asked_for(rich: Mall, see: See) -> None:
    client = see("ann")
    page = client.get(PAGE, {"amount": "43.21", "confirm": "1"}).content.decode()
    assert "确认提现 ¥43.21" in page
    response = client.post(PAGE, {"amount": "43.21", "ticket": ticket_for(client, "43.21")})
    withdrawal = Withdrawal.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/agent/withdrawals/{withdrawal.number}/"
    assert (withdrawal.amount_fen, withdrawal.fee_fen, withdrawal.net_fen) == (4_321, 25, 4_296)
    assert mall_balances(rich) == (5_679, 4_321)
    assert "等待初审" in client.get(response["Location"]).content.decode()
    rich.at = clock.now()
    rich.prove()


def mall_balances(mall: Mall) -> tuple[int, int]:
    balances = mall.balances("ann")
    return balances.available_fen, balances.withdrawing_fen


def test_sending_it_twice_asks_once(rich: Mall, see: See) -> None:
    client = see("ann")
    sent = {"amount": "30", "ticket": ticket_for(client, "30")}
    first, second = client.post(PAGE, sent), client.post(PAGE, sent)
    assert first["Location"] == second["Location"]
    assert Withdrawal.objects.count() == 1
    assert mall_balances(rich) == (7_000, 3_000)


def test_sending_all_of_it_twice_asks_once(rich: Mall, see: See) -> None:
    client = see("ann")
    sent = {"amount": "100", "ticket": ticket_for(client, "100")}
    assert client.post(PAGE, sent)["Location"] == client.post(PAGE, sent)["Location"]
    assert mall_balances(rich) == (0, 10_000)


def test_a_second_one_beside_a_waiting_one_is_possible(rich: Mall, see: See) -> None:
    client = see("ann")
    for amount in ("30", "40"):
        client.post(PAGE, {"amount": amount, "ticket": ticket_for(client, amount)})
    assert mall_balances(rich) == (3_000, 7_000)


@pytest.mark.parametrize(
    "amount",
    [
        "0.009",
        "0",
        "-100",
        "9.99",
        "100.01",
        "99999999999",
        "1e3",
        "NaN",
        "Infinity",
        "12.345",
        "1,00",
        "0x20",
        "５０.５.",
        "",
        " ",
        "50\x00",
        "五十",
        "50 元",
        "9" * 200,
    ],
)
def test_a_bad_amount_changes_nothing(rich: Mall, see: See, amount: str) -> None:
    client = see("ann")
    ticket = ticket_for(client, "100")
    before = everything()
    for sent in (
        {"amount": amount, "ticket": ticket},
        {"amount": amount},
        {"amount": [amount, "50"], "ticket": ticket},
    ):
        response = client.post(PAGE, sent)
        assert response.status_code in (200, 422)
    assert client.get(PAGE, {"amount": amount, "confirm": "1"}).status_code == 200
    assert everything() == before


def test_money_that_is_held_or_pending_cannot_be_had(rich: Mall, see: See) -> None:
    balances = rich.balances("zoe")
    assert balances.held_fen
    total = balances.available_fen + balances.held_fen + balances.pending_fen
    client = see("zoe")
    before = everything()
    for fen in (balances.available_fen + 1, total):
        response = client.post(PAGE, {"amount": f"{fen // 100}.{fen % 100:02d}", "ticket": "x"})
        assert response.status_code == 422
        assert "超过可提现余额" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c", "W10:1u:xx"])
def test_without_the_confirmation_nothing_is_asked_for(rich: Mall, see: See, ticket: str) -> None:
    before = everything()
    response = see("ann").post(PAGE, {"amount": "50", "ticket": ticket})
    assert response.status_code == 200
    assert "确认提现 ¥50.00" in response.content.decode()
    assert everything() == before


def test_a_ticket_is_good_for_its_member_amount_and_terms_only(rich: Mall, see: See) -> None:
    client = see("ann")
    ticket = ticket_for(client, "50")
    before = everything()
    client.post(PAGE, {"amount": "60", "ticket": ticket})
    see("zoe").post(PAGE, {"amount": "50", "ticket": ticket})
    set_policy(starts_at=clock.now(), min_fen=1_000, fee_bps=600, tax_bps=0)
    response = client.post(PAGE, {"amount": "50", "ticket": ticket})
    assert "服务费或个税刚有变化，请核对后再确认" in response.content.decode()
    assert everything() == before


def test_fields_that_are_no_business_of_the_form_are_ignored(rich: Mall, see: See) -> None:
    client = see("ann")
    sent = {
        "amount": "50",
        "ticket": ticket_for(client, "50"),
        "member": rich.members["zoe"].pk,
        "fee_bps": 0,
        "net_fen": 9,
    }
    client.post(PAGE, sent | {"state": "paid", "approved_by": rich.members["ann"].pk})
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.member_id, withdrawal.state, withdrawal.fee_fen) == (rich.members["ann"].pk, "requested", 30)


def test_a_member_that_was_switched_off_asks_for_nothing(rich: Mall, see: See) -> None:
    client = see("ann")
    ticket = ticket_for(client, "50")
    member = rich.members["ann"]
    member.is_active = False
    member.save(update_fields=["is_active"])
    before = everything()
    assert client.post(PAGE, {"amount": "50", "ticket": ticket}).status_code in (302, 403)
    assert everything() == before


def test_a_forged_request_from_another_site_is_refused(rich: Mall, see: See) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rich.members["ann"], backend="django.contrib.auth.backends.ModelBackend")
    before = everything()
    assert client.post(PAGE, {"amount": "50"}).status_code == 403
    assert everything() == before


def test_only_get_and_post_are_answered(rich: Mall, see: See) -> None:
    for method in ("put", "delete", "patch"):
        assert getattr(see("ann"), method)(PAGE).status_code == 405
    assert see("ann").post("/agent/earnings/").status_code == 405


def test_nobody_sees_the_withdrawal_of_another(rich: Mall, see: See) -> None:
    client = see("ann")
    address = client.post(PAGE, {"amount": "50", "ticket": ticket_for(client, "50")})["Location"]
    assert client.get(address).status_code == 200
    assert see("zoe").get(address).status_code == 404
    number = Withdrawal.objects.get().number
    assert number not in see("zoe").get("/agent/withdrawals/").content.decode()
    assert client.get("/agent/withdrawals/TX0/").status_code == 404


def test_the_member_reads_the_reviewers_words_and_gets_the_money_back(rich: Mall, see: See) -> None:
    client = see("ann")
    address = client.post(PAGE, {"amount": "50", "ticket": ticket_for(client, "50")})["Location"]
    number = Withdrawal.objects.get().number
    approve_withdrawal(number=number, by=person("苏敏", staff=True), at=clock.now())
    page = client.get(address).content.decode()
    assert "等待复核" in page
    assert "苏**" in page
    assert "苏敏" not in page
    words = "收款账户与实名不一致 <b>请核对</b>"
    reject_withdrawal(number=number, by=person("陈立", staff=True), reason=words, at=clock.now())
    rich.at = clock.now()
    rich.settle()
    page = client.get(address).content.decode()
    assert "收款账户与实名不一致 &lt;b&gt;请核对&lt;/b&gt;" in page
    assert "退回可提现" in page
    assert mall_balances(rich) == (10_000, 0)
    assert "被驳回" in client.get("/agent/").content.decode()


def test_the_list_turns_its_pages(rich: Mall, see: See) -> None:
    rich.payable("zoe")
    client = see("zoe")
    for _ in range(22):
        client.post(PAGE, {"amount": "10", "ticket": ticket_for(client, "10")})
    first = client.get("/agent/withdrawals/").content.decode()
    more = re.search(r'href="(\?before=[0-9]+)"', first)
    assert more is not None
    second = client.get(f"/agent/withdrawals/{more[1]}").content.decode()
    numbers = re.findall(r"/agent/withdrawals/(TX[0-9]+)/", first + second)
    assert len(set(numbers)) == len(numbers) == 22


@pytest.mark.parametrize(
    ("text", "fen"),
    [("432.44", 43_244), ("10", 1_000), ("10.5", 1_050), ("¥ 1,000.00", 100_000), ("１２．３", 1_230), (" 0.01 ", 1)],
)
def test_amounts_are_read_as_people_type_them(text: str, fen: int) -> None:
    assert fen_from(text) == fen
