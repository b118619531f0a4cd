"""Operators are given rights by others, seen with their sessions, and signed out; who may open what, role by role."""

import pytest
from django.test import Client
from django.urls import get_resolver

from mall.core.rights import GROUPS, PLANS, RELEASE, REVIEW, SERVICE, STAFF
from members.commands.staff import StaffRefused, set_access, set_groups
from members.models import Member, MemberSession
from members.queries.staff import check_rows, colleagues
from tests.factories import a_member, a_seat, a_supplier
from tests.house.test_access import addresses
from tests.operators import as_, operator, superuser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Member:
    return hired(operator("总管", STAFF))


def hired(member: Member) -> Member:
    """Operators have a password; members do not."""
    member.set_password("correct horse battery")
    member.save(update_fields=["password"])
    return member


def test_the_list_shows_who_they_are_and_who_still_has_to_enrol(boss: Member) -> None:
    other = hired(operator("苏敏", REVIEW))
    other.staff_device.delete()
    page = text(as_(boss).get("/ops/staff/"))
    assert "提现初审" in page
    assert "下次登录须绑定" in page
    assert str(other.phone)[-11:] not in page


def test_groups_are_given_by_somebody_else_with_a_reason_and_leave_a_trail(boss: Member) -> None:
    other = hired(operator("苏敏", REVIEW))
    page = f"/ops/staff/{other.pk}/groups/"
    client = as_(boss)
    assert "请写明原因" in text(client.post(page, {"groups": [RELEASE], "reason": ""}))
    assert [group.name for group in other.groups.all()] == [REVIEW]
    assert client.post(page, {"groups": [RELEASE, SERVICE], "reason": "转岗"}).status_code == 302
    assert {group.name for group in other.groups.all()} == {RELEASE, SERVICE}
    assert "调整岗位" in text(as_(superuser()).get("/ops/core/operatoract/"))
    assert "不能改自己的权限" in text(client.post(f"/ops/staff/{boss.pk}/groups/", {"groups": [PLANS], "reason": "x"}))
    assert [group.name for group in boss.groups.all()] == [STAFF]


def test_what_is_no_group_or_no_operator_is_refused(boss: Member) -> None:
    member, chief = a_member(), hired(superuser())
    for member_id, groups in ((member.pk, [REVIEW]), (chief.pk, [REVIEW]), (10**9, [REVIEW])):
        with pytest.raises(StaffRefused):
            set_groups(member_id=member_id, groups=groups, by=boss)
    with pytest.raises(StaffRefused):
        set_groups(member_id=hired(operator("苏敏")).pk, groups=["operator_of_everything"], by=boss)
    assert not member.groups.exists()


def test_whose_access_is_taken_away_is_signed_out_at_once_and_may_come_back(boss: Member) -> None:
    other = hired(operator("苏敏", REVIEW))
    client = as_(other)
    assert client.get("/ops/").status_code == 200
    assert as_(boss).post(f"/ops/staff/{other.pk}/access/", {"reason": "离职"}).status_code == 302
    assert client.get("/ops/")["Location"].startswith("/ops/login/")
    assert "已停用" in text(as_(boss).get("/ops/staff/"))
    back = set_access(member_id=other.pk, is_staff=True, reason="回来了", by=boss)
    assert back.is_staff


def test_a_session_of_a_colleague_is_ended_on_the_page(boss: Member) -> None:
    other = hired(operator("苏敏", REVIEW))
    client = as_(other)
    client.get("/ops/")
    session = MemberSession.objects.get(member=other)
    desk, page = as_(boss), f"/ops/staff/{other.pk}/sessions/{session.pk}/end/"
    assert desk.get(page).status_code == 405
    assert desk.post(f"/ops/staff/{boss.pk}/sessions/{session.pk}/end/").status_code == 404
    assert client.get("/ops/").status_code == 200
    assert desk.post(page).status_code == 302
    assert client.get("/ops/").status_code == 302


def test_the_matrix_says_who_may_check_whom_and_where_somebody_is_missing(boss: Member) -> None:
    hired(operator("苏敏", REVIEW))
    rows = {row.label: row for row in check_rows(colleagues())}
    assert (rows["提现"].begins, rows["提现"].checks, rows["提现"].is_possible) == (("苏敏",), (), False)
    hired(operator("陈立", RELEASE))
    rows = {row.label: row for row in check_rows(colleagues())}
    assert rows["提现"].is_possible
    page = text(as_(boss).get("/ops/staff/matrix/"))
    assert "缺人" in page
    assert "复核打款" in page


