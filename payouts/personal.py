"""What this app keeps of a person, and what hinders closing an account."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding, Obstacle

from .models import Withdrawal, WithdrawalState

HOLDINGS = (
    Holding(
        model="payouts.Withdrawal",
        name="withdrawals",
        title=_("提现记录"),
        purpose=_("支付奖励和代扣税款"),
        fields=(
            "number",
            "amount_fen",
            "fee_fen",
            "tax_fen",
            "net_fen",
            "state",
            "requested_at",
            "rejected_at",
            "reason",
            "paid_at",
        ),
        fate=Fate.KEPT,
        why=_("会计和税务法规要求保存；只以会员号保留"),
        anchors=True,
    ),
)


def closing_obstacles(*, member_id: int, at: datetime) -> Iterator[Obstacle]:
    """Yield the withdrawals that are under way."""
    ended = (WithdrawalState.PAID, WithdrawalState.REJECTED)
    if Withdrawal.objects.filter(member_id=member_id).exclude(state__in=ended).exists():
        yield Obstacle(_("有提现还在处理，到账后再来"))
