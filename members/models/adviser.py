"""Shopkeepers, and whose customer somebody is: the retail relation (锁客). The 2+1 referrer is bound once, apart."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .member import Member
from .relation import Touch


class RelationPolicy(models.Model):
    """How long a customer is a shopkeeper's, and on what terms retail commission is earned, from `starts_at` on.

    Within `protection_days` of binding nobody takes the customer over; until the lock (`lock_days`, after a paid order
    `order_lock_days`) ends, only a paid order that came by a later touch does. A touch counts for `touch_days`.
    Versions are never edited.
    """

    version = models.PositiveIntegerField(primary_key=True, verbose_name=_("版本"))
    starts_at = models.DateTimeField(unique=True, verbose_name=_("生效时间"))
    touch_days = models.PositiveSmallIntegerField(verbose_name=_("触达有效（天）"))
    protection_days = models.PositiveSmallIntegerField(verbose_name=_("保护期（天）"))
    lock_days = models.PositiveSmallIntegerField(verbose_name=_("锁客期（天）"))
    order_lock_days = models.PositiveSmallIntegerField(verbose_name=_("下单后锁客期（天）"))
    cooling_off_days = models.PositiveSmallIntegerField(verbose_name=_("佣金冷静期（天）"))
    own_purchases = models.BooleanField(default=False, verbose_name=_("自购有佣金"))
    created_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("设置人")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("客户关系规则")
        verbose_name_plural = _("客户关系规则")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lock_days__gte=1, touch_days__gte=1) & Q(lock_days__gte=F("protection_days")),
                name="members_relationpolicy_lock_covers_protection",
            ),
            models.CheckConstraint(
                condition=Q(order_lock_days__gte=F("lock_days")), name="members_relationpolicy_orders_extend"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class ShopkeeperState(models.TextChoices):
    APPLIED = "applied", _("待审核")
    APPROVED = "approved", _("已开通")
    REFUSED = "refused", _("未通过")
    SUSPENDED = "suspended", _("已暂停")


class Shopkeeper(models.Model):
    """A member who may earn retail commission, on approval and free of charge. No rank: one level, never more."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.PROTECT, related_name="shopkeeper", verbose_name=_("会员")
    )
    state = models.CharField(max_length=10, choices=ShopkeeperState, verbose_name=_("状态"))
    statement = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("申请说明"))
    applied_at = models.DateTimeField(verbose_name=_("申请时间"))
    approved_at = models.DateTimeField(null=True, blank=True, verbose_name=_("开通时间"))
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("处理时间"))
    decided_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("处理人")
    )
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("原因"))

    class Meta:
        verbose_name = _("店主")
        verbose_name_plural = _("店主")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ShopkeeperState.values), name="members_shopkeeper_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="applied") | Q(decided_at__isnull=False),
                name="members_shopkeeper_decided_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "suspended"]) | Q(approved_at__isnull=False),
                name="members_shopkeeper_approved_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "suspended"]) | ~Q(reason=""),
                name="members_shopkeeper_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("member")),
                name="members_shopkeeper_not_approved_by_itself",
            ),
        ]
        indexes = [
            # The queue of applications, oldest first.
            models.Index(fields=["applied_at"], name="members_shopkeeper_queue", condition=Q(state="applied")),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.get_state_display()}"


class BindReason(models.TextChoices):
    """How a customer came to an adviser."""

    LOGIN = "login", _("经分享链接登录")
    ORDER = "order", _("经分享链接下单")
    TAKEOVER = "takeover", _("保护期后经新链接下单")
    CHOSEN = "chosen", _("客户自己选择")
    OPERATOR = "operator", _("平台裁定")


class RelationEnd(models.TextChoices):
    """Why a relation is over."""

    LAPSED = "lapsed", _("锁客期结束")
    TAKEOVER = "takeover", _("客户改由新链接下单")
    CHANGED = "changed", _("客户更换")
    LEFT = "left", _("客户解除")
    OPERATOR = "operator", _("平台裁定")
    OPENED = "opened", _("客户自己成为店主")
    CLOSED = "closed", _("账号注销")


class AdviserRelation(models.Model):
    """A customer's adviser for a period: `since` to `ended_at`, at the latest to `until`. The one without `ended_at` is
    the present one; when `until` has passed, it stands no longer, ended or not.
    """

    customer = models.ForeignKey(
        Member, on_delete=models.PROTECT, db_index=False, related_name="adviser_relations", verbose_name=_("客户")
    )
    adviser = models.ForeignKey(
        Member, on_delete=models.PROTECT, db_index=False, related_name="customer_relations", verbose_name=_("专属顾问")
    )
    reason = models.CharField(max_length=10, choices=BindReason, verbose_name=_("建立方式"))
    touch = models.ForeignKey(
        Touch, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("触达")
    )
    policy = models.ForeignKey(RelationPolicy, on_delete=models.PROTECT, related_name="+", verbose_name=_("规则版本"))
    since = models.DateTimeField(verbose_name=_("建立时间"))
    protected_until = models.DateTimeField(verbose_name=_("保护期至"))
    until = models.DateTimeField(verbose_name=_("锁客期至"))
    last_order_at = models.DateTimeField(null=True, blank=True, verbose_name=_("最近下单"))
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("结束时间"))
    end_reason = models.CharField(
        max_length=10, blank=True, default="", db_default="", choices=RelationEnd, verbose_name=_("结束原因")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("客户关系")
        verbose_name_plural = _("客户关系")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at__isnull=True), name="members_adviserrelation_one_adviser"
            ),
            models.CheckConstraint(condition=~Q(customer=F("adviser")), name="members_adviserrelation_not_own_adviser"),
            models.CheckConstraint(
                condition=Q(protected_until__gte=F("since"), until__gte=F("protected_until")),
                name="members_adviserrelation_lock_covers_protection",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_at__gte=F("since")) & ~Q(end_reason="")),
                name="members_adviserrelation_ended_with_a_reason",
            ),
        ]
        indexes = [
            # Somebody's customers, keyset; those whose relation ends first.
            models.Index(fields=["adviser", "until", "id"], name="members_relation_adviser"),
            # A customer's history, newest first.
            models.Index(fields=["customer", "-since"], name="members_relation_customer"),
            # What has lapsed.
            models.Index(fields=["until"], name="members_relation_lapses", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.adviser_id}"
