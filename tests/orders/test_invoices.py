"""Invoices: titles that members keep, asking for one, and the supplier who issues it."""

import pytest
from django.test import Client
from django.urls import reverse

from mall.core import clock
from members.models import Member
from orders.commands import (
    OrderRefused,
    Refusal,
    invoice_request,
    issue_invoice,
    refund_order,
    request_invoice,
    save_title,
    void_invoice,
)
from orders.models import Invoice, InvoiceTitle, Order
from tests.factories import AT, a_member, a_paid_order, a_placed_order, a_seat, a_supplier, later
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PERSON = invoice_request(kind="personal", title="周可")
TITLE = {"kind": "company", "title": "某某科技有限公司", "tax_number": "91330100MA27T0T00X", "email": ""}


@pytest.fixture
def buyer() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


def asked(order: Order) -> Invoice:
    return request_invoice(order=order, invoice=PERSON, at=AT)


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "state", "title": "x"},
        {"kind": "personal", "title": " "},
        {"kind": "personal", "title": "长" * 61},
        {"kind": "personal", "title": "a\x00"},
        {"kind": "company", "title": "某公司"},
        {"kind": "company", "title": "某公司", "tax_number": "1234"},
        {"kind": "company", "title": "某公司", "tax_number": "９１３３０１００ＭＡ２７ＸＸＸＸ０Ｘ"},
        {"kind": "personal", "title": "周可", "email": "nobody"},
    ],
    ids=str,
)
def test_a_title_is_complete(parts: dict[str, str]) -> None:
    with pytest.raises(OrderRefused) as refusal:
        invoice_request(**parts)
    assert refusal.value.reason == Refusal.BAD_INVOICE


def test_a_paid_order_has_one_invoice_at_a_time() -> None:
    order = a_paid_order()
    invoice = asked(order)
    with nothing_changes(), pytest.raises(OrderRefused):
        asked(order)
    void_invoice(invoice=invoice, by=a_seat(order.supplier), at=later(hours=1))
    assert asked(order).state == "requested"


def test_what_is_not_paid_or_went_back_has_no_invoice() -> None:
    refunded = a_paid_order()
    refund_order(order=refunded, reason="", at=AT)
    for order in (a_placed_order(), refunded):
        with nothing_changes(), pytest.raises(OrderRefused):
            asked(order)


def test_its_own_supplier_issues_it_once() -> None:
    order = a_paid_order()
    invoice, seat = asked(order), a_seat(order.supplier)
    for stranger in (a_seat(a_supplier()), a_member()):
        with nothing_changes(), pytest.raises(OrderRefused):
            issue_invoice(invoice=invoice, number="1", file_url="", by=stranger, at=AT)
    with nothing_changes(), pytest.raises(OrderRefused):
        issue_invoice(invoice=invoice, number=" ", file_url="", by=seat, at=AT)
    issued = issue_invoice(invoice=invoice, number="24332000", file_url="https://tax.example/1.pdf", by=seat, at=AT)
    assert (issued.state, issued.number) == ("issued", "24332000")
    with nothing_changes(), pytest.raises(OrderRefused):
        issue_invoice(invoice=invoice, number="2", file_url="", by=seat, at=AT)


def test_a_buyer_asks_on_the_page_of_the_order_and_sees_what_became_of_it(browser: Client, buyer: Member) -> None:
    order = a_paid_order(member=buyer)
    page = f"/orders/{order.number}/invoice/"
    markup(browser.get(page))
    with nothing_changes():
        assert browser.post(page, {"kind": "company", "title": "某公司"}).status_code == 400
    browser.post(page, TITLE)
    issue_invoice(
        invoice=Invoice.objects.get(),
        number="24332000",
        file_url="https://t.example/1",
        by=a_seat(order.supplier),
        at=AT,
    )
    answer = browser.get(page)
    markup(answer)
    for words in ("已开票", "24332000", "https://t.example/1", "某某科技有限公司"):
        assert words in answer.content.decode()
    assert "已开票" in browser.get(f"/orders/{order.number}/").content.decode()


def test_titles_are_kept_changed_and_forgotten(browser: Client, buyer: Member) -> None:
    markup(browser.get("/me/invoices/"))
    assert browser.post("/me/invoices/new/", TITLE)["Location"] == "/me/invoices/"
    kept = InvoiceTitle.objects.get(member=buyer)
    with nothing_changes():
        assert browser.post("/me/invoices/new/", TITLE).status_code == 409
    page = f"/me/invoices/{kept.pk}/"
    assert "某某科技有限公司" in browser.get(page).content.decode()
    browser.post(page, {**TITLE, "title": "另一家公司"})
    kept.refresh_from_db()
    assert kept.title == "另一家公司"
    order = a_paid_order(member=buyer, at=clock.now())
    assert "另一家公司" in browser.get(f"/orders/{order.number}/invoice/?title={kept.choice}").content.decode()
    browser.post(f"{page}delete/")
    assert not InvoiceTitle.objects.exists()


def test_another_ones_title_does_not_exist(browser: Client) -> None:
    foreign = save_title(member=a_member(), invoice=PERSON, at=AT)
    with nothing_changes():
        for path in (f"/me/invoices/{foreign.pk}/", f"/me/invoices/{foreign.pk}/delete/", f"/me/invoices/{10**30}/"):
            assert browser.post(path, TITLE).status_code == 404
        assert browser.get(f"/me/invoices/{foreign.pk}/").status_code == 404


def test_there_are_twenty_titles_at_most(browser: Client, buyer: Member) -> None:
    for n in range(20):
        save_title(member=buyer, invoice=invoice_request(kind="personal", title=f"抬头 {n}"), at=AT)
    with nothing_changes():
        answer = browser.post("/me/invoices/new/", TITLE)
    assert answer.status_code == 409
    assert "最多保存 20 个抬头" in answer.content.decode()


def test_a_supplier_sees_and_issues_its_own_at_the_desk() -> None:
    order, foreign = a_paid_order(), a_paid_order()
    invoice, other = asked(order), asked(foreign)
    desk = signed_in(a_seat(order.supplier))
    text = desk.get(reverse("supplier:orders_invoice_changelist")).content.decode()
    assert order.number in text
    assert foreign.number not in text
    page = reverse("supplier:orders_invoice_issue", args=[invoice.pk])
    with nothing_changes():
        assert desk.post(reverse("supplier:orders_invoice_issue", args=[other.pk]), {"number": "1"}).status_code == 404
        desk.post(page, {"number": ""})
        desk.post(page, {"number": "1", "file_url": "javascript:alert(1)"})
    desk.post(page, {"number": "24332000", "file_url": "https://tax.example/1.pdf"})
    invoice.refresh_from_db()
    assert invoice.state == "issued"
    desk.post(reverse("supplier:orders_invoice_void", args=[invoice.pk]))
    invoice.refresh_from_db()
    assert invoice.state == "void"
