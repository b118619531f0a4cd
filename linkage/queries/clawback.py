"""What refunding the rest of an order would take back, worked out from rows as settlement would."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ledger.queries import MemberBalances, member_balances
from linkage.models import Commission, Hold, Reward
from linkage.rules.engine import BPS
from mall.core.previews import Effect
from members.models import Member


def refund_effects(*, order_id: int, kept_fen: Mapping[int, int] | None = None) -> list[Effect]:
    """Return what members and the fund would lose if all that is left of an order were refunded now, or only so much
    that of its lines `kept_fen` stays paid: rewards first, in the order of settlement, then commission. Held money
    comes from held, what has not matured from pending, the rest from available as far as that goes; what is missing
    becomes debt. What still waits to be settled is not counted. A part of an order takes no reward back: those are of
    packs, which go back whole."""
    rewards = (
        list(Reward.objects.filter(order=order_id, reversed=False).select_related("member", "order").order_by("id"))
        if kept_fen is None
        else []
    )
    commissions = list(
        Commission.objects.filter(order=order_id, amount_fen__gt=0).select_related("member").order_by("line")
    )
    cuts = [(one, _cut_fen(one, kept_fen)) for one in commissions]
    earners = [*(one.member_id for one in rewards), *(one.member_id for one, _cut in cuts)]
    people = {person for person in earners if person is not None}
    left = {person: member_balances(holder_id=person) for person in sorted(people)}
    available = {person: balances.available_fen for person, balances in left.items()}
    effects = [effect for reward in rewards for effect in _of_reward(reward, available, left)]
    effects += [_effect(one.member, str(_("零售佣金")), cut, 0, one.matured, available, left) for one, cut in cuts]
    return [effect for effect in effects if effect.total_fen]


def _cut_fen(commission: Commission, kept_fen: Mapping[int, int] | None) -> int:
    """Return what goes of a commission where so much of its line stays paid: what of it is left is rounded down."""
    if kept_fen is None:
        return commission.amount_fen
    kept = min(kept_fen.get(commission.pk, commission.kept_fen), commission.kept_fen)
    return commission.amount_fen - kept * commission.bps // BPS


def _of_reward(reward: Reward, available: dict[int, int], left: dict[int, MemberBalances]) -> list[Effect]:
    name = str(reward.get_kind_display())
    if reward.member is None:
        return [Effect(None, str(_("帮扶基金")), name, available_fen=reward.amount_fen)]
    held_fen = reward.held_fen if reward.hold in (Hold.ACTIVE, Hold.FORFEITED) else 0
    rest_fen = reward.amount_fen - held_fen
    matured = reward.order.matured
    if reward.hold == Hold.FORFEITED:
        # What was held went to the fund, and comes back from there.
        fund = Effect(None, str(_("帮扶基金")), name, available_fen=held_fen)
        return [fund, _effect(reward.member, name, rest_fen, 0, matured, available, left)]
    return [_effect(reward.member, name, rest_fen, held_fen, matured, available, left)]


def _effect(
    member: Member,
    why: str,
    rest_fen: int,
    held_fen: int,
    matured: bool,
    available: dict[int, int],
    left: dict[int, MemberBalances],
) -> Effect:
    name = member.nickname or member.public_id
    debt_before_fen = left[member.pk].debt_fen
    if not matured:
        return Effect(member.pk, name, why, held_fen=held_fen, pending_fen=rest_fen, debt_before_fen=debt_before_fen)
    taken = min(rest_fen, available[member.pk])
    available[member.pk] -= taken
    return Effect(
        member.pk,
        name,
        why,
        held_fen=held_fen,
        available_fen=taken,
        debt_fen=rest_fen - taken,
        debt_before_fen=debt_before_fen,
    )
