"""A supplier with something in every table of its own, and a crawl of all of `/supplier/` by another one."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from agents.models import SampleRequest, SellingOffer
from integration.commands import make_key, send_ping, set_webhook
from mall.core.admin import supplier_site
from mall.core.models import ListExport
from mall.core.seats import Role
from mall.core.workbook import TableRow
from orders.commands.after_sale import open_case, set_return_address
from orders.commands.enterprise import Asking, ask_suppliers, quote_request, reveal_contact
from orders.commands.invoicing import InvoiceRequest, request_invoice
from orders.commands.reviewing import write_review
from orders.models import CasePhoto, Order, OrderLine, OrderState
from remittance.commands import add_invoice, close_statement, set_account
from remittance.models import Statement, StatementInvoice, StatementLine
from service.commands import ask_supplier, open_ticket
from service.models import TicketPhoto, TicketPost, Topic
from suppliers.commands import (
    add_freight_template,
    add_qualification,
    keep_sheet,
    offer_seat,
    order_restock,
    seat_member,
)
from suppliers.models import PermitGap, Product, Sku, StockMovement
from suppliers.rules import Fees
from tests.factories import (
    AT,
    a_member,
    a_paid_order,
    a_phone,
    a_received_order,
    a_seat,
    a_shipped_order,
    a_sku,
    a_supplier,
    later,
)
from tests.operators import operator

MARK = "绝密"
ONLY_ONE = {"kind": "refund_only", "before_shipping": False, "reason": "damaged", "quantity": 1, "amount_fen": None}


class Firm:
    """A supplier with an owner, and with `whole` a row of everything, each with MARK in its text."""

    def __init__(self, name: str, *, whole: bool = True) -> None:
        self.name = name
        self.supplier = a_supplier(name)
        self.owner = a_seat(self.supplier)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.owner, backend="django.contrib.auth.backends.ModelBackend")
        self.client.get("/supplier/")
        self.rows: dict[str, int] = {}
        self.marks: list[str] = []
        if whole:
            self._fill()

    def seat(self, role: Role) -> Client:
        """Return a browser of somebody with this role."""
        member = a_member(nickname=f"{role}")
        seat_member(supplier=self.supplier, member=member, role=role)
        client = Client(raise_request_exception=False)
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        client.get("/offline")
        return client

    def _fill(self) -> None:
        sku = a_sku(supplier=self.supplier)
        Product.objects.filter(pk=sku.product_id).update(name=f"{self.name}{MARK}茶", subtitle=MARK, origin=MARK)
        Sku.objects.filter(pk=sku.pk).update(code=f"CODE{MARK}", spec=f"{MARK}装")
        paper = add_qualification(supplier=self.supplier, kind="business", title=f"{MARK}执照")
        template = add_freight_template(supplier=self.supplier, name=f"{MARK}运费", fees=Fees(1, 800, 1, 200))
        buyer = a_member(nickname=f"{MARK}客")
        paid = a_paid_order(sku=sku, member=buyer)
        shipped = a_shipped_order(sku=sku, member=buyer)
        received = a_received_order(sku=sku, member=buyer)
        Order.objects.filter(supplier=self.supplier).update(recipient_name=f"{MARK}收", recipient_address=MARK)
        OrderLine.objects.filter(order__supplier=self.supplier).update(product_name=f"{self.name}{MARK}茶")
        set_return_address(supplier=self.supplier, name=MARK, phone="13900000000", address=f"{MARK}仓")
        case = open_case(
            member=buyer, line=shipped.lines.get(), note=f"{MARK}破了", photos=(), at=later(hours=1), **ONLY_ONE
        )
        title = InvoiceRequest(kind="personal", title=f"{MARK}抬头", tax_number="", email="")
        invoice = request_invoice(order=paid, invoice=title, at=AT)
        said = {"stars": 5, "tags": [], "text": f"{MARK}好评", "is_anonymous": False, "at": later(hours=2)}
        review = write_review(member=buyer, line_id=received.lines.get().pk, photos=(), **said)
        ticket = open_ticket(
            member=buyer, topic=Topic.OTHER, text=f"{MARK}问", idempotency_key="k", reply_hours=24, at=AT
        )
        ask_supplier(ticket=ticket, supplier=self.supplier, by=operator("客服"), text=f"{MARK}请答", at=AT)
        post = TicketPost.objects.filter(ticket=ticket).earliest("id")
        offer = offer_seat(supplier=self.supplier, phone=a_phone(), role=Role.FINANCE, by=self.owner, at=AT)
        statement, line, bill = self._closed()
        key, delivery_id = self._connected()
        PermitGap.objects.create(product_id=sku.product_id, permit="food", found_at=AT, due_date=AT.date())
        self.sku, self.paid = sku, paid
        restock = order_restock(
            supplier=self.supplier, items={self.sku.pk: 5}, expected_date=AT.date(), by=self.owner, at=AT, note=MARK
        )
        self.rows = {
            "suppliers_product": sku.product_id,
            "suppliers_sku": sku.pk,
            "suppliers_qualification": paper.pk,
            "suppliers_freighttemplate": template.pk,
            "suppliers_stockmovement": StockMovement.objects.filter(sku=sku).latest("id").pk,
            "suppliers_supplieruser": self.supplier.seats.get().pk,
            "orders_order": paid.pk,
            "orders_aftersale": case.pk,
            "orders_invoice": invoice.pk,
            "orders_review": review.pk,
            "service_ticket": ticket.pk,
            "remittance_statement": statement.pk,
            "suppliers_restock": restock.pk,
            "core_listexport": self._exported().pk,
            **self._wanted(sku.product),
            "orders_enterpriserequest": self._asked(sku),
            "integration_apikey": key,
        }
        sheet = keep_sheet(supplier=self.supplier, kind="shipping", name=f"{MARK}.xlsx", rows=[], by=self.owner, at=AT)
        goods = keep_sheet(supplier=self.supplier, kind="goods", name=f"{MARK}.xlsx", rows=[], by=self.owner, at=AT)
        brought = keep_sheet(
            supplier=self.supplier,
            kind="import",
            name=f"{MARK}.csv",
            rows=[TableRow(2, {"Handle": MARK, "Title": MARK, "Price": "1"})],
            reading={"source": "shopify", "head": ["Handle", "Title", "Price"]},
            by=self.owner,
            at=AT,
        )
        self.parts = {
            ("suppliers_product", "sheet_id"): goods.pk,
            ("suppliers_product", "import_id"): brought.pk,
            ("agents_opportunity", "product_id"): sku.product_id,
            ("suppliers_sku", "number"): restock.number,
            ("orders_order", "sheet_id"): sheet.pk,
            ("orders_aftersale", "photo_id"): CasePhoto.objects.create(
                after_sale=case, actor="buyer", name=f"{case.number}.webp", width=1, height=1, at=AT
            ).pk,
            ("service_ticket", "photo_id"): TicketPhoto.objects.create(
                post=post, name=f"{ticket.number}.webp", width=1, height=1
            ).pk,
            ("suppliers_supplieruser", "offer_id"): offer.pk,
            ("integration_apikey", "delivery_id"): delivery_id,
            ("remittance_statement", "line_id"): line.pk,
            ("remittance_statement", "photo_id"): bill.pk,
        }
        self.marks = [MARK, paid.number, shipped.number, received.number, case.number, ticket.number]
        self.marks += [statement.number, bill.number, "hook-of-one-alone"]
        assert paid.state == OrderState.PAID

    def _wanted(self, product: Product) -> dict[str, int]:
        """An offer to shopkeepers, and a sample that one asked for."""
        offer = SellingOffer.objects.create(
            supplier=self.supplier,
            product=product,
            words=MARK,
            until_date=AT.date(),
            opened_by=self.owner,
            opened_at=AT,
        )
        sample = SampleRequest.objects.create(
            number=f"YP{self.supplier.pk:08d}",
            supplier=self.supplier,
            product=product,
            member=a_member(),
            shop_name=f"{MARK}小店",
            words=MARK,
            recipient_name=MARK,
            recipient_phone="+8613900000001",
            recipient_address=MARK,
            asked_at=AT,
        )
        return {"agents_sellingoffer": offer.pk, "agents_samplerequest": sample.pk}

    def _asked(self, sku: Sku) -> int:
        """A request of an enterprise, with a quote and a look at whom to call."""
        asking = Asking(
            company_name=f"{MARK}公司",
            credit_code="91330100799655058B",
            contact_name=f"{MARK}人",
            contact_phone="13800009999",
            wanted_date=date(2027, 1, 1),
            note=MARK,
        )
        (request,) = ask_suppliers(member=a_member(), asking=asking, items=[(sku.pk, 100)], idempotency_key="k", at=AT)
        quote_request(
            request=request,
            prices={request.lines.get().pk: 6_000},
            valid_date=date(2026, 12, 20),
            note=MARK,
            fee_bps=0,
            by=self.owner,
            at=AT,
        )
        reveal_contact(request=request, reason=MARK, by=self.owner, at=AT)
        return int(request.pk)

    def _exported(self) -> ListExport:
        """A file that somebody took away."""
        return ListExport.objects.create(
            at=AT,
            supplier_id=self.supplier.pk,
            by_id=self.owner.pk,
            by_name=f"{MARK}人",
            page="supplier.orders.order",
            title=f"{MARK}订单",
            file_kind="csv",
            reason=MARK,
            row_count=1,
        )

    def _connected(self) -> tuple[int, int]:
        """A key, and a webhook that was sent a test message; returns the ids of key and message."""
        made = make_key(
            supplier=self.supplier, name=f"{MARK}系统", scopes=["orders:read"], days=30, by=self.owner, at=later(days=9)
        )
        webhook, _secret = set_webhook(
            supplier=self.supplier,
            url="https://1.1.1.1/hook-of-one-alone",
            events=["order.to_ship"],
            by=self.owner,
            at=AT,
        )
        return made.key.pk, send_ping(webhook=webhook, by=self.owner, at=AT).pk

    def _closed(self) -> tuple[Statement, StatementLine, StatementInvoice]:
        """A statement, a line of it and an invoice for it."""
        at = later(days=30)
        set_account(
            supplier=self.supplier, holder=f"{MARK}公司", bank_name=f"{MARK}行", number="62220001", by=None, at=at
        )
        statement = close_statement(supplier=self.supplier, start=date(2026, 11, 1), end=date(2026, 12, 1), at=at)
        assert statement is not None
        number = f"FP{self.supplier.pk:08d}"
        bill = add_invoice(statement=statement, number=number, amount_fen=1, photo=f"{number}.webp", by=None, at=at)
        return statement, StatementLine.objects.filter(statement=statement).earliest("id"), bill


def views() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of every view of the site and of what its address is made."""

    def walk(patterns: Any, outer: list[str]) -> Iterator[tuple[str, list[str]]]:
        for entry in patterns:
            names = [*outer, *re.findall(r"<(?:\w+:)?(\w+)>", str(entry.pattern))]
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, names)
            elif isinstance(entry, URLPattern) and entry.name:
                yield entry.name, names

    found = {}
    for name, names in walk(supplier_site.get_urls(), []):
        found.setdefault(name, names)
    yield from found.items()


