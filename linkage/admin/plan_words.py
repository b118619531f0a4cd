"""How a plan version is shown: its standing, its worst case, and what of its way to publication is done."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linkage.models import PlanVersion
from linkage.rules.plan import Plan, further_worst_case_fen, payout_limit_fen, worst_case_fen
from suppliers.models import Sku


def standing_of(version: PlanVersion, current: PlanVersion | None, now: datetime) -> tuple[str, str]:
    """Return how a version stands, in a word and a tone."""
    if version.published_at is None:
        return (_("待复核"), "info") if version.submitted_at else (_("草稿"), "warn")
    if current is not None and version.version == current.version:
        return (_("生效中"), "good") if version.params is not None else (_("生效中，2+1 关闭"), "bad")
    if version.starts_at is not None and version.starts_at > now:
        return _("待生效"), "info"
    return _("已结束"), ""


def worst_case(plan: Plan) -> dict[str, Any]:
    """Return the most that one pack can pay out, part by part, with widths in thousandths of the price."""
    share = plan.see_point_fen * plan.peer_rate_bps // 10_000
    by_promotion = plan.direct_agent_fen + plan.peer_bonus_fen >= plan.direct_partner_fen
    parts = [
        (_("直推奖"), plan.direct_agent_fen if by_promotion else plan.direct_partner_fen, "direct"),
        (_("平级奖"), plan.peer_bonus_fen if by_promotion else 0, "peer"),
        (_("见点奖"), plan.see_point_fen, "see"),
        (_("平级分润"), share, "share"),
    ]
    bars, start = [], 0
    for label, fen, tone in parts:
        if fen:
            width = 1000 * fen // plan.pack_price_fen
            bars.append({"label": label, "fen": fen, "tone": tone, "start": start, "width": width})
            start += width
    worst, limit = worst_case_fen(plan), payout_limit_fen(plan)
    return {
        "fen": worst,
        "further_fen": further_worst_case_fen(plan),
        "limit_fen": limit,
        "left_fen": limit - worst,
        "share_bps": 10_000 * worst // plan.pack_price_fen,
        "limit_at": 1000 * limit // plan.pack_price_fen,
        "bars": bars,
        "uncovered": uncovered(plan),
    }


def uncovered(plan: Plan) -> str:
    """Name the gift packs that would cost more than they bring under a plan."""
    most = plan.pack_price_fen - worst_case_fen(plan)
    packs = Sku.objects.filter(is_gift_pack=True, is_active=True, supply_price_fen__gt=most)
    return "、".join(packs.order_by("id").values_list("product__name", flat=True)[:5])
