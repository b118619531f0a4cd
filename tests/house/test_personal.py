"""Nothing about people is kept that they are not told of, and nobody's phone is shown to others."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey

from mall.core.personal import Fate, holdings
from tests.house.project import PROJECT

# Who did something on the mall's or a supplier's side, and relations that are told under another table.
STAFF = re.compile(r"(_by|\.by|\.assignee)$")
TOLD_ELSEWHERE = {
    # The buyer's referrer as it was when the order was placed: told as recruits.
    "orders.Order.referrer",
    # Whose customer the buyer was then: told as advisers.
    "orders.Order.adviser",
}
OWN_PHONE = {
    # One's own address book and order: who reads them is the owner, or ships to it.
    "templates/members/addresses.html",
    "templates/orders/address.html",
    "templates/orders/checkout_address.html",
    "templates/members/outbox_list.html",
    "templates/account/code.html",
    # What is stuck on a parcel: shown for a reason that is written down.
    "templates/supplier/labels.html",
}
# A row's phone that is printed, or handed on under another name, as it is.
RAW_PHONE = re.compile(
    r"\{\{\s*(?!form\.)\w[\w.]*\.\w*phone\b(?!\|masked_phone)[^}]*\}\}"
    r"|\bwith\b[^%]*=\s*(?!form\.)[\w.]*\.\w*phone\b(?!\|masked_phone)[^%]*%"
)


def members_of() -> set[str]:
    """Every column that points to a member."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label in ("admin", "auth", "account", "sessions", "sandbox"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model._meta.label == settings.AUTH_USER_MODEL:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_every_table_with_a_member_is_told_of() -> None:
    told = {f"{holding.model}.{holding.owner}" for holding in holdings()}
    assert sorted(name for name in members_of() - told - TOLD_ELSEWHERE if not STAFF.search(name)) == []


def test_every_telling_is_true_and_in_words() -> None:
    names = [holding.name for holding in holdings()]
    assert len(names) == len(set(names))
    for holding in holdings():
        model = apps.get_model(holding.model)
        assert str(holding.title), holding.name
        assert str(holding.purpose), holding.name
        assert holding.fields, holding.name
        list(holding.of(0).values(*holding.fields).query.annotations)
        assert holding.fate is not Fate.KEPT or str(holding.why), f"{holding.name} is kept without a reason"
        assert set(holding.emptied) <= {field.name for field in model._meta.get_fields()}


@pytest.mark.parametrize(
    "folder", ["agents", "storefront", "suppliers", "orders", "service", "members", "ops", "supplier"]
)
def test_no_page_shows_a_phone_that_is_not_masked(folder: str) -> None:
    wrong = []
    for file in sorted((PROJECT / "templates" / folder).rglob("*.html")):
        name = str(file.relative_to(PROJECT))
        if name not in OWN_PHONE:
            wrong += [f"{name}: {found}" for found in RAW_PHONE.findall(file.read_text())]
    assert wrong == []