# What each act needs, by the name of its page. Lists and records need the right to see them, which is asked below.
ACTS = {
    "payouts_withdrawal_approve": "approve_withdrawal",
    "payouts_withdrawal_release": "release_withdrawal",
    "payouts_payouthold_place": "hold_payouts",
    "payouts_payouthold_release": "hold_payouts",
    "payouts_payoutpolicy_new": "set_payout_policy",
    "payouts_stop_place": "stop_payouts",
    "payouts_stop_ask": "stop_payouts",
    "payouts_stop_lift": "stop_payouts",
    "linkage_fund_grant": "grant_from_fund",
    "linkage_planversion_draft": "draft_plan",
    "linkage_planversion_off": "draft_plan",
    "linkage_adjustment_ask": "ask_adjustment",
    "linkage_adjustment_approve": "approve_adjustment",
    "linkage_compliance_evidence": "export_evidence",
    "orders_order_refund": "refund_order",
    "orders_review_decide": "moderate_review",
    "members_relationpolicy_new": "publish_relation_policy",
    "suppliers_product_shelf": "publish_product",
    "suppliers_brand_new": "keep_brand",
    "service_ticket_answer": "answer_ticket",
    "agents_appeal_decide": "decide_appeal",
    "storefront_banner_new": "keep_banner",
    "risk_rule": "set_risk_rule",
    "risk_hit_decide": "decide_risk",
    "staff": "manage_staff",
    "staff_matrix": "manage_staff",
    "staff_one": "manage_staff",
    "staff_groups": "manage_staff",
    "staff_access": "manage_staff",
    "staff_reset": "manage_staff",
    "staff_session_end": "manage_staff",
}
# What every operator may open, whatever the group.
FOR_ALL = {"index", "second_factor", "second_factor_enrol", "logout", "jsi18n", "password_change"}
FOR_ALL |= {"password_change_done", "login", "autocomplete", "search", "view_on_site", "app_list", "command"}
MISSING = {"object_id": "1", "member_id": "1", "session_id": "1", "run_id": "1", "brand_id": "1", "photo_id": "1"}


def ops_views() -> list[tuple[str, str]]:
    """Every page of `/ops/` as (name, address), with numbers of rows that are not there."""
    found = []
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) != "ops/":
            continue
        for where, _view in addresses(pattern, "/ops/"):
            address = where.replace("<path:object_id>", "1")
            for name, value in {**MISSING, "kind": "burst", "chart": "tree", "app_label": "orders"}.items():
                for kind in ("int", "str", "slug", "path"):
                    address = address.replace(f"<{kind}:{name}>", value)
            if "(" not in address and "<" not in address:
                found.append((_name_of(pattern, _view), address))
    return found


def _name_of(resolver, view) -> str:
    for entry in resolver.url_patterns:
        if getattr(entry, "callback", None) is view:
            return str(entry.name)
        if hasattr(entry, "url_patterns") and (name := _name_of(entry, view)):
            return name
    return ""


VIEWS = ops_views()


def test_the_matrix_below_names_pages_that_exist() -> None:
    names = {name for name, _address in VIEWS}
    assert names >= ACTS.keys()
    assert len(VIEWS) > 120


@pytest.mark.parametrize("who", ["anonymous", "consumer", "supplier"])
def test_nobody_from_outside_opens_any_page_of_operators(who: str) -> None:
    client = Client() if who == "anonymous" else as_(a_member() if who == "consumer" else a_seat(a_supplier()))
    for name, address in VIEWS:
        if name in ("login", "logout"):
            continue
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(("/ops/login/", "/account/login/")), (name, address)


def test_an_operator_without_a_group_opens_nothing_but_the_front_page() -> None:
    client = as_(operator("新同事"))
    for name, address in VIEWS:
        if name not in FOR_ALL:
            assert client.get(address).status_code in (302, 403, 404, 405), (name, address)
            assert client.post(address).status_code in (302, 403, 404, 405), (name, address)


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_opens_the_acts_that_its_rights_give_and_no_other(group: str) -> None:
    client = as_(operator("同事", group))
    rights = GROUPS[group][1]
    for name, address in VIEWS:
        if name in ACTS:
            status = client.get(address).status_code
            assert (status == 403) == (ACTS[name] not in rights), (name, address, status)
