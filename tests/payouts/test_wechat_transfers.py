"""Merchant transfers between the mall and WeChat Pay's stand-in: sent is not received, and each ends once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test import Client

from linkage.models import LinkageEvent
from mall.core import clock
from payouts.commands import (
    AccountRefused,
    DecisionRefused,
    approve_withdrawal,
    place_hold,
    recall_withdrawal,
    release_withdrawal,
    remove_account,
    settle_sending,
)
from payouts.models import Withdrawal, WithdrawalState
from payouts.tasks import settle_unknown_payouts
from sandbox.payments import delivery
from sandbox.payments.models import TradeNotice, TradeTrouble, TransferBill
from sandbox.payments.wechat import bills, notices
from service.models import Message
from tests.snapshots import nothing_changes
from tests.stand_ins import point_to

from .people import asked_by_wechat, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]


@pytest.fixture(name="mall_url")
def _mall_url(live_server: Any, settings: Any) -> str:
    url: str = live_server.url
    point_to(settings, url)
    return url


def approved(amount_fen: int = 50_000) -> Withdrawal:
    withdrawal = asked_by_wechat(person("周舟"), amount_fen, at=clock.now())
    return approve_withdrawal(number=withdrawal.number, by=person("苏敏", staff=True), at=clock.now())


def released(amount_fen: int = 50_000) -> Withdrawal:
    return release_withdrawal(number=approved(amount_fen).number, by=person("陈立", staff=True), at=clock.now())


def fresh(withdrawal: Withdrawal) -> Withdrawal:
    return Withdrawal.objects.get(pk=withdrawal.pk)


def trouble(operation: str, kind: str, remaining: int = 1) -> None:
    TradeTrouble.objects.create(provider="wechat", operation=operation, kind=kind, remaining=remaining)


def decisions(withdrawal: Withdrawal) -> list[bool | None]:
    rows = LinkageEvent.objects.filter(kind="payout", reference=withdrawal.number)
    return list(rows.values_list("approved", flat=True))


def told(withdrawal: Withdrawal) -> list[str]:
    rows = Message.objects.filter(member_id=withdrawal.member_id).order_by("id")
    return list(rows.values_list("wording", flat=True))


def confirm(withdrawal: Withdrawal, mall_url: str, decision: str = "confirm") -> httpx.Response:
    """Open the provider's page as the payee does, and press a button there."""
    page = f"{mall_url}/sandbox/wechatpay/transfer?package={withdrawal.package}"
    with httpx.Client(timeout=10) as browser:
        assert browser.get(page).status_code == 200
        token = browser.cookies.get("csrftoken") or ""
        return browser.post(page, data={"decision": decision, "csrfmiddlewaretoken": token}, headers={"Referer": page})


def notice_of(withdrawal: Withdrawal) -> TradeNotice:
    return TradeNotice.objects.get(bill__number=withdrawal.number)


def post(mall_url: str, headers: dict[str, str], body: bytes) -> int:
    return httpx.post(f"{mall_url}/api/payouts/wechat/notice", content=body, headers=headers, timeout=10).status_code


def test_what_was_sent_waits_for_its_payee(mall_url: str) -> None:
    withdrawal = released(43_244)
    bill = TransferBill.objects.get()
    assert (withdrawal.state, withdrawal.provider_ref) == ("confirming", bill.reference)
    assert withdrawal.package == bill.package
    assert (bill.amount_fen, bill.openid, bill.payee_name) == (42_985, f"oPayee{withdrawal.member_id:016d}", "")
    assert decisions(withdrawal) == []
    assert told(withdrawal) == ["withdrawal_waits"]
    assert withdrawal.confirm_by is not None
    assert withdrawal.waiting_at is not None
    assert withdrawal.confirm_by - withdrawal.waiting_at == timedelta(hours=24)


