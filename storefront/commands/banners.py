"""Banners are saved and taken down. Where they lead is checked here: to a page of our own that strangers may open."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from mall.core.text import clean_line
from storefront.models import Banner, BannerGround


class BannerRefused(Exception):
    """It cannot be kept; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class BannerText:
    """What an operator says of a banner."""

    title: str
    subtitle: str
    target_path: str
    image: str
    ground: str
    position: int
    starts_at: datetime
    ends_at: datetime | None


def save_banner(*, banner: Banner | None, text: BannerText, by: Any, at: datetime) -> Banner:
    """Add a banner, or write another's words. Raises BannerRefused."""
    try:
        title, subtitle = clean_line(text.title, 14), clean_line(text.subtitle, 24)
    except ValueError as error:
        raise BannerRefused(_("标题最多 14 字，副标题最多 24 字")) from error
    if not title:
        raise BannerRefused(_("请填写标题"))
    if text.ground not in BannerGround.values:
        raise BannerRefused(_("没有这种底色"))
    if text.ends_at is not None and text.ends_at <= text.starts_at:
        raise BannerRefused(_("结束时间应晚于开始时间"))
    if not leads_inside(text.target_path):
        raise BannerRefused(_("请填写本站公开页面的路径，例如 /p/da-hong-pao"))
    fields = {**asdict(text), "title": title, "subtitle": subtitle, "saved_by": by, "saved_at": at}
    if banner is None:
        return Banner.objects.create(**fields)
    with transaction.atomic():
        locked = Banner.objects.select_for_update(no_key=True).get(pk=banner.pk)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(fields))
    return locked


def remove_banner(*, banner: Banner, by: Any, at: datetime) -> None:
    """Show a banner no longer. The row stays."""
    Banner.objects.filter(pk=banner.pk).update(is_active=False, saved_by=by, saved_at=at)


def leads_inside(path: str) -> bool:
    """Say whether a path is that of a page of ours which a stranger may open."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//") or len(path) > 200:
        return False
    if any(char in path for char in "\\\r\n\t\x00"):
        return False
    try:
        view: Any = resolve(parts.path).func
    except Resolver404:
        return False
    rule = getattr(view, "access", None)
    return rule is not None and rule.allows is None
