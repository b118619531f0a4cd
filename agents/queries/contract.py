"""The rules and the contract: what is in force, what changed, what comes, what the member signed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from agents.models import RulesAccepted
from linkage.models import PlanVersion, Position, Rank
from linkage.queries import Plan, PlanExample, clauses_of, plan_examples, version_in_force
from members.models import Consent, ConsentKind, Member, RelationPolicy, Shopkeeper, ShopkeeperState
from members.queries import TextInForce, relation_policy, texts_in_force

# Of the roles that earn by recommending; who supplies has another desk.
AGREEMENTS = (ConsentKind.AGENT, ConsentKind.SHOPKEEPER)
VERSIONS_SHOWN = 50
COPIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that is another in a later version; empty where there was none or is none."""

    number: str
    topic: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Contract:
    """All that the page of the rules shows to anybody."""

    version: PlanVersion | None
    plan: Plan | None
    clauses: list[tuple[str, str]]
    examples: list[PlanExample]
    coming: list[PlanVersion]
    versions: list[PlanVersion]
    retail: RelationPolicy
    texts: list[TextInForce]


@dataclass(frozen=True, slots=True)
class Unread:
    """What a member should read and accept: the version of the plan, and agreements of the own roles."""

    plan_version: int | None
    agreements: list[TextInForce]
    is_first: bool

    @property
    def is_any(self) -> bool:
        return self.plan_version is not None or bool(self.agreements)


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """Something the member signed or accepted; `kind` and `version` lead to its words."""

    title: str
    kind: str
    version: int
    at: datetime


def contract(*, at: datetime) -> Contract:
    """Return the rules in force with worked examples, what is announced, and every version there was."""
    version = version_in_force(at=at)
    plan = version.plan if version is not None else None
    published = PlanVersion.objects.filter(published_at__isnull=False).order_by("-starts_at", "-version")
    coming = list(published.filter(starts_at__gt=at)[:VERSIONS_SHOWN])
    return Contract(
        version=version,
        plan=plan,
        clauses=clauses_of(plan=plan) if plan is not None else [],
        examples=plan_examples(plan=plan) if plan is not None else [],
        coming=coming[::-1],
        versions=list(published.filter(starts_at__lte=at)[:VERSIONS_SHOWN]),
        retail=relation_policy(at=at),
        texts=list(texts_in_force(kinds=list(AGREEMENTS)).values()),
    )


def version_before(*, version: PlanVersion) -> PlanVersion | None:
    """Return the version that was published to run before this one."""
    published = PlanVersion.objects.filter(published_at__isnull=False, starts_at__lt=version.starts_at)
    return published.order_by("-starts_at", "-version").first()


def changes(*, before: Plan | None, after: Plan | None) -> list[Change]:
    """Return the clauses that differ, in the order of the later version."""
    old = {topic: (number, text) for number, topic, text in _topics(before)}
    found = []
    for number, topic, text in _topics(after):
        earlier = old.pop(topic, ("", ""))[1]
        if earlier != text:
            found.append(Change(number, topic, earlier, text))
    return found + [Change(number, topic, text, "") for topic, (number, text) in old.items()]


def roles_of(*, member: Member) -> list[str]:
    """Return the kinds of agreements that concern a member: as an agent, as a shopkeeper."""
    roles = []
    if Position.objects.filter(member=member, rank__gt=Rank.CONSUMER).exists():
        roles.append(ConsentKind.AGENT.value)
    if Shopkeeper.objects.filter(member=member, state=ShopkeeperState.APPROVED).exists():
        roles.append(ConsentKind.SHOPKEEPER.value)
    return roles


def unread(*, member: Member, at: datetime) -> Unread:
    """Return what is in force and concerns the member, and was not accepted in this version. Whoever signed the agent
    agreement after the version came into force accepted both."""
    roles = roles_of(member=member)
    if not roles:
        return Unread(None, [], False)
    signed = _newest_signed(member)
    texts = texts_in_force(kinds=roles)
    agreements = [text for kind, text in texts.items() if kind not in signed or signed[kind][0] < text.version]
    plan_version = None
    version = version_in_force(at=at)
    if ConsentKind.AGENT in roles and version is not None and version.params is not None:
        agent = signed.get(ConsentKind.AGENT)
        since = version.starts_at
        knew = agent is not None and since is not None and agent[1] >= since
        if not knew and not RulesAccepted.objects.filter(member=member, plan_version=version.version).exists():
            plan_version = version.version
    is_first = not signed and not RulesAccepted.objects.filter(member=member).exists()
    return Unread(plan_version, agreements, is_first)


def signed_copies(*, member: Member) -> list[SignedCopy]:
    """Return what the member signed and accepted, newest first."""
    consents = Consent.objects.filter(member=member, text__kind__in=AGREEMENTS, is_given=True)
    copies = [
        SignedCopy(row.text.title, row.text.kind, row.text.version, row.at)
        for row in consents.select_related("text").order_by("-at", "-id")[:COPIES_SHOWN]
    ]
    accepted = RulesAccepted.objects.filter(member=member).order_by("-at", "-id")[:COPIES_SHOWN]
    copies += [SignedCopy("", "plan", row.plan_version, row.at) for row in accepted]
    return sorted(copies, key=lambda copy: copy.at, reverse=True)


def _newest_signed(member: Member) -> dict[str, tuple[int, datetime]]:
    """Return version and time of what was signed last, by kind."""
    rows = Consent.objects.filter(member=member, text__kind__in=AGREEMENTS, is_given=True).order_by("at", "id")
    return {kind: (version, at) for kind, version, at in rows.values_list("text__kind", "text__version", "at")}


def _topics(plan: Plan | None) -> list[tuple[str, str, str]]:
    """Return name, topic and text of each clause, in the reader's language; none where 2+1 is off."""
    if plan is None:
        return []
    return [(name, re.split("[：:]", text, maxsplit=1)[0], text) for name, text in clauses_of(plan=plan)]
