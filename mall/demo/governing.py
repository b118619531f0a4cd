"""How the demo's two operators put a plan into force: simulated, read, handed over, published."""

from datetime import datetime

import linkage.commands
from ledger.models import Account, AccountKind
from linkage.models import Adjustment, AdjustmentKind, PlanVersion, RunKind
from linkage.rules.compliance import TEXT_VERSION, warnings_of
from members.models import Member

from .opening import Shop

COPIED_DAYS = 60
SIMULATED = {"size": 600, "seed": 8023, "shape": "random", "refer_bps": 3_000, "days": 120}


def publish_together(
    draft: PlanVersion, *, author: Member, checker: Member, starts_at: datetime, at: datetime
) -> PlanVersion:
    """Publish a draft as two people do at the pages of `/ops/`."""
    simulate(draft, by=author, at=at)
    linkage.commands.acknowledge_compliance(
        version=draft.version,
        text_version=TEXT_VERSION,
        findings=warnings_of(draft.plan) if draft.plan else [],
        by=author,
        at=at,
    )
    linkage.commands.submit_plan(version=draft.version, by=author, at=at)
    return linkage.commands.publish_plan(version=draft.version, starts_at=starts_at, by=checker, at=at)


def simulate(draft: PlanVersion, *, by: Member, at: datetime) -> None:
    run = linkage.commands.ask_simulation(version=draft.version, kind=RunKind.SYNTHETIC, inputs=SIMULATED, by=by, at=at)
    linkage.commands.run_simulation(run_id=run.pk, tick=lambda: at)


def govern(*, shop: Shop, at: datetime) -> None:
    """Leave something to see: the draft simulated on a tree and on what happened, red lines counted, an adjustment that
    took effect and one that waits."""
    draft = PlanVersion.objects.filter(published_at=None, params__isnull=False).first()
    if draft is not None:
        simulate(draft, by=shop.reviewer, at=at)
        run = linkage.commands.ask_simulation(
            version=draft.version, kind=RunKind.COPY, inputs={"days": COPIED_DAYS}, by=shop.reviewer, at=at
        )
        linkage.commands.run_simulation(run_id=run.pk, tick=lambda: at)
    richest = Account.objects.filter(kind=AccountKind.AVAILABLE).order_by("-balance_fen", "holder_id")
    first, second = (Member.objects.get(pk=holder_id) for holder_id in richest.values_list("holder_id", flat=True)[:2])
    made = _adjust(first, 30_00, "平台活动奖励漏发，补发", shop, at)
    linkage.commands.approve_adjustment(number=made.number, by=shop.releaser, at=at)
    _adjust(second, -12_00, "重复补贴，会员同意扣回", shop, at)
    linkage.commands.settle_waiting(at=at)
    linkage.commands.count_compliance(at=at)


def _adjust(member: Member, amount_fen: int, reason: str, shop: Shop, at: datetime) -> Adjustment:
    return linkage.commands.ask_adjustment(
        member=member, kind=AdjustmentKind.ADJUST, amount_fen=amount_fen, reason=reason, by=shop.reviewer, at=at
    )
