"""How lists and records of the admin sites write amounts, instants and people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mall.core.money import yuan
from mall.core.names import masked_phone

Column = Callable[[Any, Any], str]


def yuan_column(field: str, label: Any) -> Column:
    """An amount in fen, shown in yuan. Name the attribute `…_yuan`: then it is aligned to the right."""

    @admin.display(description=label, empty_value="—")
    def shown(_admin: Any, row: Any) -> str:
        amount = _value(row, field)
        return "—" if amount is None else yuan(amount)

    return shown


def moment_column(field: str, label: Any) -> Column:
    """An instant, in the mall's time zone to the minute."""

    @admin.display(description=label, empty_value="—")
    def shown(_admin: Any, row: Any) -> str:
        return moment(_value(row, field))

    return shown


def moment(at: datetime | None) -> str:
    """`2026-11-22 19:33`."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


def person(member: Any, note: str = "", *, masked: bool = False) -> SafeString:
    """A member in a cell: name over phone and a note; `masked` hides most of the name."""
    if member is None:
        return format_html('<span class="quiet">—</span>')
    name = member.nickname or member.public_id
    shown = f"{name[0]}**" if masked else name
    below = " · ".join(part for part in (note, masked_phone(member.phone) if member.phone else "") if part)
    return format_html('<span class="ops-two"><b>{}</b><small>{}</small></span>', shown, below)


def two_lines(upper: str, lower: str) -> SafeString:
    """Two lines in a cell, the second one quiet."""
    return format_html('<span class="ops-two"><b>{}</b><small>{}</small></span>', upper, lower)


def chip(text: Any, tone: str = "") -> SafeString:
    """A state in a coloured box. Tones: good, info, warn, bad; none is neutral."""
    return format_html('<span class="ops-chip {}">{}</span>', f"ops-chip-{tone}" if tone else "", text)


def link(address: str, text: Any) -> SafeString:
    return format_html('<a class="ops-link" href="{}">{}</a>', address, text)


def age(since: datetime, now: datetime) -> str:
    """How long ago: minutes, hours or days."""
    minutes = max(0, int((now - since).total_seconds())) // 60
    if minutes < 60:
        return _("%(count)d 分钟前") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)d 小时前") % {"count": minutes // 60}
    return _("%(count)d 天前") % {"count": minutes // 1440}


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row
