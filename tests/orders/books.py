"""The platform's accounts, as tests compare them."""

from ledger.models import AccountKind
from ledger.queries import balance_fen


def books(supplier_id: int) -> dict[str, int]:
    """Return what the platform's accounts hold, each on its natural side, zeros left out."""
    accounts = {
        "cash": (AccountKind.CASH, 1),
        "imported_cash": (AccountKind.CASH, 2),
        "wechat_cash": (AccountKind.CASH, 3),
        "alipay_cash": (AccountKind.CASH, 4),
        "revenue": (AccountKind.REVENUE, 0),
        "cost": (AccountKind.COST_OF_GOODS, 0),
        "payable": (AccountKind.SUPPLIER_PAYABLE, supplier_id),
        "refunds_owed": (AccountKind.REFUND_PAYABLE, 0),
    }
    balances = {name: balance_fen(kind=kind, holder_id=holder) for name, (kind, holder) in accounts.items()}
    return {name: balance for name, balance in balances.items() if balance}
