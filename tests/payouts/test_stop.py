"""The switch that stops all payouts: one person stops, two let go, and nothing slips through meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from linkage.commands import WithdrawalRefused, request_withdrawal, settle_waiting
from mall.core import clock
from mall.core.rights import RELEASE, REVIEW, SERVICE
from members.models import Member
from payouts.commands import (
    DecisionRefused,
    HoldRefused,
    approve_withdrawal,
    ask_to_lift,
    lift_stop,
    reject_withdrawal,
    release_withdrawal,
    settle_sending,
    stop_payouts,
)
from payouts.gateways.sandbox import client
from payouts.models import PayoutStop, Withdrawal
from payouts.queries import payouts_stopped
from sandbox.models import SandboxTransfer, SandboxTrouble
from tests.operators import as_, operator, text
from tests.plans import planner
from tests.snapshots import nothing_changes

from .people import asked, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _planners() -> None:
    for name in ("plan-author", "plan-checker"):
        planner(name)


@pytest.fixture
def sandbox(live_server: LiveServer, settings: Settings) -> LiveServer:
    settings.SANDBOX_URL = f"{live_server.url}/sandbox"
    return live_server


def stop() -> PayoutStop:
    return stop_payouts(reason="账目要核对", by=planner(), at=clock.now())


def let_go() -> None:
    ask_to_lift(reason="核对完毕", by=planner(), at=clock.now())
    lift_stop(by=planner("plan-checker"), at=clock.now())


def approved() -> Withdrawal:
    withdrawal = asked(person("周舟"), at=clock.now())
    return approve_withdrawal(number=withdrawal.number, by=person("苏敏", staff=True), at=clock.now())


def test_nothing_is_approved_released_or_asked_for_while_it_stands(sandbox: LiveServer) -> None:
    waiting, ready = asked(person("周舟"), at=clock.now()), approved()
    by = person("陈立", staff=True)
    stop()
    settle_waiting(at=clock.now())
    with nothing_changes():
        with pytest.raises(DecisionRefused, match="暂停"):
            approve_withdrawal(number=waiting.number, by=by, at=clock.now())
        with pytest.raises(DecisionRefused, match="暂停"):
            release_withdrawal(number=ready.number, by=by, at=clock.now())
        with pytest.raises(WithdrawalRefused, match="平台暂停了提现"):
            request_withdrawal(member=person_with_name(), amount_fen=5_000, at=clock.now())
    assert not SandboxTransfer.objects.exists()
    let_go()
    assert release_withdrawal(number=ready.number, by=by, at=clock.now()).state == "paid"


def person_with_name() -> Member:
    return Member.objects.exclude(is_staff=True).earliest("pk")


def test_what_was_turned_down_goes_back_even_while_it_stands() -> None:
    waiting = asked(person("周舟"), at=clock.now())
    stop()
    after = reject_withdrawal(number=waiting.number, by=person("陈立", staff=True), reason="重复", at=clock.now())
    assert after.state == "rejected"


def test_one_person_stops_and_two_others_let_go() -> None:
    stop()
    with nothing_changes():
        with pytest.raises(HoldRefused, match="已经暂停"):
            stop()
        with pytest.raises(HoldRefused, match="还没有人申请"):
            lift_stop(by=planner("plan-checker"), at=clock.now())
    ask_to_lift(reason="核对完毕", by=planner(), at=clock.now())
    with nothing_changes(), pytest.raises(HoldRefused, match="另一位同事"):
        lift_stop(by=planner(), at=clock.now())
    assert payouts_stopped()
    lift_stop(by=planner("plan-checker"), at=clock.now())
    assert not payouts_stopped()
    with nothing_changes(), pytest.raises(HoldRefused, match="没有暂停"):
        ask_to_lift(reason="x", by=planner(), at=clock.now())


def test_a_reason_and_the_right_are_needed() -> None:
    stranger = operator("何琳", SERVICE)
    with nothing_changes():
        with pytest.raises(HoldRefused, match="原因"):
            stop_payouts(reason="  ", by=planner(), at=clock.now())
        with pytest.raises(HoldRefused, match="权限"):
            stop_payouts(reason="x", by=stranger, at=clock.now())


def test_the_database_keeps_one_stop_that_two_people_lift() -> None:
    placed = stop()
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutStop.objects.create(reason="x", stopped_by=planner(), stopped_at=clock.now())
    rows = PayoutStop.objects.filter(pk=placed.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(lifted_at=clock.now(), lifted_by=planner())
    ask_to_lift(reason="x", by=planner(), at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(lifted_at=clock.now(), lifted_by=planner())


def test_stopping_waits_for_what_is_being_sent_and_nobody_begins_after_it(sandbox: LiveServer, monkeypatch) -> None:
    first, second = approved(), approved()
    by = person("陈立", staff=True)
    sending, go_on = Event(), Event()
    send = client.SandboxTransfers.send

    def slow(self, **sent):
        sending.set()
        assert go_on.wait(20)
        return send(self, **sent)

    monkeypatch.setattr(client.SandboxTransfers, "send", slow)

    def apart(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        released = pool.submit(apart, lambda: release_withdrawal(number=first.number, by=by, at=clock.now()))
        assert sending.wait(20)
        stopping = pool.submit(apart, stop)
        with pytest.raises(TimeoutError):
            stopping.result(timeout=0.5)
        go_on.set()
        assert released.result(timeout=20).state == "paid"
        stopping.result(timeout=20)
        with pytest.raises(DecisionRefused, match="暂停"):
            release_withdrawal(number=second.number, by=by, at=clock.now())
    assert SandboxTransfer.objects.count() == 1


def test_a_transfer_that_got_lost_is_sent_again_only_after_the_stop(sandbox: LiveServer) -> None:
    number = approved().number
    SandboxTrouble.objects.create(operation="transfer", kind="unavailable", remaining=1)
    lost = release_withdrawal(number=number, by=person("陈立", staff=True), at=clock.now())
    assert lost.state == "sending"
    stop()
    later = clock.now() + timedelta(minutes=5)
    assert settle_sending(number=number, at=later).state == "sending"
    assert not SandboxTransfer.objects.exists()
    let_go()
    assert settle_sending(number=number, at=later).state == "paid"
    assert SandboxTransfer.objects.count() == 1


# Pages

PAGE = "/ops/payouts/stop/"


def test_the_switch_is_used_at_its_page_and_told_on_every_other() -> None:
    first, second = as_(operator("沈初审", REVIEW)), as_(operator("陆复核", RELEASE))
    assert "打款正常" in text(first.get(PAGE))
    assert "打款已全部暂停" in text(first.post(f"{PAGE}place/", {"reason": "核对账目"}, follow=True))
    assert "打款已全部暂停" in text(second.get("/ops/"))
    assert "打款已全部暂停" in text(second.get("/ops/orders/order/"))
    first.post(f"{PAGE}ask/", {"reason": "没问题"})
    assert "须由另一位同事确认" in text(first.get(PAGE))
    with nothing_changes():
        assert "须由另一位同事确认" in text(first.post(f"{PAGE}lift/"))
    assert "打款已恢复" in text(second.post(f"{PAGE}lift/", follow=True))
    assert "核对账目" in text(second.get(PAGE))


def test_who_may_not_use_it_reads_it_at_most() -> None:
    keeper = as_(operator("何琳", SERVICE))
    assert keeper.get(PAGE).status_code == 200
    with nothing_changes():
        for act in ("place/", "ask/", "lift/"):
            assert keeper.post(f"{PAGE}{act}", {"reason": "x"}).status_code == 403
    assert as_(operator("新同事")).get(PAGE).status_code == 403
    assert as_(person("周舟")).get(PAGE).status_code == 302
