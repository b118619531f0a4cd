"""How the demo's two operators put a plan into force: simulated, read, handed over, published."""

from datetime import datetime

import linkage.commands
from linkage.models import PlanVersion, RunKind
from linkage.rules.compliance import TEXT_VERSION, warnings_of
from members.models import Member

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
