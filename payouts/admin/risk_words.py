"""What signals are called."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from payouts.rules import risk

WORDS = {
    risk.SHARED: _("与别的会员同一账户"),
    risk.CHANGED: _("刚换收款信息"),
    risk.GONE: _("账户已移除"),
    risk.OPEN_CASE: _("来源订单在售后"),
    risk.DEBT: _("有欠款"),
    risk.NEW_ACCOUNT: _("账户不满 7 天"),
    risk.NEW_MEMBER: _("加入不满 7 天"),
    risk.NO_ACCOUNT: _("没有登记账户"),
    risk.TAKEN_BACK: _("申请后有扣回"),
    risk.LARGE: _("金额较大"),
    risk.FIRST: _("首次提现"),
}


def reasons(signals: Iterable[str]) -> str:
    """Return signals as people read them."""
    return "、".join(str(WORDS[signal]) for signal in signals)
