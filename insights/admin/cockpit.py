"""The first page of /ops/: how the mall is doing, what was promised, what changed and what waits."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights import rules
from insights.models import Target
from insights.queries import Known, Period, goal_tracks, goals_in_force, known, period_of, targets_in_force
from insights.queries.figures import value_of
from mall.core import clock

from .aims import shown_goals
from .cards import BEFORE, cards, may_see
from .changes import changes, waiting
from .drawing import rate_chart, sales_chart, strip
from .tables import columns_for, table_rows
from .words import change, figure

PERIODS = (
    ("today", gettext_lazy("今天")),
    ("yesterday", gettext_lazy("昨天")),
    ("week", gettext_lazy("近 7 天")),
    ("month", gettext_lazy("近 30 天")),
)
CHART_DAYS = 30
# What of the orders should leave in time where nobody set a target; so much less is bad.
GOOD_BPS, FAIR_LESS_BPS = 9_600, 400
CHANGES_MAX = 12


def cockpit(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what this operator may see, in a fixed number of questions whatever the mall holds."""
    now = clock.now()
    goals, targets = goals_in_force(), targets_in_force()
    days = known(at=now, since=min((goal.start_date for goal in goals.values()), default=None))
    period = period_of(request.GET.get("period", ""), today=days.today)
    shown = cards(request, days, period, targets)
    found = changes(request, days, targets)
    waits = waiting(request, now)
    may_aim = request.user.has_perm("insights.view_target")
    return {
        **context,
        "title": _("驾驶舱"),
        "periods": PERIODS,
        "period": period,
        "compared": BEFORE[period.name],
        "made_at": days.made_at,
        "is_behind": bool(days.days) and days.today - timedelta(days=1) not in days.days,
        "cards": shown,
        "charts": _charts(request, days, targets),
        "goals": shown_goals(goal_tracks(goals, days)) if may_aim else [],
        "may_set": request.user.has_perm("insights.set_target"),
        "changes": found[:CHANGES_MAX],
        "changes_count": len(found),
        "waiting": waits,
        "is_nobody": not (shown or found or waits),
        "now": now,
    }


def _charts(request: HttpRequest, days: Known, targets: dict[str, Target]) -> dict[str, Any]:
    """Return the drawings of the last thirty whole days, with the table of the same days."""
    month = period_of("month", today=days.today)
    rows = days.rows(month.first, month.last)
    if not rows:
        return {}
    columns = columns_for(request)
    found: dict[str, Any] = {"head": [column.label for column in columns], "table": table_rows(rows, columns)}
    if may_see(request, rules.GMV):
        found["sales"] = sales_chart(rows) | _sums(days, month)
    if may_see(request, rules.EARNINGS):
        limit = targets.get(rules.EARNINGS)
        weeks = [_rolling(days, row.date) for row in rows]
        found["rate"] = rate_chart([row.date for row in rows], weeks, limit.value if limit else None)
        found["rate_month"] = figure(rules.BPS, days.value(rules.EARNINGS, month))
        found["rewards_fen"] = sum(row.rewards_fen for row in rows)
        found["commissions_fen"] = sum(row.commissions_fen for row in rows)
    if may_see(request, rules.IN_TIME):
        target = targets.get(rules.IN_TIME)
        good = target.value if target and target.value is not None else GOOD_BPS
        fair = max(0, good - FAIR_LESS_BPS)
        found["strip"] = {
            "cells": strip(rows, good_bps=good, fair_bps=fair),
            "good": figure(rules.BPS, good),
            "fair": figure(rules.BPS, fair),
            "value": figure(rules.BPS, days.value(rules.IN_TIME, month)),
        }
    return found


def _sums(days: Known, month: Period) -> dict[str, str]:
    gmv, before = days.value(rules.GMV, month), days.value(rules.GMV, month.before)
    return {
        "total": figure(rules.FEN, gmv),
        "orders": figure(rules.COUNT, days.value(rules.ORDERS, month)),
        "changed": change(rules.FEN, gmv, before)[0],
    }


def _rolling(days: Known, last: Any) -> int | None:
    """Return the rate of the seven days that end with this one."""
    return value_of(rules.EARNINGS, days.rows(last - timedelta(days=6), last))
