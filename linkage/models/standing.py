"""What settlement makes of the stream: standing, settled orders, rewards, tasks."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.rules import engine


class Rank(models.IntegerChoices):
    CONSUMER = engine.CONSUMER, _("普通用户")
    AGENT = engine.AGENT, _("代理")
    PARTNER = engine.PARTNER, _("合伙人")


class Position(models.Model):
    """A member's standing under the 2+1 rules, kept by settlement alone.

    The referral tree is cut into strands: whoever is the first recruit of its referrer stands next in the referrer's
    strand, whoever else, and who has no referrer, begins one (`strand_id`, at place 0). So those above somebody are all
    earlier places of the strand, then those above the referrer of the member who began it, and whoever of them bears a
    title is found by an index. Neither ever changes, whoever buys.
    """

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="position",
        verbose_name=_("会员"),
    )
    shard = models.SmallIntegerField()
    referrer_id = models.BigIntegerField(null=True)
    rank = models.SmallIntegerField(choices=Rank, default=Rank.CONSUMER, verbose_name=_("头衔"))
    leader_id = models.BigIntegerField(null=True, verbose_name=_("团队合伙人"))
    packs = models.IntegerField(default=0, verbose_name=_("有效礼包"))
    valid_referrals = models.IntegerField(default=0, verbose_name=_("有效直推"))
    counted = models.BooleanField(default=False, verbose_name=_("计入推荐人"))
    tasks_done = models.BooleanField(default=False, verbose_name=_("种子任务完成"))
    strand_id = models.BigIntegerField()
    place = models.IntegerField()
    recruits = models.IntegerField(default=0, verbose_name=_("直推人数"))
    agent_at = models.DateTimeField(null=True, verbose_name=_("成为代理时间"))
    partner_at = models.DateTimeField(null=True, verbose_name=_("升级合伙人时间"))

    class Meta:
        verbose_name = _("链动身份")
        verbose_name_plural = _("链动身份")
        constraints = [
            models.CheckConstraint(condition=Q(packs__gte=0), name="linkage_position_packs_not_negative"),
            models.CheckConstraint(condition=Q(valid_referrals__gte=0), name="linkage_position_referrals_not_negative"),
            models.CheckConstraint(condition=Q(packs=0) | Q(rank__gt=0), name="linkage_position_buyer_has_a_title"),
            models.CheckConstraint(
                condition=Q(place=0, strand_id=F("member")) | Q(place__gt=0, referrer_id__isnull=False),
                name="linkage_position_strand_begins_with_itself",
            ),
            # Also the way to whoever bears the nearest title above.
            models.UniqueConstraint(
                fields=["strand_id", "place"], condition=Q(rank__gt=0), name="linkage_position_titled"
            ),
        ]
        indexes = [
            # A team, keyset by member.
            models.Index(
                fields=["leader_id", "member"], name="linkage_position_team", condition=Q(leader_id__isnull=False)
            ),
            # Down the referral tree: moves of teams, and somebody's recruits of one title, keyset by member.
            models.Index(
                fields=["referrer_id", "rank", "member"],
                name="linkage_position_recruits",
                condition=Q(referrer_id__isnull=False),
            ),
            # Who got a title on a day.
            models.Index(fields=["agent_at"], name="linkage_position_agents", condition=Q(agent_at__isnull=False)),
            models.Index(
                fields=["partner_at"], name="linkage_position_partners", condition=Q(partner_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_rank_display())


class MoveKind(models.IntegerChoices):
    PROMOTED = 1, _("升级合伙人")
    REJOINED = 2, _("重新加入")


class TeamMove(models.Model):
    """A member left a team by itself: it became a partner, or it had returned everything, bought again and was taken
    into another team. Written by settlement in the statement that changes the standing, and again by
    `commands.write_missing_moves` from the stream alone.

    Whoever a new partner took along has no row: who leads those who were agents before says it.
    """

    order = models.ForeignKey(
        "SettledOrder", on_delete=models.PROTECT, related_name="team_moves", db_index=False, verbose_name=_("订单")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_moves", verbose_name=_("会员")
    )
    kind = models.SmallIntegerField(choices=MoveKind, verbose_name=_("原因"))
    from_leader_id = models.BigIntegerField(null=True, verbose_name=_("原团队合伙人"))
    to_leader_id = models.BigIntegerField(null=True, verbose_name=_("新团队合伙人"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("团队变动")
        verbose_name_plural = _("团队变动")
        constraints = [
            models.UniqueConstraint(fields=["order", "member"], name="linkage_teammove_once"),
            models.UniqueConstraint(fields=["member"], condition=Q(kind=1), name="linkage_teammove_promoted_once"),
            models.CheckConstraint(
                condition=Q(kind=2) | Q(to_leader_id__isnull=True), name="linkage_teammove_partner_has_no_leader"
            ),
        ]
        indexes = [
            # Who left a team, newest first.
            models.Index(
                fields=["from_leader_id", "-id"],
                name="linkage_teammove_left",
                condition=Q(from_leader_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SettledOrder(models.Model):
    """A gift-pack order that was settled. `matures_at` and `holds_expire_at` stand only while they are still to
    come."""

    order = models.OneToOneField(
        "orders.Order", primary_key=True, on_delete=models.PROTECT, related_name="settlement", verbose_name=_("订单")
    )
    shard = models.SmallIntegerField()
    member_id = models.BigIntegerField(verbose_name=_("买家编号"))
    packs = models.IntegerField(verbose_name=_("礼包份数"))
    first_packs = models.SmallIntegerField(verbose_name=_("首份"))
    plan_version = models.PositiveIntegerField(verbose_name=_("规则版本"))
    paid_at = models.DateTimeField(verbose_name=_("付款时间"))
    received_at = models.DateTimeField(null=True, verbose_name=_("收货时间"))
    matures_at = models.DateTimeField(null=True, verbose_name=_("冷静期结束"))
    matured = models.BooleanField(default=False, verbose_name=_("已过冷静期"))
    holds_expire_at = models.DateTimeField(null=True, verbose_name=_("冻结到期"))
    refunded_at = models.DateTimeField(null=True, verbose_name=_("退款时间"))

    class Meta:
        verbose_name = _("已结算订单")
        verbose_name_plural = _("已结算订单")
        indexes = [
            # What falls due, by shard; both stay as small as what is still to come.
            models.Index(
                fields=["shard", "matures_at"], name="linkage_order_matures", condition=Q(matures_at__isnull=False)
            ),
            models.Index(
                fields=["shard", "holds_expire_at"],
                name="linkage_order_expires",
                condition=Q(holds_expire_at__isnull=False),
            ),
            models.Index(fields=["member_id"], name="linkage_order_member"),
        ]

    def __str__(self) -> str:
        return str(self.order)


class RewardKind(models.IntegerChoices):
    DIRECT = 1, _("直推奖")
    SEE_POINT = 2, _("见点奖")
    PEER_SHARE = 3, _("平级分润")
    PEER_BONUS = 4, _("平级奖")


class Hold(models.IntegerChoices):
    NONE = 0, _("无冻结")
    ACTIVE = 1, _("冻结中")
    RELEASED = 2, _("已解冻")
    FORFEITED = 3, _("已转入帮扶基金")


class Reward(models.Model):
    """One reward, with all that explains it: who was looked at on the way (`via`), the acting rank it was judged by,
    the
    amounts for the first and each further pack. Without a member it went to the support fund.
    """

    order = models.ForeignKey(SettledOrder, on_delete=models.PROTECT, related_name="rewards", verbose_name=_("订单"))
    kind = models.SmallIntegerField(choices=RewardKind, verbose_name=_("奖励"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="rewards",
        db_index=False,
        verbose_name=_("获得人"),
    )
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))
    held_fen = models.BigIntegerField(verbose_name=_("冻结（分）"))
    seed_id = models.BigIntegerField(verbose_name=_("种子用户"))
    hold = models.SmallIntegerField(choices=Hold, verbose_name=_("冻结状态"))
    reversed = models.BooleanField(default=False, db_default=False, verbose_name=_("已扣回"))
    acting = models.SmallIntegerField(choices=Rank, verbose_name=_("当时身份"))
    first_fen = models.BigIntegerField(verbose_name=_("首份金额（分）"))
    further_fen = models.BigIntegerField(verbose_name=_("复购每份（分）"))
    via = ArrayField(models.BigIntegerField(), verbose_name=_("经过的会员"))
    hold_ended_at = models.DateTimeField(null=True, verbose_name=_("冻结结束时间"))
    # When the hold expires, as it was fixed with it.
    held_until = models.DateTimeField(null=True, verbose_name=_("冻结到期"))
    # When the order was refunded, beside the reward: what was taken back from somebody is read in this order.
    reversed_at = models.DateTimeField(null=True, verbose_name=_("扣回时间"))

    class Meta:
        verbose_name = _("奖励")
        verbose_name_plural = _("奖励")
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="linkage_reward_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, held_fen__gte=0, held_fen__lte=F("amount_fen")),
                name="linkage_reward_amounts",
            ),
            models.CheckConstraint(
                condition=Q(hold=0, held_fen=0) | Q(hold__gt=0, held_fen__gt=0),
                name="linkage_reward_hold_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(reversed=True, reversed_at__isnull=False) | Q(reversed=False, reversed_at__isnull=True),
                name="linkage_reward_reversed_at",
            ),
        ]
        indexes = [
            # Somebody's earnings, newest first.
            models.Index(fields=["member", "-id"], name="linkage_reward_member"),
            # What was taken back from somebody, newest first.
            models.Index(
                fields=["member", "-reversed_at", "-id"], name="linkage_reward_taken_back", condition=Q(reversed=True)
            ),
            # What somebody's holds lost, newest first.
            models.Index(
                fields=["member", "-hold_ended_at", "-id"], name="linkage_reward_forfeited", condition=Q(hold=3)
            ),
            # What is held of somebody's, the next to expire first; sums of it are read here alone.
            models.Index(
                fields=["member", "held_until", "seed_id", "id"],
                include=["held_fen"],
                name="linkage_reward_expiring",
                condition=Q(hold=1, reversed=False),
            ),
            # What the tasks of a seed user release.
            models.Index(fields=["seed_id"], name="linkage_reward_held", condition=Q(hold=1, reversed=False)),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class MaturingSum(models.Model):
    """What of somebody's rewards becomes available on one day (Asia/Shanghai), and of how many: orders that were
    received and have not matured. Written by settlement with the orders themselves, so it is never behind them.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("会员")
    )
    date = models.DateField(verbose_name=_("日期"))
    rewards = models.IntegerField(verbose_name=_("笔数"))
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分）"))

    class Meta:
        verbose_name = _("将到期奖励汇总")
        verbose_name_plural = _("将到期奖励汇总")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "date"], include=["rewards", "amount_fen"], name="linkage_maturingsum_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.date}"


class TaskProgress(models.Model):
    """How far a member is with one kind of seed task; `reached` counts days, referrals or the largest repeat in fen."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="task_progress")
    kind = models.CharField(max_length=24)
    reached = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("种子任务进度")
        verbose_name_plural = _("种子任务进度")
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="linkage_taskprogress_unique")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.reached}"


KIND_NAMES: dict[str, int] = {
    engine.DIRECT: RewardKind.DIRECT,
    engine.SEE_POINT: RewardKind.SEE_POINT,
    engine.PEER_SHARE: RewardKind.PEER_SHARE,
    engine.PEER_BONUS: RewardKind.PEER_BONUS,
}


HOLD_NAMES: dict[str, int] = {
    engine.NONE: Hold.NONE,
    engine.ACTIVE: Hold.ACTIVE,
    engine.RELEASED: Hold.RELEASED,
    engine.FORFEITED: Hold.FORFEITED,
}


def named(table: dict[str, int], value: Any) -> str:
    """Return the engine's own constant for a stored number."""
    return next(name for name, number in table.items() if number == value)
