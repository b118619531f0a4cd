"""Plans for tests, published as the mall publishes them: by two people, with a small simulation."""

from datetime import UTC, datetime
from typing import Any

from linkage import commands
from linkage.models import PlanVersion, RunKind, SimulationRun
from linkage.rules.compliance import TEXT_VERSION
from members.models import Member

SMALL = {"size": 12, "seed": 1, "days": 30}


def planner(name: str = "plan-author") -> Member:
    """Return an operator with all rights, who joined nobody's tree and is in no stream."""
    member, _made = Member.objects.get_or_create(
        public_id=name,
        defaults={
            "nickname": name,
            "shard": 0,
            "is_staff": True,
            "is_superuser": True,
            "joined_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )
    return member


def drafted(params: dict[str, Any] | None, *, name: str = "") -> PlanVersion:
    return commands.draft_plan(name=name, params=params, by=planner())


def simulated(version: PlanVersion, *, at: datetime, **inputs: Any) -> SimulationRun:
    """Run a small simulation of a draft to its end."""
    run = commands.ask_simulation(
        version=version.version, kind=RunKind.SYNTHETIC, inputs=SMALL | inputs, by=planner(), at=at
    )
    return commands.run_simulation(run_id=run.pk, tick=lambda: at)


def submitted(params: dict[str, Any] | None, *, at: datetime, name: str = "") -> PlanVersion:
    """Draft, simulate, acknowledge and submit."""
    draft = drafted(params, name=name)
    if params is not None:
        simulated(draft, at=at)
        commands.acknowledge_compliance(version=draft.version, text_version=TEXT_VERSION, by=planner(), at=at)
    return commands.submit_plan(version=draft.version, by=planner(), at=at)


def published(
    params: dict[str, Any] | None, *, starts_at: datetime, at: datetime | None = None, name: str = ""
) -> PlanVersion:
    """Have a plan in force from an instant on."""
    draft = submitted(params, at=at or starts_at, name=name)
    checker = planner("plan-checker")
    return commands.publish_plan(version=draft.version, starts_at=starts_at, by=checker, at=at or starts_at)
