"""Telling agents what happened to their money, what is due, and what rules come.

Nothing of this is done where money moves: a task reads on from where it stopped, so that a settlement costs no more.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from ledger.models import DEBIT_KINDS, MEMBER_KINDS, AccountKind, JournalEntry, Posting
from linkage.models import Hold, PlanVersion, Position, Rank, Reward
from linkage.queries import plans_by_version, tasks_by_member
from mall.core.names import masked_name
from members.models import Member
from service.models import Telling

from .messages import News, tell

ENTRIES, BATCHES = 2_000, 100
MEMBERS = 1_000
# What happened longer ago is no news, such as another mall's history.
FRESH = timedelta(days=3)
SOON = timedelta(days=3)
LEDGER, RULES = "ledger", "rules"

# Kinds of entries that a member is told of, and in which words.
_WORDINGS = {
    "reward": "reward_earned",
    "commission": "commission_earned",
    "mature": "earning_available",
    "commission_mature": "earning_available",
    "hold_release": "hold_released",
    "hold_expiry": "hold_expired",
    "clawback": "earning_taken_back",
    "commission_back": "earning_taken_back",
    "grant": "grant_received",
    "adjustment": "adjusted_up",
    "forgiveness": "debt_forgiven",
}


@dataclass(slots=True)
class _Told:
    """What one member is told in one message: the entries, and what they moved on the accounts."""

    entries: list[JournalEntry] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)

    def amount(self, *kinds: AccountKind) -> int:
        return sum(self.moved.get(kind.value, 0) for kind in kinds)

    @property
    def change_fen(self) -> int:
        return sum(-amount if kind in DEBIT_KINDS else amount for kind, amount in self.moved.items())


def tell_earnings(*, at: datetime, limit: int = ENTRIES, batches: int = BATCHES) -> int:
    """Tell members what the ledger moved for them since the last time, each thing once; return how many were told.

    A call that finds another one at work does nothing. The first one of a mall only notes where it stands.
    """
    told = 0
    for _ in range(batches):
        count, is_all = _tell_some(at, limit)
        told += count
        if is_all:
            break
    return told


def _tell_some(at: datetime, limit: int) -> tuple[int, bool]:
    """Tell of some entries more; return how many were told, and whether that was all."""
    with transaction.atomic():
        horizon = _horizon()
        told, is_new = Telling.objects.get_or_create(name=LEDGER, defaults={"number": horizon})
        locked = Telling.objects.select_for_update(skip_locked=True).filter(pk=told.pk).first()
        if is_new or locked is None:
            return 0, True
        entries = list(
            JournalEntry.objects.filter(
                Q(xact_id=locked.number, pk__gt=locked.place) | Q(xact_id__gt=locked.number),
                xact_id__gte=locked.number,
                xact_id__lt=horizon,
                kind__in=_WORDINGS,
            ).order_by("xact_id", "pk")[:limit]
        )
        if entries:
            locked.number, locked.place = entries[-1].xact_id, entries[-1].pk
            locked.save(update_fields=["number", "place"])
        return tell(_news(entries, at), at=at), len(entries) < limit


def _horizon() -> int:
    """Return the first transaction that may still be running: all entries of those before it are there to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _news(entries: Iterable[JournalEntry], at: datetime) -> list[News]:
    fresh = {entry.pk: entry for entry in entries if entry.at >= at - FRESH}
    told: dict[tuple[int, str], _Told] = defaultdict(_Told)
    kinds = [kind.value for kind in MEMBER_KINDS]
    postings = Posting.objects.filter(entry_id__in=fresh, account__kind__in=kinds).order_by("pk")
    for entry_id, account, amount in postings.values_list("entry_id", "account_id", "amount_fen"):
        entry = fresh[entry_id]
        one = told[account // 32, _WORDINGS[entry.kind]]
        if not one.entries or one.entries[-1].pk != entry_id:
            one.entries.append(entry)
        kind = account % 32
        one.moved[kind] = one.moved.get(kind, 0) + (amount if kind in DEBIT_KINDS else -amount)
    rewards = _rewards(told)
    return [
        news for (member, wording), one in told.items() if (news := _told_to(member, wording, one, rewards)) is not None
    ]


def _told_to(member: int, wording: str, one: _Told, rewards: dict[tuple[int, int], int]) -> News | None:
    """Return what a member is told of entries of one kind, together; None where nothing changed for the better or
    worse."""
    words: dict[str, Any] = {"count": len(one.entries)}
    if wording in ("earning_available", "hold_released"):
        words["amount_fen"] = one.amount(AccountKind.AVAILABLE)
        if wording == "hold_released":
            words["amount_fen"] += one.amount(AccountKind.PENDING)
    elif wording == "hold_expired" and one.change_fen < 0:
        wording, words["amount_fen"] = "hold_forfeited", -one.change_fen
    elif wording == "hold_expired":
        wording, words["amount_fen"] = "hold_released", -one.amount(AccountKind.HELD)
    else:
        words["amount_fen"] = abs(one.change_fen)
        words["held_fen"] = one.amount(AccountKind.HELD)
        if wording == "adjusted_up" and one.change_fen < 0:
            wording = "adjusted_down"
        if wording == "reward_earned" and words["held_fen"]:
            wording = "reward_earned_held"
    if words["amount_fen"] <= 0:
        return None
    return News(
        member_id=member,
        wording=wording,
        key=f"{wording}:{member}:{one.entries[-1].pk}",
        path=_path(member, one.entries, rewards),
        words=words,
        at=one.entries[-1].at,
    )


def _path(member: int, entries: list[JournalEntry], rewards: dict[tuple[int, int], int]) -> str:
    """Return the page that explains it: that of the reward or commission where it is one, else the list of all."""
    if len(entries) == 1:
        kind, reference = entries[0].kind, entries[0].reference.partition(":")[0]
        if kind.startswith("commission"):
            return reverse("agents:commission", args=[int(reference)])
        reward = rewards.get((int(reference), member)) if reference.isdecimal() else None
        if reward is not None and kind != "hold_release":
            return reverse("agents:trace", args=[reward])
    return reverse("agents:earnings")


def _rewards(told: dict[tuple[int, str], _Told]) -> dict[tuple[int, int], int]:
    """Return the reward of each order and member that a message of one entry is about."""
    orders = {
        int(one.entries[0].reference)
        for one in told.values()
        if len(one.entries) == 1 and one.entries[0].reference.isdecimal()
    }
    found = Reward.objects.filter(order_id__in=orders, member__isnull=False).order_by("-pk")
    return {(order, member): reward for order, member, reward in found.values_list("order_id", "member_id", "pk")}


# What is due


def tell_due_holds(*, at: datetime) -> int:
    """Tell members which of their holds expire within days, and seed users whose tasks are not done until when; each
    once."""
    rows = (
        Reward.objects.filter(
            hold=Hold.ACTIVE,
            reversed=False,
            order__holds_expire_at__gt=at,
            order__holds_expire_at__lte=at + SOON,
        )
        .order_by("order__holds_expire_at", "seed_id")
        .values_list("member_id", "seed_id", "held_fen", "order__holds_expire_at", "order__plan_version")
    )
    holds: dict[tuple[int, int, datetime, int], int] = {}
    for member, seed, held, expires, version in rows.iterator(chunk_size=2_000):
        if member is not None and expires is not None:
            key = (member, seed, expires, version)
            holds[key] = holds.get(key, 0) + held
    told = 0
    keys = list(holds)
    for start in range(0, len(keys), MEMBERS):
        told += tell(_due({key: holds[key] for key in keys[start : start + MEMBERS]}, at), at=at)
    return told


def _due(holds: dict[tuple[int, int, datetime, int], int], at: datetime) -> list[News]:
    seeds = {seed for _, seed, _, _ in holds}
    names = dict(Member.objects.filter(pk__in=seeds).values_list("pk", "nickname"))
    left = {
        seed: sum(not task.done for task in tasks) for seed, tasks in tasks_by_member(member_ids=seeds, at=at).items()
    }
    lost = {
        version
        for version, plan in plans_by_version({version for *_, version in holds}).items()
        if plan.on_hold_expiry == "fund"
    }
    news = []
    for (member, seed, expires, version), held in holds.items():
        mark = f"{seed}:{expires.timestamp():.0f}"
        words = {"seed": masked_name(names.get(seed, "")), "amount_fen": held, "day_at": expires.isoformat()}
        if version in lost:
            news.append(News(member, "hold_due", f"hold_due:{member}:{mark}", reverse("agents:frozen"), words))
        if left.get(seed):
            asked = {"count": left[seed], "day_at": expires.isoformat()}
            news.append(News(seed, "task_due", f"task_due:{mark}", reverse("agents:tasks"), asked))
    return news


# What rules come


def tell_rules(*, at: datetime, limit: int = MEMBERS) -> int:
    """Tell everybody with a title of the next published version of the plan, some at a time; return how many."""
    with transaction.atomic():
        newest = PlanVersion.objects.filter(published_at__isnull=False).order_by("-version").first()
        told, is_new = Telling.objects.get_or_create(
            name=RULES, defaults={"number": 0 if newest is None else newest.version}
        )
        locked = Telling.objects.select_for_update(skip_locked=True).filter(pk=told.pk).first()
        if is_new or locked is None:
            return 0
        version = (
            PlanVersion.objects.filter(version__gt=locked.number, published_at__isnull=False, params__isnull=False)
            .order_by("version")
            .first()
        )
        if version is None or version.starts_at is None:
            return 0
        members = list(
            Position.objects.filter(rank__gt=Rank.CONSUMER, pk__gt=locked.place)
            .order_by("pk")
            .values_list("pk", flat=True)[:limit]
        )
        words = {"version": version.version, "day_at": version.starts_at.isoformat()}
        path = reverse("agents:rules", args=[version.version])
        count = tell(
            [News(member, "rules_changed", f"rules:{version.version}:{member}", path, words) for member in members],
            at=at,
        )
        if len(members) < limit:
            locked.number, locked.place = version.version, 0
        else:
            locked.place = members[-1]
        locked.save(update_fields=["number", "place"])
        return count
