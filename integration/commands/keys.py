"""Keys: made by an owner and told once, known by a hash, refused when they are over or their maker's seat is."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integration import rules
from integration.models import ActKind, ApiKey, Scope
from mall.core.ids import random_code
from mall.core.seats import seat_of
from mall.core.text import clean_line
from suppliers.models import Supplier

from .acts import note_act

MARK = "hj_"
PREFIX_LENGTH = len(MARK) + 8
DAYS_MAX = 366
# The last use is kept to the minute.
USE_KEPT = timedelta(minutes=1)


class IntegrationRefused(Exception):
    """It cannot be done; the text says why. Nothing was changed."""


class KeyRefused(Exception):
    """A key opens nothing. `code` says why, for programs."""

    def __init__(self, code: str, text: Any) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key, and the one time that its text is known."""

    key: ApiKey
    text: str


def make_key(*, supplier: Supplier, name: str, scopes: Sequence[str], days: int, by: Any, at: datetime) -> MadeKey:
    """Make a key that lasts so many days and acts for `by`. Raises IntegrationRefused."""
    try:
        name = clean_line(name, rules.NAME_MAX)
    except ValueError as error:
        raise IntegrationRefused(_("名称太长")) from error
    wanted = [scope for scope in rules.SCOPES if scope in scopes]
    if not name or not wanted or len(wanted) != len(set(scopes)) or not 1 <= days <= DAYS_MAX:
        raise IntegrationRefused(_("请填写名称、权限和有效期"))
    text = f"{MARK}{random_code(8)}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        own = ApiKey.objects.filter(supplier=supplier, revoked_at=None)
        if own.filter(name=name).exists():
            raise IntegrationRefused(_("已有同名的密钥，换一个名称"))
        if own.filter(expires_at__gt=at).count() >= rules.KEYS_MAX:
            raise IntegrationRefused(_("密钥最多 %d 个，先停用不用的") % rules.KEYS_MAX)
        key = ApiKey.objects.create(
            supplier=supplier,
            name=name,
            prefix=text[:PREFIX_LENGTH],
            digest=_digest(text),
            scopes=wanted,
            made_by=by,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        words = "、".join(str(Scope(scope).label) for scope in wanted)
        note_act(
            supplier=supplier,
            kind=ActKind.KEY_MADE,
            by=by,
            subject=f"{name} {key.prefix}",
            detail=words,
            key=key,
            at=at,
        )
    return MadeKey(key, text)


def revoke_key(*, key: ApiKey, by: Any, at: datetime) -> None:
    """Close a key from its next request on. Raises IntegrationRefused where it is closed already."""
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
            raise IntegrationRefused(_("这个密钥已经停用"))
        note_act(
            supplier=key.supplier, kind=ActKind.KEY_REVOKED, by=by, subject=f"{key.name} {key.prefix}", key=key, at=at
        )


def opened_by(*, text: str, at: datetime) -> ApiKey:
    """Return the key whose text this is, with supplier and maker. Raises KeyRefused.

    Who does not know the whole text learns nothing of the key, not even that it is over.
    """
    found = ApiKey.objects.select_related("supplier", "made_by__supplier_seat__supplier")
    key = found.filter(prefix=text[:PREFIX_LENGTH]).first() if text.isascii() else None
    if key is None or not hmac.compare_digest(key.digest, _digest(text)):
        raise KeyRefused("key_unknown", _("没有这个密钥"))
    if key.revoked_at is not None:
        raise KeyRefused("key_revoked", _("这个密钥已停用"))
    if key.expires_at <= at:
        raise KeyRefused("key_expired", _("这个密钥已过期"))
    seat = seat_of(key.made_by) if key.made_by.is_active else None
    if seat is None or seat.supplier_id != key.supplier_id:
        raise KeyRefused("key_suspended", _("供应商或创建密钥的子账号已停用"))
    return key


def note_use(*, key: ApiKey, at: datetime) -> None:
    """Keep when a key was last used, to the minute."""
    if key.last_used_at is None or key.last_used_at <= at - USE_KEPT:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)


def _digest(text: str) -> str:
    """A key is 256 bits of chance: one hash is enough, and there is nothing to guess."""
    return hashlib.sha256(text.encode()).hexdigest()
