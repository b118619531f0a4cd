"""The share centre: a link, its QR code, a poster, the card in a chat; and what came of all this."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agents import queries
from agents.channels import CHOSEN, COPY, NAMES, QR, WECHAT, channel_name, clean_channel
from agents.posters import content, shelf
from agents.posters.drawing import LOOKS
from agents.queries.sharing import DAYS, brought, links_page
from agents.targets import HOME, PACKS, PRODUCT, SHOP, Target, link_path, target_named
from linkage.queries import plan_in_force
from mall.core import clock
from mall.core.access import members_only
from mall.core.photos import photo_url
from mall.core.public_page import describe
from members.models import Member

from .signed_in import member_of

WEEK = 7
GOODS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Tab:
    """Something else that may be shared."""

    label: str
    href: str
    is_current: bool


@members_only
@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """Share something (`?to=`) somewhere (`?ch=`): with htmx as a sheet over any page, otherwise as a page."""
    at = clock.now()
    member = member_of(request)
    target = _target(request, member)
    channel = clean_channel(request.GET.get("ch", ""))
    channel = channel if channel in CHOSEN else ""
    in_sheet = request.headers.get("HX-Target") == "sheet"
    may_sell = queries.may_sell(member=member, at=at)
    page = {
        **sharing_of(member=member, target=target, channel=channel),
        "frame": "components/bare.html" if in_sheet else "base.html",
        "in_sheet": in_sheet,
        "swap_target": "#sheet" if in_sheet else "#content",
        "week": brought(member=member, days=WEEK, path=target.path, at=at),
        "shop": queries.own_shop(member=member) if may_sell else None,
        "may_sell": may_sell,
        "plan": plan_in_force(at=at),
        "now": at,
    }
    if not in_sheet:
        items = queries.recommended(member_id=member.pk, limit=GOODS_SHOWN, at=at) if may_sell else []
        _describe(request, target, str(page["card_link"]))
        page |= {"tabs": _tabs(target, page["plan"] is not None, page["shop"] is not None), "items": items}
    return render(request, "agents/share.html", page)


def sharing_of(*, member: Member, target: Target, channel: str) -> dict[str, Any]:
    """Return what the sheet shows of a target: the link and the codes, each with the tag of its channel."""
    base = reverse("agents:share")
    return {
        "target": target,
        "channel": channel,
        "channels": [
            (code, NAMES[code], f"{base}?{urlencode({'to': target.to, 'ch': code}, safe='/')}", code == channel)
            for code in CHOSEN
        ],
        "link": link_path(member=member, target=target, channel=channel or COPY),
        "card_link": link_path(member=member, target=target, channel=channel or WECHAT),
        "code_link": link_path(member=member, target=target, channel=channel or QR),
        "has_poster": target.kind in content.KINDS,
        "poster_href": f"{reverse('agents:poster')}?{urlencode({'to': target.to}, safe='/')}",
    }


@members_only
@require_safe
def share_stats(request: HttpRequest) -> HttpResponse:
    """What came of the links: by what they lead to and where they were shared, for some days."""
    at = clock.now()
    member = member_of(request)
    days = _days(request.GET.get("days", ""))
    channel = request.GET.get("ch")
    if channel is not None and channel and not clean_channel(channel):
        channel = None
    page = links_page(member=member, days=days, channel=channel, after=request.GET.get("after", ""), at=at)
    kept = {"days": str(days)} | ({"ch": channel} if channel is not None else {})
    names = _names_of([row.path for row in page.rows])
    context = {
        "rows": [{"row": row, "name": names[row.path], "channel": channel_name(row.channel)} for row in page.rows],
        "total": brought(member=member, days=days, channel=channel, at=at),
        "periods": [(one, f"?{urlencode(kept | {'days': str(one)})}", one == days) for one in DAYS],
        "channels": [
            (_("全部渠道"), f"?{urlencode({'days': str(days)})}", channel is None),
            *(
                (label, f"?{urlencode({'days': str(days), 'ch': code})}", channel == code)
                for code, label in NAMES.items()
            ),
        ],
        "more": f"?{urlencode(kept | {'after': page.next_cursor})}" if page.next_cursor else "",
        "now": at,
    }
    return render(request, "agents/share_stats.html", context)


@members_only
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """A poster to save, in one of four looks."""
    at = clock.now()
    member = member_of(request)
    target = _target(request, member)
    look = _look(request.GET.get("look", ""))
    if content.poster_of(member=member, target=target, look=look, at=at) is None:
        raise Http404
    base = reverse("agents:poster")
    item = queries.own_item(member=member, slug=target.card.product.slug) if target.card else None
    page = {
        "target": target,
        "image": _image_address(member, target, look),
        "looks": [
            (name, _LOOK_NAMES[name], f"{base}?{urlencode({'to': target.to, 'look': name}, safe='/')}", name == look)
            for name in LOOKS
        ],
        "link": link_path(member=member, target=target, channel=COPY),
        "item": item,
        "now": at,
    }
    return render(request, "agents/poster.html", page)


@members_only
@require_safe
def poster_image(request: HttpRequest, code: str, look: str) -> HttpResponse:
    """The poster itself: only of one's own code, so that a kept answer is never another's."""
    at = clock.now()
    member = member_of(request)
    if code != member.referral_code or look not in LOOKS:
        raise Http404
    target = target_named(request.GET.get("to", ""), owner=member, at=at)
    found = content.poster_of(member=member, target=target, look=look, at=at) if target is not None else None
    if found is None:
        raise Http404
    tag = f'"{shelf.digest_of(found)[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        try:
            answer = HttpResponse(shelf.drawn(found, member_id=member.pk, at=at), content_type="image/jpeg")
        except shelf.TooManyPosters:
            answer = HttpResponse(
                _("海报画得太频繁了，请过一分钟再试"), status=429, content_type="text/plain; charset=utf-8"
            )
            answer["Retry-After"] = "60"
            return answer
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = f'inline; filename="{code}-{look}.jpg"'
    return answer


def _describe(request: HttpRequest, target: Target, share_path: str) -> None:
    """Say what a chat shows when this page itself is passed on: the target, by the member's own link."""
    product = target.card.product if target.card else None
    image = product.image if product else target.shop.picture if target.shop else ""
    describe(
        request,
        title=target.title if target.kind != HOME else settings.SITE_NAME,
        description=product.subtitle if product else target.shop.notice if target.shop else _("品质国货，产地直发"),
        image=photo_url(image) if image else "",
        path=target.path,
        share_path=share_path,
    )


