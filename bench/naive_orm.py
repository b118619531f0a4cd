"""The same work as many malls do it: one order a transaction, walking referrer pointers with get() and save().

No query is made whose result is not used, the plan is parsed once, and no row is locked: it is only slow because it
asks for one row after the other. Nothing but the measurements uses it.
"""

from datetime import timedelta

from django.db import transaction

from ledger.models import KEPT_KINDS, Account, AccountKind, JournalEntry, Posting, account_id
from linkage.models import Hold, LinkageEvent, Position, Rank, Reward, RewardKind, SettledOrder, Shard, Stream
from linkage.rules.plan import BPS, Plan


def settle_order(event_id: int, plan: Plan) -> None:
    """Settle one waiting order. Right where an agent's leader is the nearest partner above, and nobody is promoted."""
    with transaction.atomic():
        event = LinkageEvent.objects.get(pk=event_id)
        packs = event.packs or 0
        assert event.order_id is not None
        assert event.plan_version is not None
        buyer = Position.objects.get(pk=event.member_id)
        referrer = None if buyer.referrer_id is None else Position.objects.get(pk=buyer.referrer_id)
        activation = buyer.packs == 0
        acting = Rank.CONSUMER if referrer is None else _acting(referrer, plan)
        leader = _nearest_partner(referrer) if activation or buyer.rank == Rank.AGENT else None

        rewards = _rewards(event, buyer, referrer, acting, leader, plan)
        held = any(reward.held_fen for reward in rewards)
        SettledOrder.objects.create(
            order_id=event.order_id,
            shard=event.shard,
            member_id=buyer.pk,
            packs=packs,
            first_packs=int(activation),
            plan_version=event.plan_version,
            paid_at=event.at,
            holds_expire_at=event.at + timedelta(days=plan.hold_days) if held else None,
        )
        for reward in rewards:
            reward.save()
        if rewards:
            _post(event, rewards)

        buyer.packs += packs
        if activation:
            if buyer.rank == Rank.CONSUMER:
                buyer.rank = Rank.AGENT
                buyer.agent_at = event.at
            if buyer.rank == Rank.AGENT:
                buyer.leader_id = None if leader is None else leader.pk
            if referrer is not None and acting != Rank.CONSUMER:
                buyer.counted = True
                referrer.valid_referrals += 1
                referrer.save()
        buyer.save()

        stream = Stream.objects.get()
        stream.last_number += 1
        stream.save()
        event.number = stream.last_number
        event.effective_at = event.at
        event.save()
        Shard(pk=event.shard, clock_at=event.at).save(force_update=True)


def _acting(member: Position, plan: Plan) -> int:
    if member.packs == 0 or member.rank == Rank.CONSUMER:
        return Rank.CONSUMER
    if member.rank == Rank.PARTNER and member.valid_referrals >= plan.promotion_referrals:
        return Rank.PARTNER
    return Rank.AGENT


def _nearest_partner(member: Position | None) -> Position | None:
    """Walk up the referral line, one get() a step."""
    while member is not None and member.rank != Rank.PARTNER:
        member = None if member.referrer_id is None else Position.objects.get(pk=member.referrer_id)
    return member


def _rewards(
    event: LinkageEvent, buyer: Position, referrer: Position | None, acting: int, leader: Position | None, plan: Plan
) -> list[Reward]:
    first = int(buyer.packs == 0)
    rewards = []
    if referrer is not None and acting != Rank.CONSUMER:
        direct = Reward(kind=RewardKind.DIRECT, member_id=referrer.pk, acting=acting, via=[referrer.pk])
        direct.first_fen = first * (plan.direct_partner_fen if acting == Rank.PARTNER else plan.direct_agent_fen)
        direct.further_fen = plan.repeat_direct_fen
        rewards.append(direct)
    if leader is not None:
        see_point = Reward(kind=RewardKind.SEE_POINT, acting=_acting(leader, plan))
        see_point.member_id = leader.pk if see_point.acting == Rank.PARTNER else None
        see_point.via = [leader.pk] if referrer is None else [referrer.pk, leader.pk]
        see_point.first_fen = first * plan.see_point_fen
        see_point.further_fen = plan.repeat_see_point_fen
        rewards.append(see_point)
    for reward in rewards:
        reward.order_id = event.order_id
        reward.seed_id = buyer.pk
        reward.amount_fen = reward.first_fen + ((event.packs or 0) - first) * reward.further_fen
        reward.held_fen = 0
        if reward.acting == Rank.PARTNER and not buyer.tasks_done:
            reward.held_fen = reward.amount_fen * plan.hold_bps // BPS
        reward.hold = Hold.ACTIVE if reward.held_fen else Hold.NONE
    return [reward for reward in rewards if reward.amount_fen]


def _post(event: LinkageEvent, rewards: list[Reward]) -> None:
    lines = []
    for reward in rewards:
        if reward.held_fen:
            lines.append((AccountKind.HELD, reward.member_id, -reward.held_fen))
        lines.append((AccountKind.REWARD_EXPENSE, 0, reward.amount_fen))
        if reward.member_id is None:
            lines.append((AccountKind.SUPPORT_FUND, 0, -reward.amount_fen))
        elif reward.amount_fen > reward.held_fen:
            lines.append((AccountKind.PENDING, reward.member_id, reward.held_fen - reward.amount_fen))
    entry = JournalEntry.objects.create(
        kind="reward",
        reference=str(event.order_id),
        at=event.at,
        debit_fen=sum(amount for _, _, amount in lines if amount > 0),
        line_count=len(lines),
    )
    for kind, holder_id, amount_fen in lines:
        Posting.objects.create(entry=entry, account_id=account_id(kind, holder_id or 0), amount_fen=amount_fen)
        if kind in KEPT_KINDS:
            _credit(kind, holder_id or 0, -amount_fen)


def _credit(kind: AccountKind, holder_id: int, amount_fen: int) -> None:
    try:
        account = Account.objects.get(pk=account_id(kind, holder_id))
    except Account.DoesNotExist:
        Account.objects.create(pk=account_id(kind, holder_id), kind=kind, holder_id=holder_id, balance_fen=amount_fen)
        return
    account.balance_fen += amount_fen
    account.save()
