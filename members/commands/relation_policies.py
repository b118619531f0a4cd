"""The terms of the relation between shopkeepers and customers, one version after the other."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from members.models import Member, RelationPolicy

from .advising import keep_first_policy

DAYS_MAX = 3_650


class PolicyRefusal(models.TextChoices):
    """Why terms cannot be published, in words for people."""

    BAD_DAYS = "bad_days", _("天数应为整数，触达和锁客至少 1 天，最多 3650 天")
    LOCK_SHORT = "lock_short", _("锁客期不能短于保护期")
    ORDER_SHORT = "order_short", _("下单后的锁客期不能短于锁客期")
    IN_THE_PAST = "in_the_past", _("生效时间不能早于现在")
    NOT_LAST = "not_last", _("生效时间要晚于上一个版本")


class PolicyRefused(Exception):
    """These terms cannot be published; `reason` says why. Nothing was changed."""

    def __init__(self, reason: PolicyRefusal) -> None:
        super().__init__(reason.label)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a version says. Days but for `own_purchases`: whether shopkeepers earn from what they buy themselves."""

    touch_days: int
    protection_days: int
    lock_days: int
    order_lock_days: int
    cooling_off_days: int
    own_purchases: bool = False


def publish_policy(
    *, terms: PolicyTerms, by: Member | None, at: datetime, starts_at: datetime | None = None
) -> RelationPolicy:
    """Publish the next version, in force from `starts_at` on, or from now. What was placed or bound before keeps its.

    Raises PolicyRefused.
    """
    _check(terms)
    starts = starts_at or at
    if starts < at:
        raise PolicyRefused(PolicyRefusal.IN_THE_PAST)
    try:
        with transaction.atomic():
            keep_first_policy()
            newest = RelationPolicy.objects.select_for_update().order_by("-version").first()
            assert newest is not None
            if starts <= newest.starts_at:
                raise PolicyRefused(PolicyRefusal.NOT_LAST)
            return RelationPolicy.objects.create(
                version=newest.version + 1, starts_at=starts, created_by=by, **asdict(terms)
            )
    except IntegrityError as error:
        # Two at once: the other one took the number.
        raise PolicyRefused(PolicyRefusal.NOT_LAST) from error


def _check(terms: PolicyTerms) -> None:
    least = {"touch_days": 1, "lock_days": 1, "protection_days": 0, "order_lock_days": 1, "cooling_off_days": 0}
    for name, minimum in least.items():
        days = getattr(terms, name)
        if type(days) is not int or not minimum <= days <= DAYS_MAX:
            raise PolicyRefused(PolicyRefusal.BAD_DAYS)
    if terms.lock_days < terms.protection_days:
        raise PolicyRefused(PolicyRefusal.LOCK_SHORT)
    if terms.order_lock_days < terms.lock_days:
        raise PolicyRefused(PolicyRefusal.ORDER_SHORT)
