"""What a reviewer looks at before a withdrawal is let pass."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ledger.queries import member_balances
from mall.core.admin.columns import moment
from mall.core.money import yuan
from payouts.models import TaxKind, Withdrawal
from payouts.queries import Look, others_with_account, rests_until, tax_method


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist beside a withdrawal; `tone` is good, warn or bad."""

    tone: str
    label: str
    words: str


def checks_of(withdrawal: Withdrawal, look: Look, now: datetime) -> list[Check]:
    """Return what a reviewer looks at: the name, the account, its rest, the tax, the orders behind it, the balance."""
    account, payee = withdrawal.account, withdrawal.payee
    if account is None or payee is None:
        return [Check("warn", _("收款账户"), _("历史导入，没有登记收款账户"))]
    others = others_with_account(account=account)
    rests = rests_until(member_id=withdrawal.member_id, at=now)
    method = tax_method(kind=_tax_kind(withdrawal), bps=withdrawal.tax_bps)
    return [
        Check("good", _("实名"), f"{payee.masked_name} {payee.masked_id}"),
        Check(
            "good" if account.removed_at is None else "bad",
            _("收款账户"),
            f"{withdrawal.get_channel_display()} {withdrawal.account_label}"
            + (_("（会员已移除）") if account.removed_at else ""),
        ),
        Check(
            "good", _("户名一致"), _("微信 2,000 元起由微信核对姓名") if account.openid else _("打款时由渠道核对户名")
        ),
        Check(
            "bad" if others else "good",
            _("同一账户"),
            _("另有 %d 位会员登记过这个账户") % others if others else _("没有别的会员用过"),
        ),
        Check(
            "warn" if rests else "good",
            _("72 小时内未变更"),
            _("收款信息又有变更，%s 前不能再申请") % moment(rests)
            if rests
            else _("账户 %s 添加") % moment(account.added_at),
        ),
        Check("good", _("个税算法"), f"{method} v{withdrawal.policy_version}"),
        Check(
            "warn" if look.cases else "good",
            _("来源订单"),
            _("在售后：%s") % "、".join(look.cases) if look.cases else _("没有未结的售后"),
        ),
        _balance(withdrawal, look),
    ]


def _balance(withdrawal: Withdrawal, look: Look) -> Check:
    balances = member_balances(holder_id=withdrawal.member_id)
    if balances.debt_fen:
        return Check("bad", _("提后余额"), _("欠款 %s，先弄清再付") % yuan(balances.debt_fen))
    if look.taken_fen:
        words = _("%(left)s，申请后扣回过 %(taken)s")
        return Check(
            "warn", _("提后余额"), words % {"left": yuan(balances.available_fen), "taken": yuan(look.taken_fen)}
        )
    return Check("good", _("提后余额"), _("%s，不会变成负数") % yuan(balances.available_fen))


def _tax_kind(withdrawal: Withdrawal) -> str:
    names = {row[0] for row in withdrawal.working}
    if "monthly_deduction" in names:
        return TaxKind.CUMULATIVE
    return TaxKind.FLAT if not names or "flat" in names else TaxKind.PER_PAYMENT
