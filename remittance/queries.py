"""What is asked about statements of suppliers."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mall.core import spreadsheet
from remittance.models import (
    Statement,
    StatementLine,
    SupplierAccount,
    SupplierTerms,
)
from suppliers.models import Supplier


def lines_of(*, statement: Statement) -> QuerySet[StatementLine]:
    """Return the lines of a statement with their orders and what was in them, oldest first."""
    lines = StatementLine.objects.filter(statement=statement).select_related("order", "dispute")
    return lines.prefetch_related("order__lines").order_by("at", "id")


def line_of(*, statement: Statement, line_id: int) -> StatementLine | None:
    """Return one line of this statement."""
    return StatementLine.objects.filter(statement=statement, pk=line_id).select_related("order").first()


def account_of(*, supplier: Supplier) -> SupplierAccount | None:
    """Return where a supplier is paid now."""
    return SupplierAccount.objects.filter(supplier=supplier, removed_at=None).first()


def terms_of(*, supplier: Supplier) -> list[SupplierTerms]:
    """Return a supplier's terms, newest first."""
    return list(SupplierTerms.objects.filter(supplier=supplier).select_related("set_by").order_by("-starts_on"))


def terms_on(*, supplier: Supplier, day: date) -> SupplierTerms:
    """Return the terms in force on a day; unsaved ones where none were set."""
    found = SupplierTerms.objects.filter(supplier=supplier, starts_on__lte=day).order_by("-starts_on").first()
    return found or SupplierTerms(supplier=supplier, starts_on=day)


def statement_counts(*, supplier: Supplier | None = None) -> dict[str, int]:
    """Return how many statements are in each state, of one supplier or of all."""
    found = Statement.objects.all() if supplier is None else Statement.objects.filter(supplier=supplier)
    return dict(found.values_list("state").annotate(count=Count("id")).order_by())


def csv_lines(*, statement: Statement) -> Iterator[str]:
    """Yield a statement as a CSV file: its lines, then the sums. Amounts in yuan."""
    yield spreadsheet.BOM + spreadsheet.line(
        [_("时间"), _("类型"), _("订单号"), _("关联单号"), _("买家实付"), _("金额")]
    )
    for line in lines_of(statement=statement):
        yield spreadsheet.line(
            [
                _minute(line.at),
                line.get_kind_display(),
                line.order.number if line.order else "",
                line.reference,
                spreadsheet.yuan(line.gross_fen),
                spreadsheet.yuan(line.amount_fen),
            ]
        )
    for label, amount_fen in sums_of(statement=statement):
        yield spreadsheet.line(["", label, "", "", "", spreadsheet.yuan(amount_fen)])


def sums_of(*, statement: Statement) -> list[tuple[str, int]]:
    """Return the sums of a statement in words, each as it adds to what is payable, and that last."""
    sums = [
        (_("上期结转"), statement.carried_fen),
        (_("供货款"), statement.supply_fen),
        (_("退款"), -statement.refund_fen),
        (_("更正"), statement.other_fen),
        (_("平台服务费"), -statement.fee_fen),
        (_("承担零售佣金"), -statement.commission_fen),
    ]
    kept = [(label, fen) for label, fen in sums if fen or label == _("供货款")]
    return [*kept, (_("应付"), statement.payable_fen)]


def _minute(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
