"""A supplier whose goods are sold and returned, for tests of its statements."""

from datetime import date, datetime
from typing import Any

from ledger.models import AccountKind
from ledger.queries import balance_fen
from remittance.commands import close_statement, confirm_statement, set_account, set_terms
from remittance.models import Statement
from suppliers.models import Sku, Supplier
from tests.factories import a_seat, a_sku, a_supplier, later

NOVEMBER, DECEMBER = (date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))
AFTER_NOVEMBER, AFTER_DECEMBER = later(days=30), later(days=61)


class House:
    """A supplier with one good: 68 yuan, of which 40 are the supplier's."""

    def __init__(self, name: str = "") -> None:
        self.supplier: Supplier = a_supplier(name)
        self.owner = a_seat(self.supplier)
        self.sku: Sku = a_sku(supplier=self.supplier, on_hand=500)

    @property
    def owed_fen(self) -> int:
        """What the ledger says that the mall owes this supplier."""
        return balance_fen(kind=AccountKind.SUPPLIER_PAYABLE, holder_id=self.supplier.pk)

    def close(self, period: tuple[date, date] = NOVEMBER, at: datetime = AFTER_NOVEMBER) -> Any:
        return close_statement(supplier=self.supplier, start=period[0], end=period[1], at=at)

    def terms(self, *, fee_bps: int = 200, commission_bps: int = 0, period: str = "month") -> None:
        set_terms(
            supplier=self.supplier,
            starts_on=date(2026, 11, 1),
            period=period,
            fee_bps=fee_bps,
            commission_bps=commission_bps,
            by=None,
            at=later(days=-1),
        )

    def account(self, *, number: str = "6222 0200 1234 5678", at: datetime = AFTER_NOVEMBER) -> Any:
        return set_account(
            supplier=self.supplier,
            holder="山里人茶业有限公司",
            bank_name="农业银行武夷山支行",
            number=number,
            by=self.owner,
            at=at,
        )


def confirmed(house: House) -> Statement:
    statement = house.close()
    confirm_statement(statement=statement, by=house.owner, at=AFTER_NOVEMBER)
    return Statement.objects.get(pk=statement.pk)