def test_confirmed_it_arrives_once(mall_url: str) -> None:
    withdrawal = released()
    assert confirm(withdrawal, mall_url).status_code == 303
    assert fresh(withdrawal).state == WithdrawalState.PAID
    assert decisions(withdrawal) == [True]
    assert told(withdrawal) == ["withdrawal_waits", "withdrawal_paid"]
    confirm(withdrawal, mall_url)
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.PAID
    assert decisions(withdrawal) == [True]


def test_the_name_travels_sealed_from_two_thousand_yuan_on() -> None:
    released(201_208)
    assert TransferBill.objects.get().amount_fen == 200_001
    assert TransferBill.objects.get().payee_name == "林小满"


def test_unconfirmed_it_comes_back_once() -> None:
    withdrawal = released()
    TransferBill.objects.update(expires_at=clock.now())
    Withdrawal.objects.filter(pk=withdrawal.pk).update(confirm_by=clock.now())
    assert settle_unknown_payouts() == 1
    back = fresh(withdrawal)
    assert (back.state, back.reason) == ("returned", "24 小时内没有确认收款，转账已自动退回")
    assert decisions(withdrawal) == [False]
    assert told(withdrawal) == ["withdrawal_waits", "withdrawal_returned"]
    delivery.send_due_notices(at=clock.now())
    assert notice_of(withdrawal).acknowledged_at is not None
    assert settle_unknown_payouts() == 0
    assert decisions(withdrawal) == [False]


def test_after_it_came_back_nobody_can_confirm_it(mall_url: str) -> None:
    withdrawal = released()
    TransferBill.objects.update(expires_at=clock.now())
    confirm(withdrawal, mall_url)
    assert TransferBill.objects.get().state == "WAIT_USER_CONFIRM"
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.RETURNED


def test_an_account_that_cannot_take_money_gives_it_back_with_the_reason(mall_url: str) -> None:
    withdrawal = released()
    confirm(withdrawal, mall_url, "fail")
    assert (fresh(withdrawal).state, fresh(withdrawal).reason) == ("rejected", "渠道未能打款：ACCOUNT_FROZEN")
    assert decisions(withdrawal) == [False]


@pytest.mark.parametrize("kind", ["delayed", "repeated", "dropped", "forged"])
def test_a_notice_late_repeated_lost_or_forged_pays_once(mall_url: str, kind: str) -> None:
    trouble("pay_notice", kind)
    withdrawal = released()
    confirm(withdrawal, mall_url)
    if kind in ("delayed", "dropped"):
        assert fresh(withdrawal).state == WithdrawalState.CONFIRMING
        Withdrawal.objects.filter(pk=withdrawal.pk).update(asked_at=clock.now() - timedelta(minutes=11))
        assert settle_unknown_payouts() == 1
        delivery.send_due_notices(at=clock.now() + timedelta(minutes=1))
    assert fresh(withdrawal).state == WithdrawalState.PAID
    assert decisions(withdrawal) == [True]


def _forged(headers: dict[str, str], body: bytes) -> list[tuple[dict[str, str], bytes]]:
    return [
        ({}, body),
        (headers | {"Wechatpay-Signature": ""}, body),
        (headers, body + b" "),
        (headers, json.dumps(json.loads(body)).encode()),
        (headers | {"Wechatpay-Serial": "PUB_KEY_ID_0"}, body),
        (headers | {"Wechatpay-Timestamp": "soon"}, body),
        (headers | {"Wechatpay-Timestamp": str(int(clock.now().timestamp()) - 360)}, body),
    ]


