"""A later run never doubles a hit; people decide with a reason, hold payouts and let them go; rules have versions."""

import pytest
from django.db import connection

from mall.core.rights import PLANS, RELEASE, REVIEW, SERVICE
from members.commands import see_marks, sweep_marks
from members.models import AccessMark, Member
from orders.commands import start_payment
from orders.gateways import Payer
from payouts.models import PayoutHold
from risk.commands import RiskRefused, decide_hit, scan, set_rule
from risk.models import Evidence, Hit, HitState, Note, RuleVersion, SignalKind
from risk.queries import cards, rule_in_force
from tests.factories import a_member, a_placed_order
from tests.operators import as_, operator, text
from tests.risk.crowd import AT, ago, came_from, found, recruits, shown
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_member(nickname="周岚", at=ago(days=100))


@pytest.fixture
def hit(owner: Member) -> Hit:
    for member in recruits(owner, 2):
        came_from(member, device="the same phone")
    scan(at=AT)
    return Hit.objects.get()


def test_a_later_run_adds_evidence_and_never_a_second_hit(owner: Member, hit: Hit) -> None:
    assert scan(at=AT) == 0
    (third,) = recruits(owner, 1, at=ago(days=8))
    came_from(third, device="the same phone")
    assert scan(at=AT) == 0
    grown = Hit.objects.get()
    assert (grown.pk, grown.value, grown.state, grown.grew_at) == (hit.pk, 3, HitState.OPEN, None)
    assert len(shown(grown)) == 3


def test_what_was_decided_stays_decided_and_says_when_more_was_found(owner: Member, hit: Hit) -> None:
    by = operator("苏敏", REVIEW)
    decide_hit(hit_id=hit.pk, state=HitState.FALSE_ALARM, reason="一家人", by=by, at=AT)
    scan(at=AT)
    assert Hit.objects.get().grew_at is None
    came_from(recruits(owner, 1, at=ago(days=8))[0], device="the same phone")
    scan(at=AT)
    after = Hit.objects.get()
    assert (after.state, after.grew_at) == (HitState.FALSE_ALARM, AT)


def test_a_hit_is_decided_once_with_a_reason_and_by_nobody_about_themselves(owner: Member, hit: Hit) -> None:
    by = operator("苏敏", REVIEW)
    for state, reason, who in (
        (HitState.CONFIRMED, " ", by),
        (HitState.OPEN, "看过了", by),
        (HitState.CONFIRMED, "看过了", owner),
    ):
        with nothing_changes(), pytest.raises(RiskRefused):
            decide_hit(hit_id=hit.pk, state=state, reason=reason, by=who, at=AT)
    decide_hit(hit_id=hit.pk, state=HitState.CONFIRMED, reason="同一部手机轮流登录", by=by, at=AT)
    with nothing_changes(), pytest.raises(RiskRefused):
        decide_hit(hit_id=hit.pk, state=HitState.FALSE_ALARM, reason="又想了想", by=by, at=AT)
    (card,) = [card for card in cards() if card.rule.kind == SignalKind.SAME_DEVICE]
    assert (card.open, card.confirmed, card.false_alarms, card.false_percent) == (0, 1, 0, 0)


def test_a_rule_that_is_off_finds_nothing_and_a_threshold_is_a_version(owner: Member) -> None:
    by = operator("总管", PLANS)
    for member in recruits(owner, 2):
        came_from(member, device="the same phone")
    kind = SignalKind.SAME_DEVICE.value
    set_rule(kind=kind, is_on=False, threshold=2, reason="先停几天", by=by, at=AT)
    assert scan(at=AT) == 0
    set_rule(kind=kind, is_on=True, threshold=3, reason="误报多", by=by, at=AT)
    assert scan(at=AT) == 0
    set_rule(kind=kind, is_on=True, threshold=2, reason="调回来", by=by, at=AT)
    assert scan(at=AT) == 1
    assert Hit.objects.get().rule_version == 3
    assert list(RuleVersion.objects.order_by("version").values_list("version", "threshold")) == [(1, 2), (2, 3), (3, 2)]


@pytest.mark.parametrize(
    ("kind", "threshold", "reason"),
    [
        ("same_device", 1, "太低"),
        ("same_device", 51, "太高"),
        ("same_device", 2, "没有变化"),
        ("same_device", 3, " "),
        ("no_such_rule", 3, "没有"),
    ],
)
def test_a_rule_is_not_set_to_what_makes_no_sense(kind: str, threshold: int, reason: str) -> None:
    by = operator("总管", PLANS)
    with nothing_changes(), pytest.raises(RiskRefused):
        set_rule(kind=kind, is_on=True, threshold=threshold, reason=reason, by=by, at=AT)


def test_who_pays_with_wechat_is_kept_as_a_hash_that_tells_nothing() -> None:
    marks = [
        start_payment(
            purchase=a_placed_order(at=AT).purchase,
            provider="wechat",
            at=AT,
            payer=Payer(openid=openid, is_wechat=True),
        ).payer_mark
        for openid in ("oPayer0001", "oPayer0001", "oPayer0002")
    ]
    assert marks[0] == marks[1] != marks[2]
    assert len(marks[0]) == 64
    assert "oPayer" not in marks[0]


