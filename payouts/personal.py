"""What this app keeps of a person, and what hinders closing an account."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding, Obstacle, Term

from .models import PayoutHold, Withdrawal
from .rules import ENDED_STATES

# Papers about taxes are kept for ten years (rules to the law on the collection of taxes, art. 29).
TAX_DAYS = 10 * 365 + 3

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
            "channel",
            "account_label",
            "state",
            "requested_at",
            "waiting_at",
            "confirmed_at",
            "rejected_at",
            "returned_at",
            "reason",
            "paid_at",
        ),
        fate=Fate.KEPT,
        why=_("会计和税务法规要求保存；只以会员号保留"),
        anchors=True,
    ),
    Holding(
        model="payouts.Payee",
        name="payee",
        title=_("实名登记（已用于提现）"),
        purpose=_("支付奖励和代扣税款"),
        fields=("masked_name", "id_tail", "registered_at", "is_current"),
        where={"used": True},
        fate=Fate.EMPTIED,
        emptied={"is_current": False},
        why=_("代扣过税款的身份信息，税法要求保存；注销后证件号可以在新账号上登记"),
        anchors=True,
    ),
    Holding(
        model="payouts.Payee",
        name="payee_unused",
        title=_("实名登记（还没提现）"),
        purpose=_("支付奖励和代扣税款"),
        fields=("masked_name", "id_tail", "registered_at", "is_current"),
        where={"used": False},
        fate=Fate.ERASED,
    ),
    Holding(
        model="payouts.PayeeCorrection",
        name="payee_corrections",
        title=_("实名更正记录"),
        purpose=_("支付奖励和代扣税款"),
        fields=("before__masked_name", "after__masked_name", "corrected_at"),
        fate=Fate.KEPT,
        why=_("代扣过税款的身份信息怎样更正，税法要求保存十年；只以会员号保留"),
        term=Term(days=TAX_DAYS, since=("corrected_at",)),
        anchors=True,
    ),
    Holding(
        model="payouts.PayoutAccount",
        name="payout_accounts",
        title=_("收款账户"),
        purpose=_("支付奖励和代扣税款"),
        fields=("kind", "bank_name", "label", "added_at", "removed_at"),
        fate=Fate.EMPTIED,
        emptied={"detail_sealed": "", "openid": "", "bank_name": "", "label": "", "fingerprint": ""},
        anchors=True,
    ),
    Holding(
        model="payouts.PayoutHold",
        name="payout_holds",
        title=_("提现暂停"),
        purpose=_("防范盗用和欺诈"),
        fields=("words", "placed_at", "released_at"),
        fate=Fate.KEPT,
        why=_("资金风险处理的记录，依法保存；只以会员号保留"),
        anchors=True,
    ),
)


def closing_obstacles(*, member_id: int, at: datetime) -> Iterator[Obstacle]:
    """Yield the withdrawals that are under way."""
    if Withdrawal.objects.filter(member_id=member_id).exclude(state__in=ENDED_STATES).exists():
        yield Obstacle(_("有提现还在处理，到账后再来"))
    if PayoutHold.objects.filter(member_id=member_id, released_at=None).exists():
        yield Obstacle(_("提现正在核查，核查结束后再来"))