def test_forged_notices_change_nothing(mall_url: str) -> None:
    trouble("pay_notice", "dropped")
    withdrawal = released()
    confirm(withdrawal, mall_url)
    headers, body = notices.sealed(notice_of(withdrawal), clock.now())
    with nothing_changes():
        for forged_headers, forged_body in _forged(headers, body):
            assert post(mall_url, forged_headers, forged_body) == 400
    assert fresh(withdrawal).state == WithdrawalState.CONFIRMING
    assert post(mall_url, headers, body) == 200
    assert fresh(withdrawal).state == WithdrawalState.PAID


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"mch_id": "1900000000"}, 400),
        ({"out_bill_no": "TX0000000000"}, 422),
        ({"transfer_amount": 49_701}, 422),
        ({"transfer_amount": 49_699}, 422),
        ({"openid": "oSomebodyElse"}, 422),
        ({"state": "WAIT_USER_CONFIRM"}, 400),
        ({"state": "DONE"}, 400),
        ({"transfer_amount": "49700"}, 400),
        ({"transfer_bill_no": None}, 400),
    ],
)
def test_a_signed_notice_about_something_else_changes_nothing(
    mall_url: str, changes: dict[str, Any], status: int
) -> None:
    trouble("pay_notice", "dropped")
    withdrawal = released()
    confirm(withdrawal, mall_url)
    notice = notice_of(withdrawal)
    notice.content |= changes
    with nothing_changes():
        assert post(mall_url, *notices.sealed(notice, clock.now())) == status
    assert fresh(withdrawal).state == WithdrawalState.CONFIRMING


def test_a_notice_about_a_withdrawal_that_was_never_sent_changes_nothing(mall_url: str) -> None:
    trouble("pay_notice", "dropped")
    sent, unsent = released(), approved()
    confirm(sent, mall_url)
    notice = notice_of(sent)
    notice.content |= {"out_bill_no": unsent.number, "openid": f"oPayee{unsent.member_id:016d}"}
    with nothing_changes():
        assert post(mall_url, *notices.sealed(notice, clock.now())) == 422


def test_a_late_success_after_the_return_changes_nothing(mall_url: str) -> None:
    """The provider would have to lie for this; the books stay, and the log says it."""
    withdrawal = released()
    TransferBill.objects.update(expires_at=clock.now())
    settle_sending(number=withdrawal.number, at=clock.now())
    notice = notice_of(withdrawal)
    notice.content |= {"state": "SUCCESS"}
    notice.content.pop("fail_reason")
    with nothing_changes():
        assert post(mall_url, *notices.sealed(notice, clock.now())) == 200
    assert fresh(withdrawal).state == WithdrawalState.RETURNED


def test_no_other_method_and_no_endless_body(mall_url: str) -> None:
    client = Client()
    assert client.get("/api/payouts/wechat/notice").status_code == 405
    assert client.post("/api/payouts/wechat/notice", b"x" * 70_000, content_type="text/plain").status_code == 413


@pytest.mark.parametrize("kind", ["lost_answer", "unavailable", "bad_signature"])
def test_an_unknown_outcome_is_asked_about_under_the_same_number(kind: str) -> None:
    trouble("pay", kind)
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    assert TransferBill.objects.count() == (0 if kind == "unavailable" else 1)
    settled = settle_sending(number=withdrawal.number, at=clock.now())
    assert settled.state == WithdrawalState.CONFIRMING
    assert settled.package == TransferBill.objects.get().package
    assert TransferBill.objects.count() == 1


def test_while_questions_are_not_answered_nothing_is_sent() -> None:
    trouble("pay", "unavailable")
    withdrawal = released()
    trouble("pay_query", "unavailable")
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.SENDING
    assert not TransferBill.objects.exists()


def test_a_refusal_for_now_is_tried_again_under_the_same_number() -> None:
    trouble("pay", "refused")
    withdrawal = released()
    assert withdrawal.state == WithdrawalState.SENDING
    assert settle_sending(number=withdrawal.number, at=clock.now()).state == WithdrawalState.CONFIRMING
    assert TransferBill.objects.get().number == withdrawal.number


def test_an_amount_too_small_for_the_provider_is_given_back() -> None:
    withdrawal = released(25)
    assert (withdrawal.state, withdrawal.reason) == ("rejected", "渠道未能打款：PARAM_ERROR")
    assert decisions(withdrawal) == [False]


