"""What the demo's operators aim at: targets of figures, and the promises with which the mall began."""

from datetime import datetime, timedelta

from insights import commands, rules
from mall.core.ids import SHANGHAI

from .opening import Shop

# Two months of three are over.
BEGAN_DAYS, PROMISED_DAYS = 60, 90
TARGETS = (
    (rules.IN_TIME, 9_600, "对买家的承诺"),
    (rules.STOCK_OUT, 300, "旺季备货"),
    (rules.EARNINGS, 2_500, "超过就要看规则"),
    (rules.REPEAT, 3_000, "年度计划"),
    (rules.BIG_REFUND, 30_000, "比一份礼包少一些"),
)
PROMISES = (
    (rules.MEMBERS, 20_000),
    (rules.AGENTS, 10_000),
    (rules.EFFICIENCY, 3_000),
    (rules.STOCK_OUT, -5_000),
    (rules.REPEAT, 4_000),
    (rules.AOV, 1_000),
)


def aim(*, shop: Shop, at: datetime) -> None:
    """Make the figures of every day, and set what they are held against."""
    commands.rebuild_days(at=at)
    for kind, value, reason in TARGETS:
        commands.set_target(kind=kind, value=value, reason=reason, by=shop.reviewer, at=at - timedelta(days=BEGAN_DAYS))
    start = (at - timedelta(days=BEGAN_DAYS)).astimezone(SHANGHAI).date()
    for kind, change in PROMISES:
        commands.set_goal(
            kind=kind,
            start_date=start,
            due_date=start + timedelta(days=PROMISED_DAYS),
            change_bps=change,
            reason="开业时对外说的",
            by=shop.reviewer,
            at=at - timedelta(days=BEGAN_DAYS),
        )
