"""What each rule says in words, and in which unit it measures."""

from typing import Any

from django.utils.translation import gettext_lazy

from . import rules
from .queries import RuleInForce

SAYS: dict[str, Any] = {
    rules.SAME_DEVICE: gettext_lazy("同一推荐人名下（含本人）有 %(threshold)d 人以上用过同一台设备，近 %(days)d 天"),
    rules.SAME_NETWORK: gettext_lazy(
        "同一推荐人名下（含本人）有 %(threshold)d 人以上从同一个网络地址来，近 %(days)d 天"
    ),
    rules.SAME_ADDRESS: gettext_lazy(
        "同一推荐人名下（含本人）有 %(threshold)d 人以上把货寄到同一个地址，近 %(days)d 天"
    ),
    rules.SAME_PAYER: gettext_lazy("同一推荐人名下（含本人）有 %(threshold)d 人以上用同一个微信付款，近 %(days)d 天"),
    rules.SAME_ACCOUNT: gettext_lazy(
        "同一推荐人名下（含本人）有 %(threshold)d 人以上填了同一个收款账户，近 %(days)d 天"
    ),
    rules.BURST: gettext_lazy("一小时内由同一人推荐注册 %(threshold)d 人以上，近 %(days)d 天"),
    rules.RING: gettext_lazy("两三个人互为客户，彼此成交 %(threshold)d 单以上，近 %(days)d 天"),
    rules.LATE_REFUND: gettext_lazy("奖励或佣金已可提现之后，带来它的订单又退了 %(threshold)d 单以上，近 %(days)d 天"),
    rules.ONE_PACK: gettext_lazy(
        "推荐的人里有 %(threshold)d 人以上只买过一份礼包、30 天没有再买，且占八成以上，近 %(days)d 天"
    ),
    rules.DUMMY_TWO: gettext_lazy(
        "靠前两位推荐升为合伙人，这两位 %(threshold)d 天来没再来过、没再买过、也没推荐过人，近 %(days)d 天"
    ),
    rules.ACCOUNT_CHANGE: gettext_lazy("申请提现前 %(threshold)d 天内换过收款账户，近 %(days)d 天"),
    rules.NO_SALES: gettext_lazy("拿到 %(threshold)d 笔以上礼包奖励，却没有卖出过一单普通商品，近 %(days)d 天"),
}
UNITS: dict[str, Any] = {
    rules.PEOPLE: gettext_lazy("%d 人"),
    rules.ORDERS: gettext_lazy("%d 单"),
    rules.DAYS: gettext_lazy("%d 天"),
    rules.REWARDS: gettext_lazy("%d 笔"),
}


def says(rule: RuleInForce) -> str:
    """Return a rule as a sentence."""
    return str(SAYS[rule.kind]) % {"threshold": rule.threshold, "days": rule.measure.days}


def measured(kind: str, value: int) -> str:
    """Return how much was measured, with its unit."""
    return str(UNITS[rules.MEASURES[kind].unit]) % value


def false_rate(percent: int | None) -> str:
    """Return the share of false alarms among what was decided; a dash where nothing was."""
    return "—" if percent is None else f"{percent}%"
