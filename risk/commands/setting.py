"""Setting a rule: a new version, never an edit."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from members.models import Member
from risk.models import RuleVersion
from risk.queries import rule_in_force
from risk.rules import MEASURES

from .refusals import RiskRefused

REASON_MAX = 200


def set_rule(*, kind: str, is_on: bool, threshold: int, reason: str, by: Member, at: datetime) -> RuleVersion:
    """Put a rule in force from the next run on. Raises RiskRefused; setting what is set already is refused."""
    measure = MEASURES.get(kind)
    if measure is None:
        raise RiskRefused(_("没有这条规则"))
    if not measure.low <= threshold <= measure.high:
        raise RiskRefused(_("阈值须在 %(low)d 到 %(high)d 之间") % {"low": measure.low, "high": measure.high})
    reason = " ".join(reason.split())[:REASON_MAX]
    if not reason:
        raise RiskRefused(_("请写明原因"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"risk rule {kind}"])
        standing = rule_in_force(kind)
        if (standing.is_on, standing.threshold) == (is_on, threshold):
            raise RiskRefused(_("规则没有变化"))
        return RuleVersion.objects.create(
            kind=kind,
            version=standing.version + 1,
            is_on=is_on,
            threshold=threshold,
            reason=reason,
            set_by=by,
            set_at=at,
        )
