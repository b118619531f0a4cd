"""Orders, refunds and cases by their number, in the search of both sites."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mall.core.admin import ops_site, supplier_site
from mall.core.admin.palette import Result, numbered
from mall.core.money import yuan
from orders.models import AfterSale, EnterpriseRequest, Order, Refund


@ops_site.finds(_("订单"), "receipt_long", permission="orders.view_order")
def orders(request: HttpRequest, term: str) -> Iterator[Result]:
    for order in numbered(Order.objects.select_related("member"), term, "number", "purchase__number"):
        note = f"{order.get_state_display()} · {yuan(order.total_fen)} · {order.member}"
        yield Result(order.number, note, reverse("ops:orders_order_change", args=[order.pk]))


@ops_site.finds(_("退款"), "undo", permission="orders.view_refund")
def refunds(request: HttpRequest, term: str) -> Iterator[Result]:
    for refund in numbered(Refund.objects.all(), term, "number"):
        note = f"{refund.get_state_display()} · {yuan(refund.amount_fen)}"
        yield Result(refund.number, note, reverse("ops:orders_refund_change", args=[refund.pk]))


@ops_site.finds(_("售后"), "assignment_return", permission="orders.view_aftersale")
def cases(request: HttpRequest, term: str) -> Iterator[Result]:
    for case in numbered(AfterSale.objects.all(), term, "number"):
        yield _case(case, "ops")


@ops_site.finds(_("企业询价"), "request_quote", permission="orders.view_enterpriserequest")
def requests(request: HttpRequest, term: str) -> Iterator[Result]:
    for one in numbered(EnterpriseRequest.objects.all(), term, "number"):
        yield _request(one, "ops")


@supplier_site.finds(_("订单"), "receipt_long", page="orders_order")
def own_orders(request: HttpRequest, term: str) -> Iterator[Result]:
    for order in numbered(supplier_site.own_rows(Order, request), term, "number"):
        note = str(order.get_state_display())
        yield Result(order.number, note, reverse("supplier:orders_order_change", args=[order.pk]))


@supplier_site.finds(_("售后"), "assignment_return", page="orders_aftersale")
def own_cases(request: HttpRequest, term: str) -> Iterator[Result]:
    for case in numbered(supplier_site.own_rows(AfterSale, request), term, "number"):
        yield _case(case, "supplier")


@supplier_site.finds(_("企业询价"), "request_quote", page="orders_enterpriserequest")
def own_requests(request: HttpRequest, term: str) -> Iterator[Result]:
    for one in numbered(supplier_site.own_rows(EnterpriseRequest, request), term, "number"):
        yield _request(one, "supplier")


def _request(one: Any, site: str) -> Result:
    note = f"{one.get_state_display()} · {one.company_name}"
    return Result(one.number, note, reverse(f"{site}:orders_enterpriserequest_change", args=[one.pk]))


def _case(case: Any, site: str) -> Result:
    note = f"{case.get_kind_display()} · {case.get_state_display()}"
    return Result(case.number, note, reverse(f"{site}:orders_aftersale_change", args=[case.pk]))
