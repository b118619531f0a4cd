"""The people of the stand-in: each has one openid for each app, and one unionid."""

import base64
import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WechatPerson:
    """Somebody who uses WeChat."""

    key: str
    nickname: str

    def openid(self, app_id: str) -> str:
        """Return who this is for one app, as WeChat would: 28 characters, and another for every app."""
        return "o" + _digest(f"openid {app_id} {self.key}")

    @property
    def unionid(self) -> str:
        return "u" + _digest(f"unionid {self.key}")


PEOPLE = (
    WechatPerson("xiaoman", "江小满"),
    WechatPerson("linxi", "林溪"),
    WechatPerson("ajie", "阿杰在路上"),
    WechatPerson("keke", "周可"),
    WechatPerson("mama", "豆豆妈妈"),
    WechatPerson("laochen", "老陈"),
)
STRANGER = "stranger-"


def person_of(key: str) -> WechatPerson | None:
    """Return the person with this key: one of the list, or a stranger whom nobody has seen before."""
    for person in PEOPLE:
        if person.key == key:
            return person
    if key.startswith(STRANGER) and key.removeprefix(STRANGER).isalnum() and len(key) <= 40:
        return WechatPerson(key, "微信用户")
    return None


def a_stranger() -> WechatPerson:
    """Return somebody new."""
    return WechatPerson(f"{STRANGER}{secrets.token_hex(8)}", "微信用户")


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())[:27].decode()
