"""Setting targets and promises: a new version, never an edit."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from insights.models import Goal, GoalKind, Target
from insights.rules import CHANGE_MAX, TARGETS
from mall.core.ids import SHANGHAI
from members.models import Member

from .refusals import InsightsRefused

REASON_MAX = 200
DAYS_MAX = 3_660


def set_target(*, kind: str, value: int | None, reason: str, by: Member, at: datetime) -> Target:
    """Set what a figure should be, in its own unit; without a value there is no target any more. Raises
    InsightsRefused; setting what is set already is refused."""
    measure = TARGETS.get(kind)
    if measure is None:
        raise InsightsRefused(_("没有这个指标"))
    if value is not None and not 0 <= value <= measure.most:
        raise InsightsRefused(_("目标太大了"))
    reason = _said(reason)
    with transaction.atomic():
        _lock(f"insights target {kind}")
        standing = Target.objects.filter(kind=kind).order_by("-version").first()
        if (standing.value if standing else None) == value:
            raise InsightsRefused(_("目标没有变化"))
        version = standing.version + 1 if standing else 1
        return Target.objects.create(kind=kind, version=version, value=value, reason=reason, set_by=by, set_at=at)


def set_goal(
    *, kind: str, start_date: date, due_date: date, change_bps: int, reason: str, by: Member, at: datetime
) -> Goal:
    """Promise that a figure changes by so much from a start until a date. Raises InsightsRefused; promising what is
    promised already is refused."""
    if kind not in GoalKind.values:
        raise InsightsRefused(_("没有这个承诺"))
    if start_date > at.astimezone(SHANGHAI).date():
        raise InsightsRefused(_("起点日期不能在今天之后"))
    if not 0 < (due_date - start_date).days <= DAYS_MAX:
        raise InsightsRefused(_("到期日期要在起点之后，十年以内"))
    if not -10_000 < change_bps <= CHANGE_MAX or change_bps == 0:
        raise InsightsRefused(_("变化要在 −99.99% 到 +10,000% 之间，不能是 0"))
    reason = _said(reason)
    with transaction.atomic():
        _lock(f"insights goal {kind}")
        standing = Goal.objects.filter(kind=kind).order_by("-version").first()
        promised = (start_date, due_date, change_bps)
        if standing and (standing.start_date, standing.due_date, standing.change_bps) == promised:
            raise InsightsRefused(_("承诺没有变化"))
        return Goal.objects.create(
            kind=kind,
            version=standing.version + 1 if standing else 1,
            start_date=start_date,
            due_date=due_date,
            change_bps=change_bps,
            reason=reason,
            set_by=by,
            set_at=at,
        )


def _said(reason: str) -> str:
    said = " ".join(reason.replace("\0", "").split())[:REASON_MAX]
    if not said:
        raise InsightsRefused(_("请写明原因"))
    return said


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