def test_a_hold_stops_what_was_not_sent_and_what_is_to_be_sent_again() -> None:
    operator = person("何琳", staff=True)
    waiting = approved()
    place_hold(member_id=waiting.member_id, reason="设备异常", words="正在核查", by=operator, at=clock.now())
    with nothing_changes(), pytest.raises(DecisionRefused) as refused:
        release_withdrawal(number=waiting.number, by=operator, at=clock.now())
    assert refused.value.code == "held"
    trouble("pay", "unavailable")
    sending = released()
    place_hold(member_id=sending.member_id, reason="设备异常", words="正在核查", by=operator, at=clock.now())
    assert settle_sending(number=sending.number, at=clock.now()).state == WithdrawalState.SENDING
    assert not TransferBill.objects.exists()


def test_nothing_is_sent_to_a_wechat_that_is_no_longer_bound() -> None:
    withdrawal = approved()
    withdrawal.member.wechat.update(member=None)
    chen = person("陈立", staff=True)
    with nothing_changes(), pytest.raises(DecisionRefused) as refused:
        release_withdrawal(number=withdrawal.number, by=chen, at=clock.now())
    assert refused.value.code == "account_gone"


def test_an_account_stays_while_money_is_on_its_way() -> None:
    withdrawal = released()
    assert withdrawal.account_id is not None
    with nothing_changes(), pytest.raises(AccountRefused) as refused:
        remove_account(member=withdrawal.member, account_id=withdrawal.account_id, at=clock.now())
    assert refused.value.code == "in_use"


# Recalling


def test_an_unconfirmed_transfer_is_recalled_with_the_operators_words() -> None:
    withdrawal, operator = released(), person("何琳", staff=True)
    back = recall_withdrawal(number=withdrawal.number, by=operator, reason="账户核实中", at=clock.now())
    assert (back.state, back.reason, back.recalled_by) == ("returned", "账户核实中", operator)
    assert TransferBill.objects.get().state == "CANCELLED"
    assert decisions(withdrawal) == [False]


def test_what_was_confirmed_cannot_be_recalled(mall_url: str) -> None:
    trouble("pay_notice", "dropped")
    withdrawal = released()
    confirm(withdrawal, mall_url)
    after = recall_withdrawal(number=withdrawal.number, by=person("何琳"), reason="账户核实中", at=clock.now())
    assert after.state == WithdrawalState.PAID
    assert decisions(withdrawal) == [True]


def test_recalling_needs_a_reason_and_somebody_else_and_something_that_waits() -> None:
    withdrawal, other = released(), approved()
    he = person("何琳")
    for number, by, reason, code in (
        (withdrawal.number, he, " ", "no_reason"),
        (withdrawal.number, withdrawal.member, "不", "own"),
        (other.number, he, "不", "not_waiting"),
        ("TX0", he, "不", "unknown"),
    ):
        with nothing_changes(), pytest.raises(DecisionRefused) as refused:
            recall_withdrawal(number=number, by=by, reason=reason, at=clock.now())
        assert refused.value.code == code


# At once


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_confirmed_and_expired_at_once_ends_one_way(mall_url: str) -> None:
    for _ in range(4):
        withdrawal = released()
        bill = TransferBill.objects.get(number=withdrawal.number)
        soon = clock.now() + timedelta(seconds=5)
        TransferBill.objects.filter(pk=bill.pk).update(expires_at=soon)
        bill.refresh_from_db()

        def expire(bill: TransferBill = bill, at: Any = soon) -> object:
            ended = bills.end_if_due(bill, at=at)
            for notice in ended.notices.all():
                delivery.send_notice(notice=notice, at=at)
            return ended

        at_once(
            [
                lambda withdrawal=withdrawal: confirm(withdrawal, mall_url),
                expire,
                lambda withdrawal=withdrawal: settle_sending(number=withdrawal.number, at=clock.now()),
            ]
        )
        ended = settle_sending(number=withdrawal.number, at=clock.now())
        bill.refresh_from_db()
        assert (bill.state, ended.state) in (("SUCCESS", "paid"), ("FAIL", "returned"))
        assert decisions(withdrawal) == [ended.state == "paid"]