def addresses(theirs: Firm) -> Iterator[tuple[str, str]]:
    """Yield every address of the site that names a row of `theirs`, or no row at all, with its view's name."""
    for name, parts in views():
        page = "_".join(name.split("_", 2)[:2])
        given: dict[str, Any] = {}
        for part in parts:
            if part == "object_id":
                given[part] = theirs.rows.get(page, theirs.sku.product_id)
            elif part == "content_type_id":
                given[part] = ContentType.objects.get_for_model(Product).pk
            elif part == "app_label":
                given[part] = "orders"
            elif part != "url":
                given[part] = theirs.parts[(page, part)]
        if name not in ("login", "logout"):
            yield name, reverse(f"supplier:{name}", kwargs=given)


def asked(theirs: Firm, name: str) -> Iterator[dict[str, str]]:
    """Yield what to ask of a page in its address: nothing, searches for what only `theirs` has, filters, orders."""
    yield {}
    if name == "orders_quality_rows":
        for of in ("delivered", "cases", "low", "shipped", "late", "unanswered"):
            yield {"of": of, "period": "now", "supplier": str(theirs.supplier.pk)}
            yield {"of": of, "period": "before"}
    if not name.endswith(("_changelist", "search", "autocomplete", "export")):
        return
    for word in (theirs.name, *(mark[:-1] for mark in theirs.marks)):
        yield {"q": word, "s": word, "term": word}
    yield {"_facets": "1"}
    yield {"all": "", "o": "-1"}
    for field in ("supplier", "supplier__id__exact", "order__supplier", "product__supplier__id__exact", "asked"):
        yield {field: str(theirs.supplier.pk)}
    yield {"supplier__name__startswith": theirs.name, "_connector": "OR"}
    for app, model, field in (
        ("suppliers", "sku", "product"),
        ("suppliers", "product", "supplier"),
        ("suppliers", "product", "freight_template"),
        ("suppliers", "qualification", "product"),
        ("orders", "order", "member"),
    ):
        yield {"app_label": app, "model_name": model, "field_name": field, "term": theirs.name}


