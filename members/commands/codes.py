"""Codes by SMS. The rows of `CodeRequest` are the limits: a flushed cache forgets nothing."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from members.gateways import SmsNotSent, sms_gateway
from members.models import CodeRequest, SmsMessage
from members.rules import (
    ADDRESS_LIMITS,
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    LIMITS_LOOK_BACK,
    MALL_LIMITS,
    PHONE_LIMITS,
)

__all__ = ["CodeRefused", "SmsNotSent", "TooManyCodes", "keep_message", "redeem_code", "send_code", "sweep_codes"]


class TooManyCodes(Exception):
    """No more codes for now; `wait` tells how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class CodeRefused(Exception):
    """The code is wrong, used, too old, or was guessed at too often. Which of these is not told."""


def send_code(*, phone: str, purpose: str, address: str, at: datetime) -> None:
    """Send a new code to `phone`, which burns the one before. `address` is the network address of who asks.

    The request counts from the moment its row is committed, whether or not the message then goes out. Raises
    TooManyCodes beyond the limits of `rules`, SmsNotSent where the gateway fails. No transaction may be open.
    """
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with transaction.atomic(durable=True):
        _lock(f"code phone {phone}")
        if address:
            _lock(f"code address {address}")
        _check_limits(phone, purpose, address, at)
        CodeRequest.objects.filter(phone=phone, purpose=purpose, tries_left__gt=0).update(tries_left=0)
        CodeRequest.objects.create(
            phone=phone,
            purpose=purpose,
            address=address,
            code_hash=_code_hash(phone, purpose, code),
            tries_left=CODE_TRIES,
            at=at,
            expires_at=at + CODE_LIFE,
        )
    sms_gateway().send(phone=phone, purpose=purpose, code=code, at=at)


def redeem_code(*, phone: str, purpose: str, code: str, at: datetime) -> None:
    """Use up the code that was last sent to `phone`. Raises CodeRefused unless it is this one.

    A try is taken off before the code is compared and stays taken: parallel guesses share the same five.
    """
    with transaction.atomic(durable=True):
        request = (
            CodeRequest.objects.select_for_update()
            .filter(phone=phone, purpose=purpose, tries_left__gt=0, used_at=None, expires_at__gt=at)
            .order_by("-at", "-id")
            .first()
        )
        if request is None:
            raise CodeRefused
        right = hmac.compare_digest(request.code_hash, _code_hash(phone, purpose, code))
        CodeRequest.objects.filter(pk=request.pk).update(
            tries_left=0 if right else F("tries_left") - 1, used_at=at if right else None
        )
    if not right:
        raise CodeRefused


def keep_message(*, phone: str, purpose: str, body: str, at: datetime) -> SmsMessage:
    """Put a message in the demo's outbox."""
    return SmsMessage.objects.create(phone=phone, purpose=purpose, body=body, at=at)


def sweep_codes(*, at: datetime) -> int:
    """Forget requests that no limit counts any more; returns how many."""
    return CodeRequest.objects.filter(at__lt=at - 2 * LIMITS_LOOK_BACK).delete()[0]


def _check_limits(phone: str, purpose: str, address: str, at: datetime) -> None:
    """Raise TooManyCodes where one more request would be too many. The caller holds the locks of phone and address."""
    asked = CodeRequest.objects.filter(at__gt=at - LIMITS_LOOK_BACK)
    budgets = [(asked.filter(phone=phone, purpose=purpose), PHONE_LIMITS), (asked, MALL_LIMITS)]
    if address:
        budgets.append((asked.filter(address=address), ADDRESS_LIMITS))
    for requests, limits in budgets:
        for within, at_most in limits:
            # The instant at which the oldest request that still counts leaves the window.
            nth = (
                requests.filter(at__gt=at - within).order_by("-at").values_list("at", flat=True)[at_most - 1 : at_most]
            )
            for oldest in nth:
                raise TooManyCodes(oldest + within - at)


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _code_hash(phone: str, purpose: str, code: str) -> str:
    return salted_hmac("members.codes", f"{phone} {purpose} {code}", algorithm="sha256").hexdigest()
