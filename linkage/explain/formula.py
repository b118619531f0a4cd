"""The amount of a reward, line by line, and the clause that it comes from."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from linkage.models import Rank, Reward, RewardKind
from linkage.rules.clauses import clauses
from linkage.rules.plan import Plan
from mall.core.money import share_fen

from .shapes import COUNT, FEN, PLUS, RATE, START, TIMES, Term

_CLAUSES = {
    RewardKind.DIRECT: "直推奖",
    RewardKind.SEE_POINT: "见点奖",
    RewardKind.PEER_SHARE: "平级分润",
    RewardKind.PEER_BONUS: "平级奖",
}


def recompute(terms: Iterable[Term]) -> int:
    """Return what the formula's lines give, in fen: sums of products, and a share of all above, rounded down."""
    total = product = 0
    for term in terms:
        if term.unit == RATE:
            total, product = share_fen(total + product, term.value), 0
        elif term.sign == TIMES:
            product *= term.value
        else:
            total, product = total + product, term.value
    return total + product


def formula(reward: Reward, plan: Plan) -> list[Term]:
    """Return the lines that make the amount of a reward; its order is loaded."""
    order = reward.order
    if reward.kind == RewardKind.PEER_BONUS:
        return [
            Term(START, _("平级奖"), _basis(reward, _("每次升级一次")), reward.first_fen, FEN),
            Term(TIMES, _("升级"), _("每人只升一次"), 1, COUNT),
        ]
    is_direct = reward.kind == RewardKind.DIRECT
    further = order.packs - order.first_packs
    terms = []
    if order.first_packs:
        first = _("直推奖 / 首份礼包") if is_direct else _("见点奖 / 首份礼包")
        terms.append(Term(START, first, _basis(reward), reward.first_fen, FEN))
        terms.append(Term(TIMES, _("首份礼包"), "", order.first_packs, COUNT))
    if further:
        sign = PLUS if terms else START
        each = _("直推奖 / 复购每份") if is_direct else _("见点奖 / 复购每份")
        terms.append(Term(sign, each, "" if terms else _basis(reward), reward.further_fen, FEN))
        terms.append(Term(TIMES, _("复购份数"), "", further, COUNT))
    if reward.kind == RewardKind.PEER_SHARE:
        terms.append(Term(TIMES, _("平级分润比例"), _("不足一分舍去"), plan.peer_rate_bps, RATE))
    return terms


def _basis(reward: Reward, more: str = "") -> str:
    rank = Rank(reward.acting).label
    version = _("规则 v%(version)s") % {"version": reward.order.plan_version}
    return " · ".join(filter(None, [version, more, _("付款时的身份：%(rank)s") % {"rank": rank}]))


def clause_for(plan: Plan, reward: Reward) -> tuple[int, str]:
    """Return number and text of the clause that a reward comes from."""
    repeat = reward.order.first_packs == 0 and reward.kind in (RewardKind.DIRECT, RewardKind.SEE_POINT)
    return clause_of(plan, "复购" if repeat else _CLAUSES[RewardKind(reward.kind)])


def clause_of(plan: Plan, topic: str) -> tuple[int, str]:
    """Return number and text, in the reader's language, of the plan's clause on a topic, such as 冻结."""
    for number, clause in enumerate(clauses(plan, str), start=1):
        if clause.startswith(f"{topic}："):
            return number, clauses(plan, _)[number - 1]
    raise LookupError(f"no clause of the plan is about {topic}")
