"""What the people of the demo agreed to, how they log in by WeChat, and what they call their addresses."""

from datetime import datetime
from zlib import crc32

import httpx
from django.conf import settings

import members.commands
import members.queries
from mall.core import clock
from members.commands import AddressText
from members.gateways import wechat
from members.models import AddressLabel, ConsentKind, Member

from .people import ACCOUNTS, AGENT, CONSUMER, NEWCOMER
from .provider import PATIENCE

# How many of a hundred have the switch on.
PERSONALISED, MARKETED = 62, 35
# Who they are at the stand-in of WeChat.
AT_WECHAT = {CONSUMER: "xiaoman", AGENT: "linxi", NEWCOMER: "ajie"}


class WechatSilent(Exception):
    """The stand-in of WeChat did not send anybody back."""


def let_people_agree(*, at: datetime) -> None:
    """Write down what everybody agreed to when they joined; some have a switch on as well."""
    everybody = list(Member.objects.filter(is_staff=False, closed_at=None).order_by("pk"))
    for kind, share in (
        (ConsentKind.TERMS, 100),
        (ConsentKind.PRIVACY, 100),
        (ConsentKind.PERSONALISATION, PERSONALISED),
        (ConsentKind.MARKETING, MARKETED),
    ):
        agreeing = [member for member in everybody if _chance(member, kind) < share or member.phone in _PHONES]
        members.commands.import_consents(kind=kind, members=agreeing, at=at)


def bind_wechat_identities(*, at: datetime) -> None:
    """Let the people one logs in as also come by WeChat, through its pages. The provider is at hand."""
    before = settings.WECHAT_API_URL
    settings.WECHAT_API_URL = f"{settings.SANDBOX_URL}/wechat"
    try:
        with clock.standing_at(at):
            for name, person in AT_WECHAT.items():
                told = wechat.person_by_code(code=_allowed(person), scope=wechat.USERINFO)
                identity = members.commands.meet_wechat(person=told, at=at)
                members.commands.bind_wechat(identity=identity, member=_member(name), at=at)
    finally:
        settings.WECHAT_API_URL = before


def name_addresses(*, at: datetime) -> None:
    """Give the buyer a second address, and names to both."""
    buyer = _member(CONSUMER)
    home = members.queries.default_address(member=buyer)
    if home is not None:
        text = AddressText(home.name, home.phone, home.province, home.city, home.district, home.detail)
        members.commands.save_address(
            member=buyer, text=text, label=AddressLabel.HOME, address_id=home.pk, is_default=True, at=at
        )
    office = AddressText("江小满", "13800000001", "浙江省", "杭州市", "滨江区", "江南大道 588 号恒鑫大厦 1602")
    members.commands.save_address(member=buyer, text=office, label=AddressLabel.WORK, at=at)
    members.commands.record_consent(member=buyer, kind=ConsentKind.SHARING, is_given=True, at=at)


_PHONES = {account.phone for account in ACCOUNTS if not account.site}


def _chance(member: Member, kind: str) -> int:
    return crc32(f"{kind} {member.public_id}".encode()) % 100


def _member(name: str) -> Member:
    return Member.objects.get(phone=next(account.phone for account in ACCOUNTS if account.name == name))


def _allowed(person: str) -> str:
    """Allow on WeChat's page as this person; returns the code."""
    address = f"{settings.WECHAT_API_URL}/connect/oauth2/authorize"
    asked = {
        "appid": settings.WECHAT_APP_ID,
        "redirect_uri": f"{settings.SITE_URL}/wx/callback",
        "response_type": "code",
        "scope": wechat.USERINFO,
        "state": "demo",
    }
    with httpx.Client(timeout=PATIENCE) as browser:
        browser.get(address, params=asked)
        token = browser.cookies.get("csrftoken") or browser.cookies.get("__Host-csrf") or ""
        chosen = {"who": person, "decision": "allow", "csrfmiddlewaretoken": token}
        answer = browser.post(address, params=asked, data=chosen, headers={"Referer": address})
    code = httpx.URL(answer.headers.get("Location", "")).params.get("code", "")
    if not code:
        raise WechatSilent(f"status {answer.status_code}")
    return code