def _target(request: HttpRequest, member: Member) -> Target:
    target = target_named(request.GET.get("to", ""), owner=member, at=clock.now())
    if target is None:
        raise Http404
    return target


def _tabs(target: Target, has_plan: bool, has_shop: bool) -> list[Tab]:
    base = reverse("agents:share")
    offered = [(HOME, _("邀请好友"), "")]
    if has_shop:
        offered.append((SHOP, _("我的小店"), "s"))
    if has_plan:
        offered.append((PACKS, _("礼包"), "packs"))
    tabs = [Tab(label, f"{base}?to={to}" if to else base, kind == target.kind) for kind, label, to in offered]
    if target.kind not in (HOME, SHOP, PACKS):
        tabs.append(Tab(_("商品") if target.kind == PRODUCT else target.title, f"{base}?to={target.to}", True))
    return tabs


def _names_of(paths: list[str]) -> dict[str, str]:
    """Return what people call the pages that links lead to."""
    slugs = {path.removeprefix("/p/"): path for path in paths if path.startswith("/p/")}
    names = {slugs[slug]: name for slug, name in queries.product_names(slugs=list(slugs)).items()}
    home = reverse("shop:home")
    for path in paths:
        if path.startswith("/s/"):
            names[path] = _("我的小店")
        elif path in (home, ""):
            names[path] = _("邀请好友")
        elif path == reverse("agents:join"):
            names[path] = _("礼包与规则")
    return {path: names.get(path, path) for path in paths}


def _image_address(member: Member, target: Target, look: str) -> str:
    path = reverse("agents:poster-image", args=[member.referral_code, look])
    return f"{path}?{urlencode({'to': target.to}, safe='/')}" if target.to else path


def _days(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) in DAYS else DAYS[0]


def _look(text: str) -> str:
    return text if text in LOOKS else next(iter(LOOKS))


_LOOK_NAMES = {
    "paper": gettext_lazy("米白"),
    "jade": gettext_lazy("松石"),
    "rose": gettext_lazy("豆沙"),
    "ink": gettext_lazy("靛青"),
}
