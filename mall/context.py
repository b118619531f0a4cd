"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

import linkage.queries
from mall.core.visitor import cart_guest, text_size
from members.models import Member

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and address, the look that the visitor chose, and whether the visitor earns (asked when used)."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
        "text_size": text_size(request),
        "earns": SimpleLazyObject(lambda: _earns(request)),
    }


def _earns(request: HttpRequest) -> bool:
    """Say whether the visitor ever bought a gift pack: who did not sees nothing of earnings."""
    member = getattr(request, "user", None)
    if not isinstance(member, Member):
        return False
    standing = linkage.queries.positions(member_ids=[member.pk]).get(member.pk)
    return standing is not None and standing.rank > 0
