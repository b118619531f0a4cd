"""What may stand in the way of a withdrawal, and the fee and tax that are worked out before it."""

import re
from datetime import timedelta

from linkage.commands import request_withdrawal
from mall.core import clock
from members.models import Member
from payouts.commands import place_hold, release_hold, set_policy
from payouts.models import Withdrawal
from tests.linkage.stories import Mall
from tests.payouts.people import payable, person
from tests.snapshots import nothing_changes

from .conftest import See, refusal_of

ACCOUNTS, WITHDRAW = "/agent/accounts/", "/agent/withdraw/"


def test_a_hold_refuses_and_tells_its_words(ann: Member, see: See) -> None:
    payable(ann, at=clock.now())
    operator = person("何琳", staff=True)
    place_hold(member_id=ann.pk, reason="同设备多账号", words="正在核对收款信息", by=operator, at=clock.now())
    page = see("ann").get(WITHDRAW).content.decode()
    assert "正在核查中" in page
    assert "正在核对收款信息" in page
    assert "同设备多账号" not in page
    assert "正在核对收款信息" in see("ann").get(ACCOUNTS).content.decode()
    assert refusal_of(ann) == "held"
    client = see("ann")
    with nothing_changes():
        assert client.post(WITHDRAW, {"amount": "50", "ticket": "x"}).status_code == 422
    release_hold(member_id=ann.pk, reason="核实无误", by=operator, at=clock.now())
    assert request_withdrawal(member=ann, amount_fen=5_000, at=clock.now()).state == "requested"


def test_the_limits_of_the_policy_refuse_what_is_above_them(ann: Member, see: See) -> None:
    payable(ann, at=clock.now())
    set_policy(starts_at=clock.now(), min_fen=1_000, fee_bps=60, tax_bps=0, day_count_max=2, day_fen_max=5_000)
    page = see("ann").get(WITHDRAW).content.decode()
    assert "每天最多 2 笔" in page
    assert "每天最多 ¥50.00" in page
    at = clock.now()
    assert refusal_of(ann, 5_001, at=at) == "day_amount"
    request_withdrawal(member=ann, amount_fen=2_000, at=at)
    assert refusal_of(ann, 3_001, at=at) == "day_amount"
    page = see("ann").get(WITHDRAW, {"amount": "40", "confirm": "1"}).content.decode()
    assert "今天还可提 ¥30.00" in page
    request_withdrawal(member=ann, amount_fen=1_000, at=at)
    assert refusal_of(ann, 1_000, at=at) == "day_count"
    assert refusal_of(ann, 6_000, at=at + timedelta(days=1)) == "day_amount"
    request_withdrawal(member=ann, amount_fen=1_000, at=at + timedelta(days=1))


def test_where_the_policy_says_so_one_waits_for_the_other(ann: Member) -> None:
    payable(ann, at=clock.now())
    set_policy(starts_at=clock.now(), min_fen=1_000, fee_bps=60, tax_bps=0, one_at_a_time=True)
    request_withdrawal(member=ann, amount_fen=2_000, at=clock.now())
    assert refusal_of(ann, 1_000) == "one_at_a_time"


# Tax


def test_the_working_is_shown_bound_and_kept(ann: Member, see: See, mall: Mall) -> None:
    payable(ann, at=clock.now())
    set_policy(starts_at=clock.now(), min_fen=1_000, fee_bps=60, tax_bps=0, tax_kind="per_payment")
    # Earlier this month 5,000 yuan went out, of which 799.99 of the 800 yuan due were withheld.
    now = clock.now()
    Withdrawal.objects.create(
        number="TXearlier",
        member=ann,
        shard=ann.shard,
        amount_fen=500_000,
        fee_bps=0,
        tax_bps=0,
        fee_fen=0,
        tax_fen=79_999,
        net_fen=420_001,
        requested_at=now,
    )
    client = see("ann")
    page = client.get(WITHDRAW, {"amount": "50", "confirm": "1"}).content.decode()
    for words in ("本月此前已提", "减除费用 20%", "应纳税所得额", "预扣率 20%", "此前已预扣", "¥5,050.00", "¥808.00"):
        assert words in page
    assert re.search(r"data-tax>¥8.01<", page)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    response = client.post(WITHDRAW, {"amount": "50", "ticket": ticket[1]})
    asked = Withdrawal.objects.latest("id")
    assert (asked.fee_fen, asked.tax_fen, asked.net_fen, asked.policy_version) == (30, 801, 4_169, 2)
    page = client.get(response["Location"]).content.decode()
    assert "此前已预扣" in page
    assert "¥808.00" in page
    page = client.get(ACCOUNTS).content.decode()
    assert "¥5,050.00" in page
    assert "¥808.00" in page


def test_a_tax_that_changed_since_it_was_shown_is_shown_again(ann: Member, see: See) -> None:
    payable(ann, at=clock.now())
    set_policy(starts_at=clock.now(), min_fen=1_000, fee_bps=0, tax_bps=0, tax_kind="per_payment")
    client = see("ann")
    page = client.get(WITHDRAW, {"amount": "50", "confirm": "1"}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    Withdrawal.objects.create(
        number="TXmeanwhile",
        member=ann,
        shard=ann.shard,
        amount_fen=100_000,
        fee_bps=0,
        tax_bps=0,
        fee_fen=0,
        tax_fen=4_000,
        net_fen=96_000,
        requested_at=clock.now(),
    )
    with nothing_changes():
        page = client.post(WITHDRAW, {"amount": "50", "ticket": ticket[1]}).content.decode()
    assert "服务费或个税刚有变化" in page
    assert re.search(r"data-tax>¥10.00<", page)
