"""Members at /ops/: seen by operators with masked phones, roles given by superusers alone."""

import pytest
from django.urls import reverse

from mall.core.rights import GROUPS, REVIEW, SERVICE, ensure_groups
from members.models import Member
from tests.factories import a_member
from tests.operators import as_, operator, superuser, text
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

LIST = "/ops/members/member/"


def test_a_phone_is_masked_and_still_found_by_its_tail():
    member = a_member(nickname="周敏")
    Member.objects.filter(pk=member.pk).update(phone="+8613800001234")
    page = text(as_(operator("何琳", SERVICE)).get(LIST, {"q": "1234"}))
    assert "周敏" in page
    assert "138****1234" in page
    assert "13800001234" not in page


def test_an_operator_changes_nothing_of_a_member():
    member = a_member()
    address = reverse("ops:members_member_change", args=[member.pk])
    client = as_(operator("何琳", SERVICE))
    assert client.get(address).status_code == 200
    with nothing_changes():
        assert client.post(address, {"is_staff": "on", "nickname": "改名"}).status_code == 403


def test_a_superuser_gives_roles_and_changes_nothing_else():
    member = a_member(nickname="新同事")
    group = ensure_groups()[REVIEW]
    boss = as_(superuser())
    address = reverse("ops:members_member_change", args=[member.pk])
    page = text(boss.get(address))
    assert "提现初审" in page
    assert "operator_review" not in page
    boss.post(address, {"is_active": "on", "is_staff": "on", "groups": [group.pk], "nickname": "改名", "phone": "1"})
    after = Member.objects.get(pk=member.pk)
    assert after.is_staff
    assert not after.is_superuser
    assert [one.name for one in after.groups.all()] == [REVIEW]
    assert (after.nickname, after.phone) == (member.nickname, member.phone)


def test_members_list_asks_as_much_for_many_rows_as_for_few(django_assert_max_num_queries):
    client = as_(operator("何琳", SERVICE))
    client.get(LIST)
    with django_assert_max_num_queries(25) as first:
        client.get(LIST)
    count = len(first)
    referrer = a_member()
    for _ in range(6):
        a_member(referrer=referrer)
    with django_assert_max_num_queries(count):
        client.get(LIST)


def test_groups_are_written_once_and_each_has_exactly_its_rights():
    groups = ensure_groups()
    groups[REVIEW].permissions.clear()
    again = ensure_groups()
    assert set(again) == set(GROUPS)
    for name, (_label, rights) in GROUPS.items():
        codes = set(again[name].permissions.values_list("codename", flat=True))
        assert {code for code in codes if not code.startswith("view_")} == set(rights)
