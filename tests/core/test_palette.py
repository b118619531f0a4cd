"""The search of both sites: everything by its number or owner, by index, and only what somebody may open."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from mall.core.rights import REVIEW
from members.models import Member
from tests.factories import a_member, a_paid_order, a_sku
from tests.operators import as_, operator, superuser, text
from tests.payouts.people import asked
from tests.suppliers.firms import Firm

pytestmark = pytest.mark.django_db


def found(client: Any, term: str, site: str = "ops") -> dict[str, list[str]]:
    """Return the titles that a search gives, by their heading."""
    answer = client.get(f"/{site}/search/", {"q": term}, headers={"X-Palette": "1"})
    assert answer.status_code == 200
    assert "<html" not in text(answer)
    return {label: [one.title for one in results] for label, _icon, results in answer.context["groups"]}


def a_named_member() -> Member:
    member = a_member(nickname="何青青")
    Member.objects.filter(pk=member.pk).update(phone="+8613912344827")
    return Member.objects.get(pk=member.pk)


def test_orders_members_payouts_and_pages_are_found_and_phones_stay_masked():
    member = a_named_member()
    order, withdrawal = a_paid_order(member=member), asked(member)
    client = as_(superuser())
    assert found(client, order.number) == {"订单": [order.number]}
    assert found(client, order.number.lower()) == {"订单": [order.number]}
    assert found(client, order.number[:12])["订单"] == [order.number]
    assert found(client, order.purchase.number)["订单"] == [order.number]
    assert found(client, withdrawal.number) == {"提现": [withdrawal.number]}
    for term in ("4827", "139 1234 4827", "何青", member.public_id, member.referral_code):
        assert found(client, term) == {"会员": ["何青青"]}, term
    assert found(client, "提现审核") == {"页面": ["提现审核"]}
    assert set(found(client, "财务")["页面"]) >= {"提现审核", "对账"}
    page = text(client.get("/ops/search/", {"q": "4827"}))
    assert "139****4827" in page
    assert "13912344827" not in page


def test_nothing_is_found_that_somebody_may_not_open():
    member = a_named_member()
    order, withdrawal = a_paid_order(member=member), asked(member)
    someone = operator("只看订单")
    someone.user_permissions.set(Permission.objects.filter(codename="view_order"))
    client = as_(someone)
    assert found(client, order.number) == {"订单": [order.number]}
    assert found(client, withdrawal.number) == found(client, "4827") == found(client, "提现审核") == {}
    assert found(as_(operator("新同事")), order.number) == {}
    assert found(as_(operator("苏敏", REVIEW)), "4827") == {"会员": ["何青青"]}
    assert as_(a_member()).get("/ops/search/?q=4827").status_code == 302


def test_a_supplier_finds_its_own_and_nothing_of_others():
    mine, other = Firm("青山茶厂", whole=False), Firm("别家茶厂")
    sku, foreign = a_sku(supplier=mine.supplier), a_sku(supplier=other.supplier)
    order, theirs = a_paid_order(sku=sku), a_paid_order(sku=foreign)
    assert found(mine.client, order.number, "supplier") == {"订单": [order.number]}
    assert found(mine.client, sku.code, "supplier") == {"规格编码": [sku.code]}
    assert found(mine.client, sku.product.name, "supplier")["商品"] == [sku.product.name]
    case = other.rows["orders_aftersale"]
    for term in (theirs.number, theirs.number[:12], foreign.code, foreign.product.name, "别家", str(case)):
        everything = found(mine.client, term, "supplier")
        assert theirs.number not in str(everything), term
        assert foreign.code not in str(everything), term
        assert foreign.product.name not in str(everything), term
    assert "库存看板" in found(mine.client, "库存", "supplier")["页面"]
    assert "商品可以只填一部分名字" in text(mine.client.get("/supplier/search/", {"q": theirs.number}))
    assert found(mine.client, str(a_named_member().phone), "supplier") == {}


def test_without_scripts_it_is_a_page_that_lists_all_pages_and_takes_any_term():
    client = as_(superuser())
    page = text(client.get("/ops/search/"))
    assert 'href="/ops/payouts/withdrawal/"' in page
    for term in ("\0", "%", "'; --", "🍵" * 80, "x" * 2_000, "_" * 48, "---------"):
        answer = client.get("/ops/search/", {"q": term})
        assert answer.status_code == 200
    assert "没有找到" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "X-Palette" in answer["Vary"]


def test_every_question_is_answered_by_an_index(django_assert_max_num_queries):
    """With whole reads forbidden, the planner still finds a way for each question."""
    member = a_named_member()
    order = a_paid_order(member=member)
    client = as_(superuser())
    scanned: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("SELECT") and any(f'"{table}"' in sql for table in LARGE):
            with connection.connection.cursor() as plain:
                plain.execute("EXPLAIN (FORMAT JSON) " + sql, params)
                (tree,) = plain.fetchone()[0]
            scanned.extend(f"{table}: {sql[:200]}" for table in _scans(tree["Plan"]) if table in LARGE)
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for term in (order.number, order.number[:12], "4827", "何青", member.public_id, "13912344827"):
        with django_assert_max_num_queries(30), connection.execute_wrapper(explain):
            found(client, term)
    assert scanned == []


LARGE = {"orders_order", "orders_purchase", "orders_refund", "orders_aftersale", "members_member", "payouts_withdrawal"}


def _scans(node: dict[str, Any]) -> list[str]:
    own = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" else []
    return own + [table for below in node.get("Plans", ()) for table in _scans(below)]
