"""What is refused, and who may do what."""

from django.utils.translation import gettext as _

from members.models import Member

CHECK, APPROVE = "reconciliation.check_day", "reconciliation.approve_day"
WORDS_MIN, WORDS_MAX = 4, 200


class ReconciliationRefused(Exception):
    """This cannot be done; the message says why, and nothing was written."""


def need(by: Member, right: str) -> None:
    """Raise ReconciliationRefused unless this person may check days, or approve what others asked for."""
    if not (by.is_active and by.has_perm(right)):
        raise ReconciliationRefused(_("你没有对账的权限") if right == CHECK else _("你没有复核对账的权限"))


def words_of(text: str) -> str:
    """Return what somebody wrote, in one line. Raises ReconciliationRefused where it says nothing."""
    words = " ".join(text.split())[:WORDS_MAX]
    if len(words) < WORDS_MIN:
        raise ReconciliationRefused(_("请把经过写清楚，至少 4 个字"))
    return words
