"""Looking for signs of fraud, by every rule that is on. A later run finds what it found before and adds to it."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from risk.models import Evidence, Hit, HitState
from risk.queries import RuleInForce, rules_in_force
from risk.rules import MEASURES, Finding
from risk.signals import FINDERS

log = logging.getLogger(__name__)


def scan(*, at: datetime) -> int:
    """Write what the rules find; returns how many hits are new.

    Each kind is a transaction of its own, so that one that fails takes nothing from the others. Two runs at once do the
    same work once.
    """
    new = 0
    for rule in rules_in_force():
        if not rule.is_on:
            continue
        with transaction.atomic():
            if not _alone(rule.kind):
                continue
            since = at - timedelta(days=MEASURES[rule.kind].days)
            new += _keep(rule, FINDERS[rule.kind](rule.threshold, since, at), at)
    return new


def _alone(kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"risk scan {kind}"])
        return bool(cursor.fetchone()[0])


def _keep(rule: RuleInForce, findings: Iterable[Finding], at: datetime) -> int:
    by_key = {finding.key: finding for finding in findings}
    known = {hit.key: hit for hit in Hit.objects.select_for_update().filter(kind=rule.kind, key__in=by_key)}
    fresh = Hit.objects.bulk_create(
        [
            Hit(
                kind=rule.kind,
                key=finding.key,
                member_id=finding.member_id,
                rule_version=rule.version,
                threshold=rule.threshold,
                value=finding.value,
                found_at=at,
                seen_at=at,
            )
            for finding in by_key.values()
            if finding.key not in known
        ]
    )
    grown = _add_evidence({**known, **{hit.key: hit for hit in fresh}}, by_key, at)
    for hit in known.values():
        hit.value, hit.seen_at = by_key[hit.key].value, at
        if hit.pk in grown and hit.state != HitState.OPEN:
            hit.grew_at = at
    Hit.objects.bulk_update(known.values(), ["value", "seen_at", "grew_at"], batch_size=500)
    if fresh:
        log.info("risk: %s new hits of %s", len(fresh), rule.kind)
    return len(fresh)


def _add_evidence(hits: dict[str, Hit], by_key: dict[str, Finding], at: datetime) -> set[int]:
    """Write the evidence that is not there yet; returns the hits that have more now."""
    rows = Evidence.objects.filter(hit__in=hits.values()).values_list("hit_id", "thing", "thing_id")
    kept = set(rows)
    more = [
        Evidence(hit=hits[key], thing=thing, thing_id=thing_id, found_at=at)
        for key, finding in by_key.items()
        for thing, thing_id in finding.evidence
        if (hits[key].pk, thing, thing_id) not in kept
    ]
    Evidence.objects.bulk_create(more, batch_size=2_000)
    return {row.hit_id for row in more}
