"""Codes and tokens, in the cache: a code counts once and for five minutes, as WeChat's."""

import re
import secrets
from dataclasses import asdict, dataclass

from django.core.cache import cache

CODE_SECONDS = 300
TOKEN_SECONDS = 7200

_HEX = re.compile(r"[0-9a-f]{32,48}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody allowed an app."""

    app_id: str
    person: str
    scope: str


def new_code(grant: Grant) -> str:
    """Return a code for the app."""
    code = secrets.token_hex(16)
    cache.set(f"wechat-open:code:{code}", asdict(grant), CODE_SECONDS)
    return code


def use_code(code: str) -> Grant | None:
    """Return what a code stands for, once."""
    key = f"wechat-open:code:{code}"
    found = cache.get(key) if _HEX.fullmatch(code) else None
    return Grant(**found) if found is not None and cache.delete(key) else None


def new_token(grant: Grant) -> str:
    """Return a token for one person's data."""
    token = secrets.token_hex(24)
    cache.set(f"wechat-open:token:{token}", asdict(grant), TOKEN_SECONDS)
    return token


def grant_of(token: str) -> Grant | None:
    """Return what a token allows."""
    found = cache.get(f"wechat-open:token:{token}") if _HEX.fullmatch(token) else None
    return Grant(**found) if found is not None else None


def app_token(app_id: str) -> str:
    """Return the app's own token: the same one until it runs out, as `stable_token` does."""
    return _kept(f"wechat-open:app:{app_id}")


def jsapi_ticket(app_id: str) -> str:
    """Return the ticket that signs pages of the app."""
    return _kept(f"wechat-open:ticket:{app_id}")


def _kept(key: str) -> str:
    cache.add(key, secrets.token_hex(24), TOKEN_SECONDS)
    return str(cache.get(key))
