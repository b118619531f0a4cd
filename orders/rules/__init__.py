"""What purchases, orders, payments and refunds may become, how many may be ordered, and until when goods go back."""

from datetime import datetime, timedelta

QUANTITY_MAX = 99
LINES_MAX = 50
CART_MAX = 120
GUEST_CART_DAYS = 30
UNPAID_MAX = 10
NOTE_MAX = 120
PAY_MINUTES = 30
AUTO_RECEIVE_DAYS = 10
EXTENDED_DAYS = 7
GOODS_COOLING_OFF_DAYS = 7

PURCHASE_CHANGES: dict[str, frozenset[str]] = {
    "placed": frozenset({"paid", "cancelled"}),
    "paid": frozenset(),
    "cancelled": frozenset(),
}

ORDER_CHANGES: dict[str, frozenset[str]] = {
    "placed": frozenset({"paid", "cancelled"}),
    "paid": frozenset({"shipped", "refunded"}),
    "shipped": frozenset({"received", "refunded"}),
    "received": frozenset({"completed", "refunded"}),
    "completed": frozenset({"refunded"}),
    "cancelled": frozenset(),
    "refunded": frozenset(),
}

PAYMENT_CHANGES: dict[str, frozenset[str]] = {
    "created": frozenset({"captured", "closed", "refunding"}),
    "captured": frozenset({"refunding"}),
    "closed": frozenset({"captured", "refunding"}),
    "refunding": frozenset({"refunded"}),
    "refunded": frozenset(),
}

REFUND_CHANGES: dict[str, frozenset[str]] = {
    "requested": frozenset({"sent", "succeeded", "failed"}),
    "sent": frozenset({"succeeded", "failed"}),
    "failed": frozenset({"requested"}),
    "succeeded": frozenset(),
}

# Where the money of a provider lies: the holder of its CASH account. `import` is the history of another mall.
IMPORTED = "import"
CASH_HOLDERS = {"sandbox": 1, IMPORTED: 2, "wechat": 3, "alipay": 4}
# The mall's own account: nobody pays into it here, suppliers are paid from it.
BANK_HOLDER = 5

PAID_STATES = ("paid", "shipped", "received", "completed")


def sources(changes: dict[str, frozenset[str]], target: str) -> tuple[str, ...]:
    """Return the states from which `target` can be reached in one step, in the order of the table."""
    return tuple(state for state, targets in changes.items() if target in targets)


def pay_until(placed_at: datetime) -> datetime:
    """Return until when an order placed then can be paid; its stock is kept as long."""
    return placed_at + timedelta(minutes=PAY_MINUTES)


def auto_receive_at(shipped_at: datetime) -> datetime:
    """Return when goods shipped then count as received unless the buyer said so before."""
    return shipped_at + timedelta(days=AUTO_RECEIVE_DAYS)


def extended_receipt(auto_receive_at: datetime) -> datetime:
    """Return when goods count as received after the buyer has asked for more time, once."""
    return auto_receive_at + timedelta(days=EXTENDED_DAYS)


def cooled_off_at(received_at: datetime, cooling_off_days: int) -> datetime:
    """Return when the cooling-off of goods received then is over (that instant is outside)."""
    return received_at + timedelta(days=cooling_off_days)


def is_quantity(value: object) -> bool:
    """Say whether this many can be ordered: a whole number from 1 to 99, and of no other type."""
    return type(value) is int and 1 <= value <= QUANTITY_MAX


def is_refundable(*, state: str, packs: int, received_at: datetime | None, cooling_off_days: int, at: datetime) -> bool:
    """Say whether a paid order can be returned whole: a gift pack at any time, other goods until cooled off."""
    if "refunded" not in ORDER_CHANGES[state]:
        return False
    if packs or received_at is None:
        return True
    return state != "completed" and at < cooled_off_at(received_at, cooling_off_days)
