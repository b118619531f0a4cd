"""Money is changed by commands alone: no page of /ops/ adds, changes or deletes a row that says how much."""

import pytest
from django.apps import apps
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from mall.core.admin import ops_site
from members.models import Member
from tests.operators import sign_in
from tests.payouts.people import person

pytestmark = pytest.mark.django_db

# Whose rows, changed by hand, would change what somebody gets.
MONEY = {
    *apps.get_app_config("ledger").get_models(),
    *apps.get_app_config("payouts").get_models(),
    *apps.get_app_config("linkage").get_models(),
    *apps.get_app_config("orders").get_models(),
}
REGISTERED = sorted(ops_site._registry.items(), key=lambda pair: pair[0]._meta.label)


@pytest.fixture
def superuser() -> Member:
    member = person("总管", staff=True)
    Member.objects.filter(pk=member.pk).update(is_superuser=True)
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def request_of(superuser, rf: RequestFactory):
    request = rf.get("/ops/")
    request.user = superuser
    return request


def test_the_ledger_the_payouts_the_stream_and_the_orders_are_all_shown_here():
    shown = {model._meta.label for model, _ in REGISTERED}
    assert {
        "ledger.Account",
        "ledger.JournalEntry",
        "linkage.LinkageEvent",
        "linkage.PlanVersion",
        "linkage.Position",
        "linkage.Reward",
        "linkage.SettledOrder",
        "orders.Order",
        "orders.Refund",
        "payouts.PayoutPolicy",
        "payouts.Withdrawal",
    } <= shown


@pytest.mark.parametrize(("model", "admin"), REGISTERED, ids=[model._meta.label for model, _ in REGISTERED])
def test_even_a_superuser_adds_changes_and_deletes_no_money(model, admin, request_of):
    assert admin.has_add_permission(request_of) is False
    assert admin.has_delete_permission(request_of) is False
    assert admin.get_actions(request_of) == {}
    assert admin.list_editable == ()
    if model in MONEY:
        assert admin.has_change_permission(request_of) is False
    for inline in admin.get_inline_instances(request_of):
        assert inline.has_add_permission(request_of, None) is False
        assert inline.has_change_permission(request_of) is False
        assert inline.has_delete_permission(request_of) is False


@pytest.mark.parametrize(("model", "admin"), REGISTERED, ids=[model._meta.label for model, _ in REGISTERED])
def test_the_addresses_of_adding_and_deleting_answer_no_one(model, admin, superuser, client):
    sign_in(client, superuser)
    name = f"ops:{model._meta.app_label}_{model._meta.model_name}"
    assert client.post(reverse(f"{name}_add"), {"amount_fen": "1"}).status_code == 403
    # A row that is not there leads away; one that is there is refused by its permission, asserted above.
    assert client.post(reverse(f"{name}_delete", args=["1"]), {"post": "yes"}).status_code in (302, 403)


def test_members_rights_and_groups_have_no_page_of_django_here():
    for name in ("auth_group", "auth_permission", "auth_user"):
        with pytest.raises(NoReverseMatch):
            reverse(f"ops:{name}_changelist")
