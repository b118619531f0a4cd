"""Whose cart a visitor's is: the member's, or that of the token in a cookie that only this browser has."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from mall.core.visitor import CART_COOKIE, cart_guest, cart_name, new_cart_token
from members.models import Member
from orders.rules import GUEST_CART_DAYS
from orders.rules.cart import CartOwner


def cart_owner(request: HttpRequest) -> CartOwner:
    """Return whose cart the visitor's is. A guest who was given no token yet owns none."""
    if isinstance(request.user, Member):
        return CartOwner(request.user.pk)
    return CartOwner(None, cart_guest(request))


def cart_owner_to_be(request: HttpRequest) -> tuple[CartOwner, str]:
    """Return the same, with a new token for a guest who has none; `give_token` sets it."""
    owner = cart_owner(request)
    if owner.exists:
        return owner, ""
    token = new_cart_token()
    return CartOwner(None, cart_name(token)), token


def give_token(response: HttpResponseBase, token: str) -> None:
    """Have the browser keep a guest's token."""
    response.set_cookie(
        CART_COOKIE,
        token,
        max_age=timedelta(days=GUEST_CART_DAYS),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def take_token(response: HttpResponseBase) -> None:
    """Have the browser forget it."""
    response.delete_cookie(CART_COOKIE, samesite="Lax")
