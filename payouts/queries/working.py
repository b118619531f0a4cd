"""How the tax of a withdrawal came about, line by line, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mall.core.money import yuan
from payouts.models import PayoutPolicy, TaxKind, Withdrawal
from payouts.rules import Line

# Lines that are taken away from what stands above them.
TAKEN_AWAY = {"fixed_deduction", "costs", "monthly_deduction", "quick_deduction", "withheld"}


@dataclass(frozen=True, slots=True)
class WorkingRow:
    """One line of the working for people: `sign` is a minus, an equals sign, or nothing."""

    sign: str
    label: str
    amount_fen: int
    is_result: bool = False


def tax_method(*, kind: str, bps: int) -> str:
    """Return in a few words how tax is worked out."""
    if kind == TaxKind.PER_PAYMENT:
        return _("劳务报酬，同一个月合并为一次")
    if kind == TaxKind.CUMULATIVE:
        return _("劳务报酬，按年累计预扣")
    return percent(bps)


def working_rows(lines: Iterable[Line]) -> list[WorkingRow]:
    """Return the working of a tax that is not a flat share; nothing for one that is."""
    rows = []
    for line in lines:
        label = _label(line)
        if label:
            sign = "−" if line.name in TAKEN_AWAY else "=" if line.name in ("taxable", "due", "tax") else ""
            rows.append(WorkingRow(sign, label, line.amount_fen, is_result=line.name == "tax"))
    return rows


def kept_working(*, withdrawal: Withdrawal) -> list[WorkingRow]:
    """Return the working that was written down when a withdrawal was asked for."""
    kept: Sequence[Sequence[Any]] = withdrawal.working
    return working_rows(Line(name, amount, bps, count) for name, amount, bps, count in kept)


def policy_method(*, policy: PayoutPolicy) -> str:
    """Return in a few words how tax is worked out under a policy."""
    return tax_method(kind=policy.tax_kind, bps=policy.tax_bps)


def percent(bps: int) -> str:
    """Return basis points as people read them: `0.6%`, `20%`."""
    whole, rest = divmod(bps, 100)
    return f"{whole}{f'.{rest:02d}'.rstrip('0') if rest else ''}%"


def _label(line: Line) -> str:
    rate = "" if line.bps is None else percent(line.bps)
    words = {
        "income": _("这一笔提现额"),
        "month_before": _("本月此前已提"),
        "month_income": _("本月合计"),
        "year_before": _("今年此前已提"),
        "year_income": _("今年累计收入"),
        "exempt": _("不超过此数不预扣"),
        "fixed_deduction": _("减除费用（固定）"),
        "costs": _("减除费用 %(rate)s") % {"rate": rate},
        "monthly_deduction": _("减除费用 5,000 元 × %(count)s 个月") % {"count": line.count},
        "taxable": _("应纳税所得额"),
        "at_rate": _("预扣率 %(rate)s") % {"rate": rate},
        "quick_deduction": _("速算扣除数"),
        "due": _("应预扣税额"),
        "withheld": _("此前已预扣"),
        "capped": _("本次最多只能扣到，余下的下次再扣"),
        "tax": _("本次预扣个税"),
    }
    return words.get(line.name, "")


def limits_words(*, policy: PayoutPolicy) -> str:
    """Return the limits of a policy in a few words."""
    words = [_("%s 起") % yuan(policy.min_fen)]
    if policy.day_count_max is not None:
        words.append(_("每天最多 %d 笔") % policy.day_count_max)
    if policy.day_fen_max is not None:
        words.append(_("每天最多 %s") % yuan(policy.day_fen_max))
    return " · ".join(words)
