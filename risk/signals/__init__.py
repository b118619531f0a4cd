"""How each sign of fraud is found: one statement over the mall's own rows for each kind."""

from collections.abc import Callable
from datetime import datetime

from risk import rules
from risk.rules import Finding

from . import buying, growing, money, sharing

Finder = Callable[[int, datetime, datetime], list[Finding]]

# What takes the threshold, how far back to look and until when.
FINDERS: dict[str, Finder] = {
    rules.SAME_DEVICE: sharing.same_device,
    rules.SAME_NETWORK: sharing.same_network,
    rules.SAME_ADDRESS: sharing.same_address,
    rules.SAME_PAYER: sharing.same_payer,
    rules.SAME_ACCOUNT: sharing.same_account,
    rules.BURST: growing.burst,
    rules.DUMMY_TWO: growing.dummy_two,
    rules.RING: buying.ring,
    rules.ONE_PACK: buying.one_pack,
    rules.NO_SALES: buying.no_sales,
    rules.LATE_REFUND: money.late_refund,
    rules.ACCOUNT_CHANGE: money.account_change,
}
