"""In whose name a line of an entry is booked; a payout leaves the account of whoever carries the money."""

from linkage.rules import engine
from orders.queries import BANK_HOLDER, IMPORTED, cash_holders
from payouts.queries import purses


def holder_of(account: str, member: int | None, cash_holder: int | None) -> int:
    """Return the holder of an account: its member, or who carried the cash.

    Nobody is known to have carried the cash of a withdrawal that is asked for and paid in one batch: it is the history
    of another mall.
    """
    if member is not None:
        return member
    if account != engine.CASH:
        return 0
    return cash_holders()[IMPORTED] if cash_holder is None else cash_holder


def cash_holders_of(numbers: list[str]) -> dict[str, int]:
    """Return who held the money that each withdrawal was paid from."""
    if not numbers:
        return {}
    holders = cash_holders()
    holders |= {"bank": BANK_HOLDER, "": holders[IMPORTED]}
    return {number: holders[purse] for number, purse in purses(numbers=numbers).items()}
