"""What the database refuses by itself, whoever writes."""

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import a_member, an_address
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

INSERT = """
INSERT INTO members_member (id, public_id, referral_code, referrer_id, shard, joined_at, created_at, nickname, password,
    phone, phone_verified, is_active, is_staff, is_superuser)
VALUES (%s, %s, %s, %s, %s, now(), now(), '', '!', %s, %s, true, false, false)
"""


def run(statement: str, parameters: Sequence[object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement: str, parameters: Sequence[object], name: str) -> None:
    with nothing_changes(), pytest.raises(IntegrityError, match=name):
        run(statement, parameters)


def test_nobody_refers_to_itself() -> None:
    refused(INSERT, [10**9, "self", "SELF2345", 10**9, 0, None, False], "not there yet")


def test_a_referrer_was_there_before_its_recruit() -> None:
    refused(INSERT, [10**9, "early", "EARLY234", 10**9 + 1, 0, None, False], "not there yet")


def test_two_members_cannot_refer_to_each_other_in_one_statement() -> None:
    values = INSERT.partition("VALUES")
    both = f"{values[0]}VALUES{values[2].strip()}, {values[2].strip()}"
    pair = [10**9, "a", "AAAA2345", 10**9 + 1, 0, None, False, 10**9 + 1, "b", "BBBB2345", 10**9, 0, None, False]
    refused(both, pair, "not there yet")


def test_a_recruit_stands_in_its_referrers_shard() -> None:
    referrer = a_member()
    shard = (referrer.shard + 1) % 16
    refused(INSERT, [10**9, "apart", "APART234", referrer.pk, shard, None, False], "is not the shard")


@pytest.mark.parametrize(
    "change",
    [
        "referrer_id = (SELECT min(id) FROM members_member)",
        "referrer_id = NULL",
        "shard = shard + 1",
        "public_id = 'other'",
        "id = id + 1000000",
    ],
)
def test_referrer_shard_and_public_id_never_change(change: str) -> None:
    a_member()
    recruit = a_member(referrer=a_member())
    refused(f"UPDATE members_member SET {change} WHERE id = %s", [recruit.pk], "never change")


def test_who_joined_without_a_referrer_gets_none_later() -> None:
    referrer, member = a_member(), a_member()
    refused("UPDATE members_member SET referrer_id = %s WHERE id = %s", [referrer.pk, member.pk], "never change")


def test_members_are_never_deleted() -> None:
    refused("DELETE FROM members_member WHERE id = %s", [a_member().pk], "never deleted")


@pytest.mark.parametrize("phone", ["13800001111", "+86 138", "", "+0123456789"])
def test_a_phone_is_in_international_form(phone: str) -> None:
    refused(INSERT, [10**9, "phone", "PHNE2345", None, 0, phone, False], "members_member_phone_e164")


def test_a_phone_is_one_members() -> None:
    phone = a_member().phone
    refused(INSERT, [10**9, "twice", "TWCE2345", None, 0, phone, False], "phone")


def test_a_verified_phone_is_a_phone() -> None:
    refused(INSERT, [10**9, "none", "NNNN2345", None, 0, None, True], "members_member_verified_has_phone")


def test_a_member_has_one_default_address() -> None:
    address = an_address(a_member())
    refused(
        "INSERT INTO members_address (member_id, name, phone, province, city, district, detail, is_default, created_at)"
        " SELECT member_id, name, phone, province, city, district, detail, true, now()"
        " FROM members_address WHERE id = %s",
        [address.pk],
        "members_address_one_default",
    )
