"""A guest's cart follows the guest in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from mall.core import clock
from mall.core.visitor import CART_COOKIE, cart_guest
from members.models import Member

from . import commands
from .views.visitors import take_token


class CartMiddleware:
    """Merge the cart of the cookie into that of the member who has logged in, once, and drop the cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if CART_COOKIE not in request.COOKIES or not isinstance(request.user, Member):
            return self._get_response(request)
        guest = cart_guest(request)
        if guest:
            commands.merge_carts(guest_hash=guest, member=request.user, at=clock.now())
        response = self._get_response(request)
        take_token(response)
        return response
