"""What every template knows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

import orders.queries.cart
import service.queries
from mall.core.public_page import described
from mall.core.statements import run
from mall.core.visitor import cart_guest, text_size
from members.models import Member, ShopkeeperState
from orders.queries.cart import CartOwner

_ROLES = """
SELECT position.rank, shopkeeper.state FROM (SELECT %s::bigint AS id) AS member
LEFT JOIN linkage_position position ON position.member_id = member.id
LEFT JOIN members_shopkeeper shopkeeper ON shopkeeper.member_id = member.id
"""
THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Roles:
    """Whether a visitor ever bought a gift pack or is a shopkeeper (`earns`), and the latter alone (`sells`)."""

    earns: bool
    sells: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and address, the look that the visitor chose, and whether the visitor earns (asked when used)."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    roles: Any = SimpleLazyObject(lambda: _roles(request))
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
        "text_size": text_size(request),
        "earns": SimpleLazyObject(lambda: roles.earns),
        "sells": SimpleLazyObject(lambda: roles.sells),
        "unread_messages": SimpleLazyObject(lambda: _unread_messages(request)),
        "cart_count": SimpleLazyObject(lambda: _cart_count(request)),
        "public_page": described(request),
        "share_url": SimpleLazyObject(lambda: _share_url(request, roles)),
        "in_wechat": "MicroMessenger" in request.headers.get("User-Agent", ""),
        "js_sdk_url": settings.WECHAT_JS_SDK_URL,
    }


def _cart_count(request: HttpRequest) -> int:
    member = getattr(request, "user", None)
    if isinstance(member, Member):
        return orders.queries.cart.cart_count(owner=CartOwner(member.pk))
    return orders.queries.cart.cart_count(owner=CartOwner(None, cart_guest(request)))


def _unread_messages(request: HttpRequest) -> int:
    member = getattr(request, "user", None)
    return service.queries.unread_count(member=member) if isinstance(member, Member) else 0


def _share_url(request: HttpRequest, roles: Roles) -> str:
    """Return the address that a visitor shares: an agent's or a shopkeeper's leads through the own link."""
    page = described(request)
    if page is None:
        return ""
    member = getattr(request, "user", None)
    if page.share_path:
        return settings.SITE_URL + page.share_path
    if not isinstance(member, Member) or not roles.earns:
        return page.url
    link = settings.SITE_URL + reverse("landing", args=[member.referral_code])
    return f"{link}?{urlencode({'to': page.path.strip('/'), 'ch': 'wechat'}, safe='/')}"


def _roles(request: HttpRequest) -> Roles:
    """Look up in one go what a visitor may see of earnings; a stranger nothing."""
    member = getattr(request, "user", None)
    if not isinstance(member, Member):
        return Roles(earns=False, sells=False)
    with connection.cursor() as cursor:
        run(cursor, _ROLES, [member.pk], keep=True)
        rank, state = cursor.fetchone()
    sells = state == ShopkeeperState.APPROVED
    return Roles(earns=sells or bool(rank), sells=sells)
