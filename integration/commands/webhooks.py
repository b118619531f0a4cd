"""Where a supplier is told, of what, and by which secret it knows that it was us."""

import base64
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integration import rules
from integration.gateways import receivers
from integration.models import ActKind, Webhook
from mall.core.sealing import seal, unseal
from suppliers.models import Supplier

from .acts import note_act
from .keys import IntegrationRefused

URL_MAX = 300
PURPOSE = "webhook secret"
_HOST = re.compile(r"[0-9A-Za-z.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


def url_of(text: str) -> str:
    """Return an address that may be told: https, a public host, nothing hidden in it. Raises IntegrationRefused.

    The host is looked up here, and again whenever something is sent.
    """
    url = text.strip()
    if not url.isascii() or len(url) > URL_MAX or re.search(r"[\x00-\x20\\]", url):
        raise IntegrationRefused(_("请填写完整的网址，中文域名请写成 xn-- 开头的形式"))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise IntegrationRefused(_("请填写完整的网址")) from error
    if parts.username is not None or parts.password is not None or parts.fragment or "@" in parts.netloc or port == 0:
        raise IntegrationRefused(_("网址里不能有账号、密码和 # 后的部分"))
    if not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        raise IntegrationRefused(_("请填写完整的网址"))
    try:
        found = receivers.addresses_of(host, port or 443)
    except receivers.NotPublic as error:
        raise IntegrationRefused(_("这个网址不在公网上，推送不到内网和本机")) from error
    except OSError as error:
        raise IntegrationRefused(_("找不到这个域名，请检查拼写")) from error
    is_local = settings.WEBHOOK_ALLOWS_LOOPBACK and all(receivers.is_loopback(address) for address in found)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise IntegrationRefused(_("请用 https:// 开头的网址"))
    return url


def set_webhook(*, supplier: Supplier, url: str, events: Sequence[str], by: Any, at: datetime) -> tuple[Webhook, str]:
    """Tell a supplier there from now on. Returns the webhook and, the first time, its secret, which is told once.

    Raises IntegrationRefused.
    """
    checked = url_of(url)
    wanted = [event for event in rules.EVENTS if event in events]
    if not wanted:
        raise IntegrationRefused(_("请至少选一种事件"))
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        webhook, secret = Webhook.objects.filter(supplier=supplier).first(), ""
        if webhook is None:
            secret = new_secret()
            webhook = Webhook(supplier=supplier, sealed=seal(secret, purpose=PURPOSE))
        webhook.url, webhook.events, webhook.is_active = checked, wanted, True
        webhook.set_by, webhook.set_at = by, at
        webhook.save()
        note_act(supplier=supplier, kind=ActKind.WEBHOOK_SET, by=by, subject=checked, detail="、".join(wanted), at=at)
    return webhook, secret


def switch_off(*, webhook: Webhook, by: Any, at: datetime) -> None:
    """Tell nothing any more. What waits goes on waiting until it is over. Raises IntegrationRefused."""
    with transaction.atomic():
        if not Webhook.objects.filter(pk=webhook.pk, is_active=True).update(is_active=False):
            raise IntegrationRefused(_("推送已经关闭"))
        note_act(supplier=webhook.supplier, kind=ActKind.WEBHOOK_OFF, by=by, subject=webhook.url, at=at)


def rotate_secret(*, webhook: Webhook, by: Any, at: datetime) -> str:
    """Sign with a new secret, which is returned once; the one before signs as well for a day."""
    secret = new_secret()
    with transaction.atomic():
        locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
        locked.sealed_before, locked.before_until = locked.sealed, at + timedelta(hours=rules.OLD_SECRET_HOURS)
        locked.sealed = seal(secret, purpose=PURPOSE)
        locked.save(update_fields=["sealed", "sealed_before", "before_until"])
        note_act(supplier=webhook.supplier, kind=ActKind.SECRET_ROTATED, by=by, subject=webhook.url, at=at)
    return secret


def secrets_of(webhook: Webhook, at: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first."""
    sealed = [webhook.sealed]
    if webhook.sealed_before and webhook.before_until is not None and at < webhook.before_until:
        sealed.append(webhook.sealed_before)
    return [unseal(one, purpose=PURPOSE) for one in sealed]


def new_secret() -> str:
    """Return 32 bytes of chance, as Standard Webhooks writes a secret."""
    return rules.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
