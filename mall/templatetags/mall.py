"""How pages write amounts, instants, names, phones and pictures. A builtin library: no `{% load %}` needed."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from mall.core import money, names
from suppliers.queries import shown_html

register = template.Library()

TONES = 8
LARGE, SMALL = "-750.webp", "-375.webp"


@lru_cache(maxsize=1000)
def _asset(name: str, _of: str) -> str:
    return static(name)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of ours, as `{% static %}` gives it, looked up once a process."""
    return _asset(name, settings.STATIC_URL)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: say beside it what it means."""
    return _icon(name, extra, asset("icons/sprite.svg"))


@lru_cache(maxsize=1000)
def _icon(name: str, extra: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        sprite,
        name,
    )


@register.simple_tag
@lru_cache(maxsize=10_000)
def price(fen: int, extra: str = "") -> SafeString:
    """An amount with a large integer part: `{% price order.total_fen "price-l" %}`."""
    text = money.yuan(fen)
    sign, _, figure = text.partition("¥")
    whole, _, cents = figure.partition(".")
    return format_html(
        '<span class="price{}">{}<span class="price-sign">¥</span>{}<span class="price-cents">.{}</span></span>',
        f" {extra}" if extra else "",
        sign,
        whole,
        cents,
    )


@register.simple_tag
def linked_data(data: Mapping[str, Any]) -> SafeString:
    """A JSON-LD object for search engines. Nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.filter
def yuan(fen: int) -> str:
    """`¥1,234.50`."""
    return money.yuan(fen)


@register.filter
def signed(fen: int) -> str:
    """`+¥100.00` or `−¥150.00`."""
    return f"+{money.yuan(fen)}" if fen > 0 else money.yuan(fen)


@register.filter
def percent(bps: int) -> str:
    """Basis points as people read them: `20%`, `0.6%`."""
    return money.percent(bps)


@register.filter
def moment(at: datetime | None) -> str:
    """`11月22日 19:33`, in English `Nov 22, 19:33`; with the year when it is another one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{day(at)}{', ' if _english() else ' '}{local:%H:%M}"


@register.filter
def day(at: datetime | None) -> str:
    """`11月22日`, in English `Nov 22`; with the year when it is another one."""
    if at is None:
        return ""
    local, this_year = timezone.localtime(at), timezone.localtime().year
    if _english():
        return f"{local:%b} {local.day}" + ("" if local.year == this_year else f", {local.year}")
    return ("" if local.year == this_year else f"{local.year}年") + f"{local.month}月{local.day}日"


@register.filter
def short(at: datetime | None) -> str:
    """`11-22 19:33`, for columns."""
    return f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""


@register.filter
def month(at: datetime | None) -> str:
    """`2026年3月`, in English `Mar 2026`."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local:%b %Y}" if _english() else f"{local.year}年{local.month}月"


@register.filter
def epoch(at: datetime) -> int:
    """Milliseconds since 1970, for the script's countdowns."""
    return round(at.timestamp() * 1000)


@register.filter
def days_until(at: datetime, now: datetime) -> str:
    """`3 天`, or `5 小时` on the last day."""
    seconds = max(0, int((at - now).total_seconds()))
    if seconds >= 86_400:
        days = seconds // 86_400
        return ngettext("%(count)d 天", "%(count)d 天", days) % {"count": days}
    hours = seconds // 3_600 + 1
    return ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours}


@register.filter
def masked_phone(phone: str | None) -> str:
    """`138****6204`."""
    return names.masked_phone(phone) if phone else ""


@register.filter
def plain_phone(phone: str | None) -> str:
    """`138 0000 6204`, without the country."""
    national = (phone or "").removeprefix("+86")
    return f"{national[:3]} {national[3:7]} {national[7:]}" if len(national) == 11 else national


@register.filter
def masked_name(name: str | None) -> str:
    """`周**`."""
    return f"{name[0]}**" if name else gettext("匿名")


@register.filter
def masked_address(text: str) -> str:
    """An address as far as its district, for screens that others may see."""
    return names.masked_place(text)


@register.filter
def grouped(number: str) -> str:
    """An order number in readable groups: `HJ2611 2212 3456 7890`."""
    head, tail = number[:6], number[6:]
    return " ".join([head, *(tail[start : start + 4] for start in range(0, len(tail), 4))])


@register.filter
def tone(key: object) -> str:
    """The class of a quiet colour, always the same for a key."""
    return f"tone-{crc32(str(key).encode()) % TONES}"


@register.filter
def initial(name: str | None) -> str:
    """The character of an avatar: the last one of a name."""
    return (name or settings.SITE_NAME)[-1:]


@register.filter
def picture(path: str, size: str = "large") -> str:
    """The address of a picture under media; `"small"` takes the 375 px file of one that was drawn."""
    if not path:
        return asset("img/no-picture.svg")
    if size == "small" and path.endswith(LARGE):
        path = path.removesuffix(LARGE) + SMALL
    return settings.MEDIA_URL + path


@register.filter
def detail_html(block: dict[str, str]) -> SafeString:
    """The markup of a block of a product's detail: harmless, see `suppliers.rules.clean_html`."""
    return mark_safe(shown_html(block=block))


def _english() -> bool:
    return (translation.get_language() or "").startswith("en")


@register.filter
def milli(thousandths: int) -> str:
    """Thousandths with one decimal: 21400 as `21.4`."""
    return f"{thousandths // 1000}.{thousandths % 1000 // 100}"


@register.filter
def tenths(number: int | None) -> str:
    """Tenths with one decimal; nothing is a dash, and a year or more says so."""
    if number is None:
        return "—"
    return "365+" if number >= 3650 else f"{number // 10}.{number % 10}"
