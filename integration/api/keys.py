"""Who asks: a key, what it may, how often."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from integration import commands, rules
from integration.models import ApiKey
from mall.core import clock
from mall.core.seats import PAGES, Role

from .problems import Problem

log = logging.getLogger(__name__)
WINDOW_SECONDS = 60


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. Nobody is signed in by it: `request.auth` is the key, and no session counts."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = clock.now()
        try:
            key = commands.opened_by(text=text.strip(), at=now)
        except commands.KeyRefused as refusal:
            raise Problem(refusal.code) from refusal
        count(key)
        commands.note_use(key=key, at=now)
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="supplier"'


class HasScope(BasePermission):
    """Only what a view names for a method is allowed, to keys that have the scope and whose maker may still do it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            raise Problem("key_missing")
        scopes = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scopes is None:
            view.http_method_not_allowed(request)
        for scope in scopes:
            if not may(key, scope):
                raise Problem("scope_missing", needed=scope)
        return True


def may(key: ApiKey, scope: str) -> bool:
    """Say whether a key has a scope, and whether the seat for which it acts may do as much."""
    page, act = rules.SEAT_ACTS[scope]
    return scope in key.scopes and Role(key.made_by.supplier_seat.role) in PAGES[page][act]


def count(key: ApiKey) -> None:
    """Count a request of a key, whatever it asks for; raises Problem after so many in a minute. Where the cache is
    away, nobody is kept waiting for it."""
    now = int(clock.device_now().timestamp())
    name = f"supplier-key:{key.pk}:{now // WINDOW_SECONDS}"
    try:
        cache.add(name, 0, WINDOW_SECONDS * 2)
        asked = int(cache.incr(name))
    except (RedisError, ValueError) as error:
        log.warning("requests of keys are not counted: %s", error)
        return
    if asked > settings.API_KEY_PER_MINUTE:
        wait = WINDOW_SECONDS - now % WINDOW_SECONDS
        raise Problem("too_many_requests", _("请 %d 秒后再试") % wait, retry_after=wait)
