"""One retail commission, read and explained: whose order it was and why, the formula, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ledger.models import JournalEntry
from linkage.models import Commission, CommissionCut
from mall.core.days import day_words
from mall.core.money import yuan
from mall.core.names import masked_name
from members.models import Member
from members.queries import attribution_words

from .shapes import FEN, RATE, START, TIMES, Piece, RewardStatus, Step, Term
from .way import commission_status
from .words import percent_zh, said


@dataclass(frozen=True, slots=True)
class CommissionExplanation:
    """All that a page shows of one commission. `reasons` say why the order is its shopkeeper's."""

    commission: Commission
    status: RewardStatus
    pieces: tuple[Piece, ...]
    terms: tuple[Term, ...]
    reasons: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    entry_id: int | None

    @property
    def sentence(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def explain_commission(*, line_id: int, member_id: int | None) -> CommissionExplanation | None:
    """Explain the commission of an order line to the shopkeeper who got it, or, without `member_id`, to an operator.
    None where it is not his."""
    found = Commission.objects.select_related("line", "order__adviser_relation", "order__adviser_touch")
    found = found.filter(pk=line_id)
    commission = (found.filter(member_id=member_id) if member_id is not None else found).first()
    if commission is None:
        return None
    cuts = list(commission.cuts.order_by("at", "id"))
    people = {commission.order.member_id, commission.member_id}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "nickname"))
    entry = JournalEntry.objects.filter(kind="commission", reference=str(line_id)).values_list("pk", flat=True).first()
    return CommissionExplanation(
        commission=commission,
        status=commission_status(commission),
        pieces=tuple(_pieces(commission, names, viewer=member_id)),
        terms=tuple(commission_formula(commission)),
        reasons=tuple(_reasons(commission)),
        steps=tuple(_steps(commission, cuts)),
        entry_id=entry,
    )


def commission_formula(commission: Commission) -> list[Term]:
    """Return the lines that make the amount: what was paid for the goods, less what went back, times the share."""
    terms = [Term(START, _("实付商品金额"), commission.line.product_name, commission.net_fen, FEN)]
    back = commission.net_fen - commission.kept_fen
    if back:
        terms.append(Term(START, _("退款"), _("保留 %(kept)s") % {"kept": yuan(commission.kept_fen)}, -back, FEN))
    terms.append(Term(TIMES, _("零售佣金比例"), _("下单时的比例，不足一分舍去"), commission.bps, RATE))
    return terms


def _pieces(commission: Commission, names: dict[int, str], *, viewer: int | None) -> list[Piece]:
    buyer, owner = commission.order.member_id, commission.member_id
    words = {
        "buyer": _("你") if buyer == viewer else masked_name(names.get(buyer, "")),
        "goods": commission.line.product_name,
        "me": _("你") if owner == viewer else masked_name(names.get(owner, "")),
        "kind": _("零售佣金"),
        "net": yuan(commission.net_fen),
        "rate": percent_zh(commission.bps),
        "kept": yuan(commission.kept_fen),
        "amount": yuan(commission.amount_fen),
    }
    text = _("{buyer}购买了{goods}，这一单归{me}：按实付 [net] 的 [rate] 得{kind}，只有这一级。")
    if commission.kept_fen == 0:
        text += _("商品已全部退款，佣金全部扣回。")
    elif commission.kept_fen < commission.net_fen:
        text += _("其中一部分已退款，按保留的 [kept] 计，得 [amount]。")
    return [Piece(part, strong) for part, strong in said(text, words)]


def _reasons(commission: Commission) -> list[tuple[str, str]]:
    """What stood on the order when it was placed; nothing that happened later changes it."""
    order = commission.order
    reasons = [(_("归属原因"), attribution_words(reason=order.adviser_reason))]
    relation, touch = order.adviser_relation, order.adviser_touch
    if relation is not None:
        span = _("%(since)s 建立，%(how)s") % {
            "since": day_words(relation.since),
            "how": relation.get_reason_display(),
        }
        reasons.append((_("客户关系"), span))
    if touch is not None:
        reasons.append((_("分享链接"), _("%(day)s 打开") % {"day": day_words(touch.at)}))
    if order.relation_version is not None:
        reasons.append((_("规则版本"), _("客户关系规则 v%(version)s") % {"version": order.relation_version}))
    return reasons


def _steps(commission: Commission, cuts: list[CommissionCut]) -> list[Step]:
    order = commission.order
    first = _("佣金 %(amount)s 待结算") % {"amount": yuan(commission.first_fen)}
    past = [Step("done", _("下单支付"), first, commission.paid_at)]
    if order.shipped_at is not None:
        past.append(Step("done", _("商家发货"), "", order.shipped_at))
    if commission.received_at is not None:
        past.append(Step("done", _("确认收货"), "", commission.received_at))
    past += [_cut(cut) for cut in cuts]
    amount = {"amount": yuan(commission.amount_fen)}
    ahead: list[Step] = []
    if commission.matured:
        ends = cooled_off(commission)
        past.append(Step("done", _("冷静期结束 · 转为可提现"), "", ends))
    elif commission.kept_fen == 0:
        pass
    elif commission.received_at is None:
        ahead.append(Step("now", _("等待确认收货"), _("买家收货后开始计算冷静期")))
        note = _("收货后满 %(days)s 天") % {"days": commission.days}
        ahead.append(Step("next", _("冷静期结束 · %(amount)s 可提现") % amount, note))
    else:
        words = _("冷静期 %(days)s 天 · %(amount)s 待结算") % {**amount, "days": commission.days}
        due = _("%(day)s期满") % {"day": day_words(commission.matures_at)}
        ahead.append(Step("now", words, _("期满转为可提现"), due=due))
    return [*sorted(past, key=lambda step: step.at or commission.paid_at), *ahead]


def _cut(cut: CommissionCut) -> Step:
    text = _("退款 · 扣回 %(amount)s") % {"amount": yuan(cut.amount_fen)}
    return Step("bad", text, _("保留 %(kept)s") % {"kept": yuan(cut.kept_fen)}, cut.at)


def cooled_off(commission: Commission) -> datetime | None:
    """Return when the cooling-off of the goods is over, or was; None before they were received."""
    received = commission.received_at
    return None if received is None else received + timedelta(days=commission.days)
