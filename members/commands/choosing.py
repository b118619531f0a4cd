"""What a customer does about an adviser: takes another one, goes without, contests it; and what an operator decides.

None of it moves an order that was placed before, or what was earned from one.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from mall.core.events import publish
from mall.core.text import clean_line
from members import queries
from members.events import ContestDecided
from members.models import (
    AdviserRelation,
    BindReason,
    ContestState,
    Member,
    RelationContest,
    RelationEnd,
)

from .advising import bind, end_relation, locked_customer, may_bind, standing_relation

CHANGES_A_DAY = 3
CONTESTS_A_DAY = 3
WORDS_MAX = 300
ANSWER_MAX = 300


class AdviserRefusal(models.TextChoices):
    """Why it cannot be done, in words for people."""

    UNKNOWN_CODE = "unknown_code", _("没有找到这个店主码，请核对后再填")
    NOT_OPEN = "not_open", _("对方现在没有开通店主，不能做顾问")
    ONESELF = "oneself", _("不能选自己做顾问")
    SAME = "same", _("TA 已经是你的专属顾问")
    MUTUAL = "mutual", _("你是 TA 的顾问，不能互为顾问")
    SHOPKEEPER = "shopkeeper", _("店主和运营人员没有专属顾问")
    TOO_OFTEN = "too_often", _("今天换得太多次了，明天再来")
    NO_ADVISER = "no_adviser", _("你现在没有专属顾问")
    BAD_WORDS = "bad_words", _("请用 300 字以内写明理由")
    ALREADY_OPEN = "already_open", _("你的异议已经提交，正在等平台裁定")
    DECIDED = "decided", _("这个异议已经裁定过了")
    OWN_CASE = "own_case", _("不能裁定与自己有关的异议")


class AdviserRefused(Exception):
    """It cannot be done; `reason` says why. Nothing was changed."""

    def __init__(self, reason: AdviserRefusal) -> None:
        super().__init__(reason.label)
        self.reason = reason


def change_adviser(*, member: Member, code: str, at: datetime) -> AdviserRelation:
    """Take the shopkeeper with this referral code as adviser, from now on. Raises AdviserRefused."""
    adviser = queries.referral_owner(code=code.strip().upper())
    if adviser is None:
        raise AdviserRefused(AdviserRefusal.UNKNOWN_CODE)
    with transaction.atomic():
        customer = locked_customer(member.pk)
        standing = standing_relation(customer, at=at)
        _require_possible(customer, adviser, standing, at)
        if standing is not None:
            end_relation(standing, RelationEnd.CHANGED, at=at)
        relation = bind(customer=customer, adviser_id=adviser.pk, reason=BindReason.CHOSEN, at=at)
        if relation is None:
            raise AdviserRefused(AdviserRefusal.NOT_OPEN)
    return relation


def leave_adviser(*, member: Member, at: datetime) -> bool:
    """Go without an adviser from now on; returns whether there was one."""
    with transaction.atomic():
        standing = standing_relation(locked_customer(member.pk), at=at)
        if standing is None:
            return False
        end_relation(standing, RelationEnd.LEFT, at=at)
    return True


def contest_adviser(*, member: Member, words: str, at: datetime) -> RelationContest:
    """Ask the platform to judge the standing relation. Raises AdviserRefused."""
    reason = _cleaned(words, WORDS_MAX)
    with transaction.atomic():
        customer = locked_customer(member.pk)
        standing = standing_relation(customer, at=at)
        if standing is None:
            raise AdviserRefused(AdviserRefusal.NO_ADVISER)
        if RelationContest.objects.filter(relation=standing, state=ContestState.OPEN).exists():
            raise AdviserRefused(AdviserRefusal.ALREADY_OPEN)
        lately = RelationContest.objects.filter(relation__customer=customer, opened_at__gt=at - timedelta(days=1))
        if lately.count() >= CONTESTS_A_DAY:
            raise AdviserRefused(AdviserRefusal.TOO_OFTEN)
        return RelationContest.objects.create(relation=standing, state=ContestState.OPEN, words=reason, opened_at=at)


def decide_contest(
    *, contest: RelationContest, upheld: bool, answer: str, by: Member, at: datetime, code: str = ""
) -> RelationContest:
    """Decide: where the customer is right, the relation ends, and the shopkeeper with `code` takes its place, if given.

    Raises AdviserRefused, also where it was decided before, or by somebody whom it concerns.
    """
    reason = _cleaned(answer, ANSWER_MAX)
    with transaction.atomic():
        customer = locked_customer(contest.relation.customer_id)
        kept = RelationContest.objects.select_for_update(of=("self",)).select_related("relation").get(pk=contest.pk)
        if kept.state != ContestState.OPEN:
            raise AdviserRefused(AdviserRefusal.DECIDED)
        if by.pk in (kept.relation.customer_id, kept.relation.adviser_id):
            raise AdviserRefused(AdviserRefusal.OWN_CASE)
        if upheld:
            _uphold(customer, kept.relation, code.strip().upper(), at)
        kept.state = ContestState.UPHELD if upheld else ContestState.REFUSED
        kept.answer, kept.decided_at, kept.decided_by = reason, at, by
        kept.save(update_fields=["state", "answer", "decided_at", "decided_by"])
        publish(ContestDecided(contest_id=kept.pk, customer_id=customer.pk, is_upheld=upheld, answer=reason, at=at))
    return kept


def _uphold(customer: Member, relation: AdviserRelation, code: str, at: datetime) -> None:
    """End a contested relation as far as it still stands, and put another in its place."""
    standing = standing_relation(customer, at=at)
    if standing is not None and standing.pk == relation.pk:
        end_relation(standing, RelationEnd.OPERATOR, at=at)
        standing = None
    if not code:
        return
    adviser = queries.referral_owner(code=code)
    if adviser is None:
        raise AdviserRefused(AdviserRefusal.UNKNOWN_CODE)
    if standing is not None and standing.adviser_id == adviser.pk:
        return
    if standing is not None:
        end_relation(standing, RelationEnd.OPERATOR, at=at)
    if bind(customer=customer, adviser_id=adviser.pk, reason=BindReason.OPERATOR, at=at) is None:
        raise AdviserRefused(AdviserRefusal.NOT_OPEN)


def _require_possible(customer: Member, adviser: Member, standing: AdviserRelation | None, at: datetime) -> None:
    """Raise AdviserRefused with the first thing that is wrong."""
    if adviser.pk == customer.pk:
        raise AdviserRefused(AdviserRefusal.ONESELF)
    if standing is not None and standing.adviser_id == adviser.pk:
        raise AdviserRefused(AdviserRefusal.SAME)
    if customer.is_staff or queries.is_shopkeeper(member_id=customer.pk):
        raise AdviserRefused(AdviserRefusal.SHOPKEEPER)
    if not queries.is_shopkeeper(member_id=adviser.pk):
        raise AdviserRefused(AdviserRefusal.NOT_OPEN)
    if not may_bind(customer=customer, adviser_id=adviser.pk, at=at):
        raise AdviserRefused(AdviserRefusal.MUTUAL)
    chosen = AdviserRelation.objects.filter(
        customer=customer, reason=BindReason.CHOSEN, since__gt=at - timedelta(days=1)
    )
    if chosen.count() >= CHANGES_A_DAY:
        raise AdviserRefused(AdviserRefusal.TOO_OFTEN)


def _cleaned(text: str, length: int) -> str:
    try:
        words = clean_line(text, length)
    except ValueError as error:
        raise AdviserRefused(AdviserRefusal.BAD_WORDS) from error
    if not words:
        raise AdviserRefused(AdviserRefusal.BAD_WORDS)
    return words
