"""Who buys, and what is their own."""

from typing import cast

from django.http import Http404, HttpRequest

from members.models import Member
from orders import queries
from orders.models import Order, Purchase


def member_of(request: HttpRequest) -> Member:
    """The visitor of a page that only members see."""
    return cast(Member, request.user)


def own_order(request: HttpRequest, number: str) -> Order:
    """One of the visitor's own orders. Another one's does not exist for them."""
    order = None if "\x00" in number else queries.order_of(member=member_of(request), number=number)
    if order is None:
        raise Http404
    return order


def own_purchase(request: HttpRequest, number: str) -> Purchase:
    """One of the visitor's own purchases. Another one's does not exist for them."""
    purchase = None if "\x00" in number else queries.purchase_of(member=member_of(request), number=number)
    if purchase is None:
        raise Http404
    return purchase
