"""The same write sent twice is done once: what was answered is kept beside what was done, in one transaction."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from integration.models import ApiAnswer
from suppliers.models import Supplier

from .keys import IntegrationRefused

KEPT_DAYS = 30

Answer = tuple[int, dict[str, Any]]


class KeyReused(IntegrationRefused):
    """The idempotency key belongs to another request."""


def answered_once(
    *, supplier: Supplier, idempotency_key: str, request: bytes, at: datetime, run: Callable[[], Answer]
) -> tuple[int, dict[str, Any], bool]:
    """Do `run` unless the supplier sent this key before; return status, body, and whether it is a repeat.

    `request` is what is asked: method, address and body. Two at once: the second waits for the first. What `run` raises
    undoes everything and is not kept, so that the key may be used again. In the caller's transaction. Raises KeyReused.
    """
    fingerprint = hashlib.sha256(request).hexdigest()
    try:
        with transaction.atomic():
            kept = ApiAnswer.objects.create(
                supplier=supplier, idempotency_key=idempotency_key, fingerprint=fingerprint, at=at
            )
    except IntegrityError:
        before = ApiAnswer.objects.get(supplier=supplier, idempotency_key=idempotency_key)
        if before.fingerprint != fingerprint:
            raise KeyReused(_("这个 Idempotency-Key 已用于另一个请求")) from None
        return before.status, before.body, True
    status, body = run()
    ApiAnswer.objects.filter(pk=kept.pk).update(status=status, body=body)
    return status, body, False


def forget_answers(*, at: datetime) -> int:
    """Forget what was answered thirty days ago. Returns how many."""
    return ApiAnswer.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]
