"""What this app and the ledger keep of a person, and what hinders closing an account.

The ledger knows no member: its accounts are a member's by the holder's number, which is no name.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.models import MEMBER_KINDS
from ledger.queries import member_balances
from mall.core.money import yuan
from mall.core.personal import Fate, Holding, Obstacle

_BOOKS = _("记录奖励的来龙去脉")
_WHY = _("记账凭证按会计法规保存，不能改也不能删；只以会员号保留")

HOLDINGS = (
    Holding(
        model="linkage.Position",
        name="rank",
        title=_("头衔和团队位置"),
        purpose=_("计算奖励"),
        fields=("rank", "packs", "valid_referrals"),
        fate=Fate.KEPT,
        why=_("别人的奖励也按它计算；只以会员号保留"),
    ),
    Holding(
        model="linkage.Reward",
        name="rewards",
        title=_("奖励"),
        purpose=_BOOKS,
        fields=("order__order__number", "kind", "amount_fen", "held_fen", "hold", "reversed", "hold_ended_at"),
        fate=Fate.KEPT,
        why=_WHY,
        anchors=True,
    ),
    Holding(
        model="linkage.MaturingSum",
        name="maturing",
        title=_("将到期的奖励，按日合计"),
        purpose=_("显示什么时候可以提现"),
        fields=("date", "rewards", "amount_fen"),
        fate=Fate.KEPT,
        why=_WHY,
    ),
    Holding(
        model="linkage.Commission",
        name="commissions",
        title=_("零售佣金"),
        purpose=_BOOKS,
        fields=("order__number", "net_fen", "bps", "kept_fen", "amount_fen", "paid_at", "received_at", "matured"),
        fate=Fate.KEPT,
        why=_WHY,
        anchors=True,
    ),
    Holding(
        model="linkage.CommissionCut",
        name="commission_cuts",
        title=_("佣金扣回"),
        purpose=_BOOKS,
        fields=("commission__order__number", "kept_fen", "amount_fen", "at"),
        fate=Fate.KEPT,
        why=_WHY,
    ),
    Holding(
        model="linkage.TeamMove",
        name="team_moves",
        title=_("团队变动"),
        purpose=_("说明谁何时离开了哪个团队"),
        fields=("kind", "order__order__number", "at"),
        fate=Fate.KEPT,
        why=_("别人的奖励也按团队计算；只以会员号保留"),
        anchors=True,
    ),
    Holding(
        model="linkage.Adjustment",
        name="adjustments",
        title=_("人工调整"),
        purpose=_BOOKS,
        fields=("number", "kind", "amount_fen", "reason", "state", "asked_at", "decided_at"),
        fate=Fate.KEPT,
        why=_WHY,
        anchors=True,
    ),
    Holding(
        model="linkage.TaskProgress",
        name="tasks",
        title=_("新人任务进度"),
        purpose=_("决定推荐人的奖励何时解冻"),
        fields=("kind", "reached", "at"),
        fate=Fate.KEPT,
        why=_("推荐人的奖励按它解冻；只以会员号保留"),
    ),
    Holding(
        model="linkage.LinkageEvent",
        name="events",
        title=_("奖励结算的依据"),
        purpose=_BOOKS,
        owner="member_id",
        fields=("kind", "at", "reference", "packs", "amount_fen", "number"),
        fate=Fate.KEPT,
        why=_WHY,
    ),
    Holding(
        model="ledger.Posting",
        name="ledger",
        title=_("账户明细"),
        purpose=_BOOKS,
        owner="account__holder_id",
        where={"account__kind__in": [kind.value for kind in MEMBER_KINDS]},
        fields=("entry__kind", "entry__reference", "entry__at", "account__kind", "amount_fen"),
        fate=Fate.KEPT,
        why=_WHY,
        anchors=True,
    ),
    Holding(
        model="ledger.ChainEntry",
        name="ledger_chain",
        title=_("账户明细的哈希链"),
        purpose=_("证明你的账目没有被改过"),
        owner="holder_id",
        fields=("sequence", "entry_id"),
        fate=Fate.KEPT,
        why=_WHY,
    ),
)


def closing_obstacles(*, member_id: int, at: datetime) -> Iterator[Obstacle]:
    """Yield the rewards that the member would lose; they can be given up."""
    balances = member_balances(holder_id=member_id)
    parts = (
        (balances.available_fen, gettext("可提现 %s，可以先去提现")),
        (balances.pending_fen, gettext("待结算 %s")),
        (balances.held_fen, gettext("冻结 %s")),
    )
    for amount_fen, words in parts:
        if amount_fen > 0:
            yield Obstacle(words % yuan(amount_fen), can_be_given_up=True)
