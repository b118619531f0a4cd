"""What happens in the providers' book. Numbers are the merchant's: the same one with the same content is a repeat."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from .models import (
    Trade,
    TradeNotice,
    TradeRefund,
    TradeRefundState,
    TradeState,
    TradeTrouble,
    TransferBill,
    TroubleKind,
)

DELAY = timedelta(seconds=45)
RESEND_AFTER_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
OPERATIONS = (
    *("open", "query", "close", "refund", "refund_query", "bill", "notice", "refund_notice"),
    *("pay", "pay_query", "pay_cancel", "pay_notice"),
)
NOTICE_TROUBLES = (
    TroubleKind.DELAYED,
    TroubleKind.REPEATED,
    TroubleKind.REORDERED,
    TroubleKind.DROPPED,
    TroubleKind.FORGED,
)


class Conflict(Exception):
    """The number is known with other content."""


class NotPossible(Exception):
    """The book does not allow it; the text names the reason in the providers' words."""


def take_trouble(*, provider: str, operation: str) -> str:
    """Return the trouble that was ordered for this call or notice, or nothing, and count it off."""
    with transaction.atomic():
        trouble = (
            TradeTrouble.objects.select_for_update(skip_locked=True)
            .filter(provider=provider, operation=operation, remaining__gt=0)
            .order_by("id")
            .first()
        )
        if trouble is None:
            return ""
        trouble.remaining -= 1
        trouble.save(update_fields=["remaining"])
    return trouble.kind


def find_trade(*, provider: str, merchant_id: str, number: str) -> Trade | None:
    return Trade.objects.filter(provider=provider, merchant_id=merchant_id, number=number).first()


def open_trade(*, provider: str, merchant_id: str, number: str, content: dict[str, Any], at: datetime) -> Trade:
    """Open a trade. Raises Conflict where the number stands for another one, NotPossible where it is over."""
    with transaction.atomic():
        trade, _ = Trade.objects.select_for_update().get_or_create(
            provider=provider,
            merchant_id=merchant_id,
            number=number,
            defaults={**content, "reference": new_reference(at), "created_at": at},
        )
    if any(getattr(trade, field) != content[field] for field in ("amount_fen", "currency", "kind", "payer")):
        raise Conflict
    if trade.state == TradeState.PAID:
        raise NotPossible("ORDERPAID")
    if trade.state == TradeState.CLOSED:
        raise NotPossible("ORDER_CLOSED")
    return trade


def close_trade(*, trade: Trade) -> Trade:
    """Take no money for a trade any more; a paid one stays paid."""
    with transaction.atomic():
        locked = Trade.objects.select_for_update().get(pk=trade.pk)
        if locked.state == TradeState.OPEN:
            locked.state = TradeState.CLOSED
            locked.save(update_fields=["state"])
    return locked


def pay_trade(
    *, trade: Trade, event: str, describe: Callable[[Trade], dict[str, Any]], at: datetime
) -> TradeNotice | None:
    """The buyer pays: write it down with the notice that is now owed. None where it cannot be paid any more."""
    with transaction.atomic():
        locked = Trade.objects.select_for_update().get(pk=trade.pk)
        if locked.state == TradeState.PAID:
            return locked.notices.order_by("id").first()
        if locked.state != TradeState.OPEN or at >= locked.expires_at:
            return None
        locked.state, locked.paid_at = TradeState.PAID, at
        locked.save(update_fields=["state", "paid_at"])
        return owe_notice(
            trade=locked, event=event, operation="notice", url=locked.notify_url, content=describe(locked), at=at
        )


def refund_trade(
    *, trade: Trade, number: str, amount_fen: int, notify_url: str, succeeds: bool, at: datetime
) -> tuple[TradeRefund, bool]:
    """Give a part of a trade back; returns the refund and whether it is a new one.

    Raises Conflict where the number stands for another amount, NotPossible where there is not that much left.
    """
    with transaction.atomic():
        locked = Trade.objects.select_for_update().get(pk=trade.pk)
        known = locked.refunds.filter(number=number).first()
        if known is not None:
            if known.amount_fen != amount_fen:
                raise Conflict
            return known, False
        refunded = locked.refunds.aggregate(sum=Sum("amount_fen"))["sum"] or 0
        if locked.state != TradeState.PAID or refunded + amount_fen > locked.amount_fen:
            raise NotPossible("NOT_ENOUGH")
        refund = TradeRefund.objects.create(
            trade=locked,
            number=number,
            reference=new_reference(at),
            amount_fen=amount_fen,
            notify_url=notify_url,
            state=TradeRefundState.SUCCEEDED if succeeds else TradeRefundState.PROCESSING,
            succeeded_at=at if succeeds else None,
            created_at=at,
        )
    return refund, True


def settle_refund(*, refund: TradeRefund, at: datetime) -> bool:
    """Finish a refund in processing; returns whether this call did."""
    return bool(
        TradeRefund.objects.filter(pk=refund.pk, state=TradeRefundState.PROCESSING).update(
            state=TradeRefundState.SUCCEEDED, succeeded_at=at
        )
    )


def owe_notice(
    *, trade: Trade | TransferBill, event: str, operation: str, url: str, content: dict[str, Any], at: datetime
) -> TradeNotice:
    """Write down a notice that a merchant is owed, with the trouble that was ordered for it."""
    provider = trade.provider if isinstance(trade, Trade) else "wechat"
    trouble = take_trouble(provider=provider, operation=operation)
    due: datetime | None = at
    if trouble in (TroubleKind.DROPPED, TroubleKind.REORDERED):
        due = None
    elif trouble == TroubleKind.DELAYED:
        due = at + DELAY
    return TradeNotice.objects.create(
        trade=trade if isinstance(trade, Trade) else None,
        bill=trade if isinstance(trade, TransferBill) else None,
        notice_id=secrets.token_hex(18),
        event=event,
        notify_url=url,
        content=content,
        trouble=trouble,
        next_try_at=due,
        created_at=at,
    )


def claim_notice(*, notice: TradeNotice, at: datetime) -> TradeNotice | None:
    """Count one more try and say when the next one is due. None where somebody else sends it, or it needs none."""
    later = RESEND_AFTER_SECONDS[notice.tries] if notice.tries < len(RESEND_AFTER_SECONDS) else None
    claimed = TradeNotice.objects.filter(
        pk=notice.pk, tries=notice.tries, acknowledged_at=None, next_try_at__lte=at
    ).update(tries=notice.tries + 1, next_try_at=None if later is None else at + timedelta(seconds=later))
    return TradeNotice.objects.select_related("trade", "bill").get(pk=notice.pk) if claimed else None


def record_answer(*, notice: TradeNotice, answer: str, acknowledged: bool, at: datetime) -> None:
    """Write down what the merchant answered."""
    fields: dict[str, Any] = {"last_answer": answer[:80]}
    if acknowledged:
        fields |= {"acknowledged_at": at, "next_try_at": None}
    TradeNotice.objects.filter(pk=notice.pk, acknowledged_at=None).update(**fields)


def release_reordered(*, provider: str, at: datetime) -> list[TradeNotice]:
    """Let the notices go that waited for another one to be sent first."""
    waiting = TradeNotice.objects.filter(trouble=TroubleKind.REORDERED, tries=0, next_try_at=None)
    found = [notice for notice in waiting.select_related("trade", "bill") if notice.provider == provider]
    TradeNotice.objects.filter(pk__in=[notice.pk for notice in found]).update(next_try_at=at)
    return found


def new_reference(at: datetime) -> str:
    return f"42{at:%Y%m%d}{secrets.randbelow(10**16):016d}"