def test_a_device_is_marked_by_a_cookie_and_kept_as_a_hash_only() -> None:
    member = a_member(at=ago(days=3))
    client = as_(member)
    client.get("/me/")
    token = client.cookies["device"]
    assert token["httponly"]
    marks = AccessMark.objects.filter(member=member)
    assert sorted(marks.values_list("kind", flat=True)) == ["device", "network"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_accessmark WHERE mark = %s", [token.value])
        assert cursor.fetchone() == (0,)


def test_marks_are_forgotten_after_half_a_year() -> None:
    member = a_member(at=ago(days=300))
    see_marks(member=member, device="old", network="", at=ago(days=181))
    see_marks(member=member, device="new", network="", at=ago(days=179))
    assert sweep_marks(at=AT) == 1
    assert AccessMark.objects.get(member=member).seen_at == ago(days=179)


def test_the_cards_lead_to_the_hits_and_the_case_file_shows_the_evidence(owner: Member, hit: Hit) -> None:
    client = as_(operator("苏敏", REVIEW))
    page = text(client.get("/ops/risk/rules/"))
    assert "推荐的人共用设备" in page
    assert 'href="/ops/risk/hit/?kind__exact=same_device&amp;state__exact=open"' in page
    listed = text(client.get("/ops/risk/hit/?kind__exact=same_device&state__exact=open"))
    assert f"/ops/risk/hit/{hit.pk}/change/" in listed
    case = text(client.get(f"/ops/risk/hit/{hit.pk}/change/"))
    assert "新人0" in case
    assert "推荐人 周岚" in case


def test_a_case_is_noted_held_released_and_decided_on_its_page(owner: Member, hit: Hit) -> None:
    client, page = as_(operator("苏敏", REVIEW)), f"/ops/risk/hit/{hit.pk}"
    assert client.post(f"{page}/note/", {"text": "打了电话，说是姐妹"}).status_code == 302
    held = client.post(f"{page}/hold/", {"reason": "同一部手机", "words": "正在核对账号信息"})
    assert held.status_code == 302
    hold = PayoutHold.objects.get()
    assert (hold.member_id, hold.words) == (owner.pk, "正在核对账号信息")
    again = client.post(f"{page}/hold/", {"reason": "再停一次", "words": "正在核对"})
    assert "已经暂停" in text(again)
    assert client.post(f"{page}/release/", {"reason": ""}).status_code == 200
    assert PayoutHold.objects.get().released_at is None
    assert client.post(f"{page}/release/", {"reason": "核对无误"}).status_code == 302
    assert client.post(f"{page}/decide/", {"state": "false_alarm", "reason": "姐妹合用"}).status_code == 302
    assert Hit.objects.get().state == HitState.FALSE_ALARM
    assert [note.text for note in Note.objects.order_by("pk")] == [
        "打了电话，说是姐妹",
        "暂停提现：同一部手机",
        "恢复提现：核对无误",
    ]


@pytest.mark.parametrize("act", ["decide", "note", "hold", "release"])
def test_who_has_no_right_does_nothing(hit: Hit, act: str) -> None:
    client = as_(operator("小林", SERVICE))
    with nothing_changes():
        answer = client.post(
            f"/ops/risk/hit/{hit.pk}/{act}/",
            {"state": "confirmed", "reason": "x", "text": "x", "words": "x"},
        )
    assert answer.status_code == 403


def test_only_who_may_sets_a_rule(hit: Hit) -> None:
    address, data = "/ops/risk/rules/same_device/", {"is_on": "on", "threshold": "4", "reason": "误报多"}
    for group in (REVIEW, RELEASE, SERVICE):
        assert as_(operator("同事", group)).post(address, data).status_code == 403
    assert rule_in_force("same_device").version == 0
    client = as_(operator("总管", PLANS))
    assert "阈值须在" in text(client.post(address, {**data, "threshold": "0"}))
    assert client.post(address, data).status_code == 302
    assert rule_in_force("same_device").threshold == 4
    assert client.get("/ops/risk/rules/nonsense/").status_code == 404
    assert client.get("/ops/risk/hit/99999999/change/").status_code == 404
    assert Evidence.objects.count() == 2


def test_the_list_of_hits_asks_the_same_number_of_questions_however_long_it_is(
    owner: Member, hit: Hit, django_assert_max_num_queries
) -> None:
    for n in range(12):
        for member in recruits(owner, 2, at=ago(days=20 - n)):
            came_from(member, device=f"phone {n}")
    scan(at=AT)
    assert len(found(SignalKind.SAME_DEVICE)) == 13
    client = as_(operator("苏敏", REVIEW))
    with django_assert_max_num_queries(24):
        client.get("/ops/risk/hit/?state__exact=open")
