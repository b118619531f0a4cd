"""The supplier's people and money walked: seats and statements, narrow, on a phone and in the dark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core.rights import REVIEW
from mall.core.seats import Role
from members.models import Member
from orders.commands import refund_order
from remittance.commands import open_dispute
from remittance.models import StatementLine
from suppliers.commands import offer_seat, seat_member
from suppliers.models import Product
from tests.browser.applying import file_of
from tests.browser.conftest import DESK
from tests.browser.people import log_in, log_in_with_password
from tests.factories import a_member, a_paid_order, later
from tests.onboarding.firms import a_picture
from tests.operators import operator
from tests.remittance.story import House, confirmed

PASSWORD = "a long enough password"
TABLET = {**DESK, "viewport": {"width": 768, "height": 1024}}
STATEMENTS = "/supplier/remittance/statement/"


def with_password(member: Member) -> Member:
    found = Member.objects.get(pk=member.pk)
    found.set_password(PASSWORD)
    found.save()
    return found


@pytest.fixture
def house(transactional_db: None) -> House:
    """A supplier with a keeper of the store, an offered seat, and a statement with a refund and a dispute."""
    found = House("禾山茶业")
    found.terms(fee_bps=200)
    Product.objects.filter(pk=found.sku.product_id).update(name="大红袍礼罐")
    for day in range(1, 9):
        a_paid_order(sku=found.sku, quantity=day, at=later(days=day))
    refund_order(order=a_paid_order(sku=found.sku, at=later(days=9)), reason="", at=later(days=10))
    found.account(at=later(days=20))
    line = StatementLine.objects.filter(statement=confirmed(found)).earliest("id")
    open_dispute(line=line, reason="少算一件", by=found.owner, at=later(days=31))
    seat_member(supplier=found.supplier, member=a_member(nickname="小仓"), role=Role.WAREHOUSE, by=found.owner)
    return found


def test_everybody_can_use_seats_and_statements(open_page: Any, accessible: Any, house: House) -> None:
    offer_seat(supplier=house.supplier, phone="+8613800001234", role=Role.SERVICE, by=house.owner, at=later(days=365))
    page: Page = open_page(TABLET)
    log_in_with_password(page, str(with_password(house.owner).phone), PASSWORD, site="/supplier/")
    statement = StatementLine.objects.first()
    assert statement is not None
    for path in (
        "/supplier/suppliers/supplieruser/",
        "/supplier/suppliers/supplieruser/invite/",
        STATEMENTS,
        f"{STATEMENTS}account/",
        f"{STATEMENTS}{statement.statement_id}/change/",
        f"{STATEMENTS}{statement.statement_id}/invoice/",
        "/supplier/quality/",
        "/supplier/quality/rows/?of=delivered",
        "/supplier/suppliers/qualification/",
        "/supplier/suppliers/qualification/add/",
    ):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_name_of_a_chosen_file_is_written_into_no_field(open_page: Any, house: House) -> None:
    page: Page = open_page(DESK)
    log_in_with_password(page, str(with_password(house.owner).phone), PASSWORD, site="/supplier/")
    statement = StatementLine.objects.first()
    assert statement is not None
    page.goto(f"{STATEMENTS}{statement.statement_id}/invoice/")
    page.set_input_files("input[type=file]", file_of("IMG_2026.png", a_picture().read()))
    expect(page.locator("input[name=number]")).to_have_value("")


def test_an_operator_can_use_statements_and_disputes(open_page: Any, accessible: Any, house: House) -> None:
    page: Page = open_page(DESK)
    reviewer = with_password(operator("苏敏", REVIEW))
    log_in_with_password(page, str(reviewer.phone), PASSWORD)
    page.goto("/ops/remittance/statement/?state__exact=confirmed")
    accessible(page)
    page.locator("#result_list tbody tr a").first.click()
    expect(page.locator(".ops-page")).to_contain_text("供货款")
    accessible(page)
    page.goto("/ops/remittance/statementdispute/?state__exact=open")
    accessible(page)
    page.get_by_role("link", name="答复").first.click()
    accessible(page)


def test_who_is_offered_a_seat_takes_it_on_the_phone(phone: Page, accessible: Any, house: House) -> None:
    invited = a_member(nickname="小禾")
    offer_seat(supplier=house.supplier, phone=str(invited.phone), role=Role.SERVICE, by=house.owner, at=later(days=365))
    log_in(phone, str(invited.phone), then="/me/supplier/")
    accessible(phone)
    phone.get_by_role("button", name="接受邀请").click()
    expect(phone.locator("body")).to_contain_text("已加入")
