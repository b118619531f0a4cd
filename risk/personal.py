"""What this app keeps of a person. An open case is not told: whoever it is about would know what to hide."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding, Term

THREE_YEARS = 3 * 365

HOLDINGS = (
    Holding(
        model="risk.Hit",
        name="risk_hits",
        title=_("处理过的风险预警"),
        purpose=_("防范虚假推荐和套取奖励"),
        fields=("kind", "found_at", "state", "decided_at"),
        where={"state__in": ["confirmed", "false_alarm"]},
        fate=Fate.KEPT,
        why=_("处理争议时的依据，保存三年"),
        term=Term(days=THREE_YEARS, since=("decided_at",)),
    ),
)
