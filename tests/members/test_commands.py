from datetime import date, timedelta

import pytest

from ledger.models import JournalEntry
from linkage.models import LinkageEvent
from members import queries
from members.commands import (
    JoinRefused,
    NewMember,
    ProfileRefused,
    create_operator,
    delete_address,
    import_members,
    record_touch,
    record_visit,
    register_member,
    register_members,
    rename_member,
    save_address,
)
from members.models import Address, DayVisit, Member
from tests.factories import AT, a_member, a_phone, address_text, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_recruit_is_bound_to_its_referrer_and_stands_in_the_same_shard() -> None:
    referrer = a_member()
    recruit = a_member(referrer=referrer)

    stored = Member.objects.get(pk=recruit.pk)
    assert stored.referrer == referrer
    assert stored.shard == referrer.shard
    assert stored.phone_verified
    assert not stored.has_usable_password()
    assert stored.referral_code not in (referrer.referral_code, str(stored.pk), stored.public_id)


def test_joining_is_told_to_settlement_once() -> None:
    member = a_member()
    assert list(LinkageEvent.objects.filter(member_id=member.pk).values_list("kind", flat=True)) == ["join"]


def test_a_phone_joins_once() -> None:
    phone = a_phone()
    register_member(phone=phone, nickname="", referrer=None, at=AT)
    with nothing_changes(), pytest.raises(JoinRefused):
        register_member(phone=phone, nickname="", referrer=None, at=AT)


def test_many_join_in_one_call_and_may_refer_to_earlier_rows() -> None:
    root = a_member()
    rows = [
        NewMember(public_id="m1", referrer=root.public_id, joined_at=AT),
        NewMember(public_id="m2", referrer="m1", joined_at=later(seconds=1)),
        NewMember(public_id="m3"),
    ]
    first, second, third = register_members(rows, at=AT)

    assert first.referrer_id == root.pk
    assert second.referrer_id == first.pk
    assert {first.shard, second.shard} == {root.shard}
    assert third.referrer_id is None
    assert Member.objects.get(public_id="m2").joined_at == later(seconds=1)
    assert first.pk < second.pk < third.pk


@pytest.mark.parametrize("referrer", ["nobody", "m2", "m1"])
def test_nobody_joins_where_one_referrer_is_unknown(referrer: str) -> None:
    rows = [NewMember(public_id="m1", referrer=referrer), NewMember(public_id="m2")]
    with nothing_changes(), pytest.raises(JoinRefused):
        register_members(rows, at=AT)


def test_a_public_id_joins_once() -> None:
    register_members([NewMember(public_id="m1")], at=AT)
    with nothing_changes(), pytest.raises(JoinRefused):
        register_members([NewMember(public_id="m0"), NewMember(public_id="m1")], at=AT)


def test_many_join_with_a_handful_of_statements(django_assert_max_num_queries) -> None:
    root = a_member()
    rows = [NewMember(public_id=f"m{n}", referrer=root.public_id) for n in range(500)]
    with django_assert_max_num_queries(6):
        import_members(rows, at=AT)
    assert Member.objects.count() == 501


def test_a_visitor_by_a_link_is_written_down_and_tied_to_who_joined() -> None:
    owner = a_member()
    touch = record_touch(owner=owner, visitor_hash="v", channel="poster", target_path="/p/tea", at=AT)
    member = register_member(phone=a_phone(), nickname="", referrer=owner, at=AT, touch=touch)
    touch.refresh_from_db()
    assert touch.member == member


def test_codes_of_nobody_and_of_who_is_switched_off_lead_nowhere() -> None:
    owner = a_member()
    assert queries.referral_owner(code=owner.referral_code) == owner
    assert queries.referral_owner(code="ZZZZZZZZ") is None
    assert queries.referral_owner(code="\x00'--") is None
    Member.objects.filter(pk=owner.pk).update(is_active=False)
    assert queries.referral_owner(code=owner.referral_code) is None


def test_the_first_address_is_the_default_and_only_one_is() -> None:
    member = a_member()
    first = save_address(member=member, text=address_text(), at=AT)
    second = save_address(member=member, text=address_text(detail="灵隐路 2 号"), at=AT)
    assert queries.default_address(member=member) == first

    save_address(member=member, text=address_text(), at=AT, is_default=True, address_id=second.pk)
    assert queries.default_address(member=member) == second
    assert Address.objects.filter(member=member, is_default=True).count() == 1

    delete_address(member=member, address_id=second.pk, at=AT)
    assert queries.default_address(member=member) == first
    assert queries.address_of(member=member, address_id=second.pk) is None


def test_an_address_of_another_member_is_not_found() -> None:
    theirs = save_address(member=a_member(), text=address_text(), at=AT)
    member = a_member()
    with nothing_changes():
        with pytest.raises(ProfileRefused, match="address"):
            save_address(member=member, text=address_text(name="贼"), at=AT, address_id=theirs.pk)
        delete_address(member=member, address_id=theirs.pk, at=AT)
        assert queries.address_of(member=member, address_id=theirs.pk) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "禾" * 41}, "name"),
        ({"phone": "1380000%00"}, "phone"),
        ({"province": " "}, "province"),
        ({"detail": "\x00"}, "detail"),
        ({"detail": "路" * 121}, "detail"),
    ],
)
def test_a_malformed_address_changes_nothing(changes: dict[str, str], field: str) -> None:
    member = a_member()
    with nothing_changes(), pytest.raises(ProfileRefused) as refusal:
        save_address(member=member, text=address_text(**changes), at=AT)
    assert refusal.value.field == field


@pytest.mark.parametrize("nickname", ["", "   ", "\u202e\u200b", "🌾" * 10_000, "a\x00"])
def test_an_unreadable_nickname_changes_nothing(nickname: str) -> None:
    member = a_member()
    with nothing_changes(), pytest.raises(ProfileRefused):
        rename_member(member=member, nickname=nickname, at=AT)


def test_markup_in_a_nickname_is_only_text() -> None:
    member = rename_member(member=a_member(), nickname="<img onerror=alert(1)>", at=AT)
    assert member.nickname == "<img onerror=alert(1)>"


def test_a_profile_is_complete_once() -> None:
    member = register_member(phone=a_phone(), nickname="", referrer=None, at=AT)
    save_address(member=member, text=address_text(), at=AT)
    assert Member.objects.get(pk=member.pk).profile_completed_at is None
    rename_member(member=member, nickname="小禾", at=later(minutes=1))
    rename_member(member=member, nickname="大禾", at=later(minutes=2))
    assert Member.objects.get(pk=member.pk).profile_completed_at == later(minutes=1)


def test_a_day_is_counted_once() -> None:
    member = a_member()
    assert record_visit(member_id=member.pk, date=date(2026, 11, 1), at=AT)
    assert not record_visit(member_id=member.pk, date=date(2026, 11, 1), at=AT + timedelta(hours=1))
    assert record_visit(member_id=member.pk, date=date(2026, 11, 2), at=later(days=1))
    assert DayVisit.objects.filter(member=member).count() == 2
    assert queries.days_visited(member=member) == 2


def test_an_operator_has_a_password_and_no_money() -> None:
    operator = create_operator(
        phone=a_phone(), nickname="运营", password="correct horse battery", is_superuser=False, at=AT
    )
    assert operator.is_staff
    assert operator.check_password("correct horse battery")
    assert JournalEntry.objects.count() == 0
