"""Invoices: asked for with an order or later, issued or voided by its supplier; and the titles that members keep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

import suppliers.queries
from mall.core.text import clean_line
from members.models import Member
from orders.models import Invoice, InvoiceKind, InvoiceState, InvoiceTitle, Order
from orders.refusals import OrderRefused, Refusal
from orders.rules import PAID_STATES
from orders.rules.invoicing import TITLE_MAX, TITLES_MAX, is_tax_number

from .locking import locked_order


class InvoiceRequest(NamedTuple):
    """To whom an invoice is made out. A person has no tax number; without an e-mail it is fetched from the order."""

    kind: str
    title: str
    tax_number: str = ""
    email: str = ""


def invoice_request(*, kind: str, title: str, tax_number: str = "", email: str = "") -> InvoiceRequest:
    """Return what was given as a clean request. Raises OrderRefused where something is missing or malformed."""
    try:
        title = clean_line(title, TITLE_MAX)
        tax_number = clean_line(tax_number, 20).upper() if kind == InvoiceKind.COMPANY else ""
        email = clean_line(email, 120)
        if email:
            validate_email(email)
    except (ValueError, ValidationError) as error:
        raise OrderRefused(Refusal.BAD_INVOICE) from error
    if kind not in InvoiceKind.values or not title or (kind == InvoiceKind.COMPANY and not is_tax_number(tax_number)):
        raise OrderRefused(Refusal.BAD_INVOICE)
    return InvoiceRequest(kind, title, tax_number, email)


def request_invoices(*, orders: Sequence[Order], invoice: InvoiceRequest, at: datetime) -> None:
    """Ask for an invoice for each of these new orders. The caller has just written them."""
    Invoice.objects.bulk_create(
        Invoice(order=order, state=InvoiceState.REQUESTED, requested_at=at, **invoice._asdict()) for order in orders
    )


def request_invoice(*, order: Order, invoice: InvoiceRequest, at: datetime) -> Invoice:
    """Ask for the invoice of a paid order. Raises OrderRefused where it is not paid or has one already."""
    with transaction.atomic():
        locked = locked_order(order.pk)
        if locked.state not in PAID_STATES:
            raise OrderRefused(Refusal.WRONG_STATE)
        if Invoice.objects.filter(order=locked).exclude(state=InvoiceState.VOID).exists():
            raise OrderRefused(Refusal.HAS_INVOICE)
        return Invoice.objects.create(order=locked, state=InvoiceState.REQUESTED, requested_at=at, **invoice._asdict())


def issue_invoice(*, invoice: Invoice, number: str, file_url: str, by: Any, at: datetime) -> Invoice:
    """Write down the number of an issued invoice and where it lies. `by` has a seat at the order's supplier.

    Raises OrderRefused.
    """
    try:
        number = clean_line(number, 30)
    except ValueError as error:
        raise OrderRefused(Refusal.BAD_INVOICE) from error
    if not number:
        raise OrderRefused(Refusal.BAD_INVOICE)
    with transaction.atomic():
        order = locked_order(invoice.order_id)
        _check_seat(by, order)
        if order.state not in PAID_STATES:
            raise OrderRefused(Refusal.WRONG_STATE)
        return _change(invoice, state=InvoiceState.ISSUED, number=number, file_url=file_url, issued_at=at)


def void_invoice(*, invoice: Invoice, by: Any, at: datetime) -> Invoice:
    """Void an invoice, issued or not: the buyer can ask for another one. Raises OrderRefused."""
    with transaction.atomic():
        _check_seat(by, locked_order(invoice.order_id))
        return _change(invoice, state=InvoiceState.VOID, voided_at=at)


def save_title(*, member: Member, invoice: InvoiceRequest, at: datetime, title_id: int | None = None) -> InvoiceTitle:
    """Keep a title for later, or change one that is kept. Raises OrderRefused, where there are twenty already, too."""
    fields = invoice._asdict()
    own = InvoiceTitle.objects.filter(member=member)
    try:
        with transaction.atomic():
            if title_id is not None:
                kept = own.select_for_update().filter(pk=title_id).first()
                if kept is None:
                    raise OrderRefused(Refusal.BAD_INVOICE)
                own.filter(pk=title_id).update(**fields)
                kept.refresh_from_db()
                return kept
            if own.count() >= TITLES_MAX:
                raise OrderRefused(Refusal.TOO_MANY_TITLES)
            return InvoiceTitle.objects.create(member=member, created_at=at, **fields)
    except IntegrityError as error:
        raise OrderRefused(Refusal.SAME_TITLE) from error


def delete_title(*, member: Member, title_id: int) -> bool:
    """Forget one of the member's titles; returns whether there was one."""
    return bool(InvoiceTitle.objects.filter(member=member, pk=title_id).delete()[0])


def _check_seat(by: Any, order: Order) -> None:
    if not by.is_staff and suppliers.queries.supplier_of(member=by) != order.supplier:
        raise OrderRefused(Refusal.NOT_YOURS)


def _change(invoice: Invoice, **fields: Any) -> Invoice:
    """Change an invoice whose order is locked, unless it has gone on."""
    sources = [InvoiceState.REQUESTED]
    if fields["state"] == InvoiceState.VOID:
        sources.append(InvoiceState.ISSUED)
    if not Invoice.objects.filter(pk=invoice.pk, state__in=sources).update(**fields):
        raise OrderRefused(Refusal.WRONG_STATE)
    invoice.refresh_from_db()
    return invoice
