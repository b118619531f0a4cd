"""Going through WeChat's pages as somebody who uses WeChat, over the stand-in."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

PHONE_UA = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.50(0x18003236) NetType/WIFI Language/zh_CN"
)


def in_wechat() -> Client:
    """A browser inside WeChat."""
    return Client(headers={"user-agent": PHONE_UA, "accept": "text/html,application/xhtml+xml"})


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def tap(browser: Client, *, who: str, next: str = "/", **more: str) -> Any:
    """Tap the button, choose at WeChat who one is, allow it, and come back; returns the mall's answer."""
    away = browser.post("/wx/login", {"agreed": "1", "next": next} | more)
    return browser.get(allowed(browser, away["Location"], who=who))


def allowed(browser: Client, address: str, *, who: str, decision: str = "allow") -> str:
    """Allow on WeChat's page at `address` and return where that leads."""
    back = browser.post(path_of(address), {"who": who, "decision": decision})
    assert back.status_code == 302
    return path_of(back["Location"])