def sent(theirs: Firm, name: str) -> dict[str, Any]:
    """Return what to send to a page: rows of `theirs` wherever a form might take one."""
    page = "_".join(name.split("_", 2)[:2])
    row = theirs.rows.get(page, 0)
    return {
        "action": "delete_selected",
        "_selected_action": str(row),
        "select_across": "1",
        "post": "yes",
        "id": str(row),
        "supplier": str(theirs.supplier.pk),
        "product": str(theirs.sku.product_id),
        "freight_template": str(theirs.rows["suppliers_freighttemplate"]),
        "order": str(theirs.paid.pk),
        "kind": "adjusted",
        "quantity": "-1",
        "reason": "x",
        "text": "x",
        "carrier": "顺丰速运",
        "tracking_number": "SF123456",
        f"line_{theirs.paid.lines.get().pk}": "1",
        "role": "warehouse",
        "number": "1",
        "with_freight": "on",
        "restock": "on",
        "file_kind": "xlsx",
        **({"name": "视图"} if name.endswith("_views") else {}),
        "query": f"q={theirs.name}",
    }


def text_of(answer: Any) -> str:
    """Return all that an answer holds; of a workbook, its sheet."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            content = book.read("xl/worksheets/sheet1.xml")
    found: str = content.decode(errors="replace")
    return found


def crawl(mine: Firm, theirs: Firm) -> list[str]:
    """Open and send everything as `mine`, and return where anything of `theirs` was to be seen."""
    leaks = []

    def look(answer: Any, where: str) -> None:
        body = text_of(answer)
        if answer.status_code >= 500 or any(mark in body for mark in theirs.marks):
            leaks.append(f"{answer.status_code} {where}")

    for name, address in addresses(theirs):
        for query in asked(theirs, name):
            look(mine.client.get(address, query), f"GET {name} {query}")
            if name.endswith("_export"):
                data = {"file_kind": "csv", "reason": "x"}
                look(mine.client.post(f"{address}?{urlencode(query)}", data), f"FILE {name} {query}")
        look(mine.client.post(address, sent(theirs, name)), f"POST {name}")
    return leaks
