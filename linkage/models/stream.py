"""Plans and the numbered stream of events. `docs/flow.md` follows one order through."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linkage.rules.plan import Plan, parse_plan


class PlanVersion(models.Model):
    """One version of the plan, or, without `params`, the decision to run with 2+1 switched off.

    A version is a draft until it has `published_at`; the published one with the latest `starts_at` that has come is in
    force. A trigger refuses to change a version that was published. Its author edits a draft (`edited_at`)
    until it is submitted with a simulation and an acknowledgement of just these params; somebody else publishes it.
    What another mall's history brought along was `imported`, as was what was published before two people were needed.
    """

    version = models.PositiveIntegerField(primary_key=True, verbose_name=_("版本"))
    name = models.CharField(max_length=40, verbose_name=_("名称"))
    params = models.JSONField(null=True, blank=True, verbose_name=_("参数"))
    starts_at = models.DateTimeField(null=True, blank=True, verbose_name=_("生效时间"))
    published_at = models.DateTimeField(null=True, blank=True, verbose_name=_("发布时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("拟定人"),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("发布人"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True, verbose_name=_("最后修改时间"))
    submitted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("提交时间"))
    simulation = models.ForeignKey(
        "linkage.SimulationRun", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledgement = models.ForeignKey(
        "linkage.Acknowledgement", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("退回人"),
    )
    returned_at = models.DateTimeField(null=True, blank=True, verbose_name=_("退回时间"))
    return_reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("退回原因"))
    imported = models.BooleanField(default=False, db_default=False, editable=False, verbose_name=_("历史导入"))

    class Meta:
        verbose_name = _("规则方案")
        verbose_name_plural = _("规则方案")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(starts_at__isnull=False),
                name="linkage_planversion_published_starts",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(imported=True)
                | Q(submitted_at__isnull=False, created_by__isnull=False, published_by__isnull=False)
                & ~Q(published_by=F("created_by")),
                name="linkage_planversion_two_people_publish",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(imported=True)
                | Q(params__isnull=True)
                | Q(simulation__isnull=False, acknowledgement__isnull=False),
                name="linkage_planversion_published_was_simulated",
            ),
        ]
        indexes = [
            # The version in force is asked for on every paid gift pack.
            models.Index(
                fields=["-starts_at"], name="linkage_planversion_in_force", condition=Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.name}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None and self.submitted_at is None

    @property
    def waits_for_checking(self) -> bool:
        return self.published_at is None and self.submitted_at is not None

    @property
    def plan(self) -> Plan | None:
        """The parsed plan; none where 2+1 is off."""
        return None if self.params is None else parse_plan(self.params)[0]


class Shard(models.Model):
    """The lock under which the events of some referral trees are settled, and how far their time has come."""

    id = models.SmallIntegerField(primary_key=True)
    clock_at = models.DateTimeField()

    class Meta:
        verbose_name = _("结算分片")
        verbose_name_plural = _("结算分片")

    def __str__(self) -> str:
        return str(self.pk)


class Stream(models.Model):
    """The last number given to a settled event. One row, locked last and by everyone who numbers events."""

    ONLY = 1

    last_number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="linkage_stream_single")]

    def __str__(self) -> str:
        return str(self.last_number)


class EventKind(models.TextChoices):
    JOIN = "join", _("加入")
    ORDER = "order", _("礼包付款")
    RECEIVE = "receive", _("收货")
    REFUND = "refund", _("退款")
    TASKS_DONE = "tasks_done", _("种子任务完成")
    WITHDRAW = "withdraw", _("申请提现")
    PAYOUT = "payout", _("提现结果")
    GRANT = "grant", _("帮扶发放")
    TICK = "tick", _("到期处理")
    SALE = "sale", _("零售付款")
    SALE_RECEIVED = "sale_receive", _("零售收货")
    SALE_KEPT = "sale_keep", _("零售退款")
    ADJUST = "adjust", _("人工调整")
    FORGIVE = "forgive", _("免除欠款")


class LinkageEvent(models.Model):
    """One event of the stream. Without a number and a refusal it waits in the inbox; settled, it has its number and the
    whole second at which it took effect; refused, the reason. Its own columns and the plans are all that the audit
    reads.
    """

    key = models.CharField(max_length=96, unique=True, verbose_name=_("唯一键"))
    shard = models.SmallIntegerField(verbose_name=_("分片"))
    kind = models.CharField(max_length=12, choices=EventKind, verbose_name=_("事件"))
    at = models.DateTimeField(verbose_name=_("发生时间"))
    member_id = models.BigIntegerField(null=True, verbose_name=_("会员编号"))
    referrer_id = models.BigIntegerField(null=True, verbose_name=_("推荐人编号"))
    order_id = models.BigIntegerField(null=True, verbose_name=_("订单编号"))
    reference = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("单号"))
    packs = models.IntegerField(null=True, verbose_name=_("礼包份数"))
    plan_version = models.PositiveIntegerField(null=True, verbose_name=_("规则版本"))
    amount_fen = models.BigIntegerField(null=True, verbose_name=_("金额（分）"))
    min_fen = models.BigIntegerField(null=True, verbose_name=_("最低金额（分）"))
    fee_bps = models.IntegerField(null=True, verbose_name=_("服务费率（万分之）"))
    tax_bps = models.IntegerField(null=True, verbose_name=_("税率（万分之）"))
    # Fixed when a withdrawal was asked for; where they are none, the rates say what is withheld.
    fee_fen = models.BigIntegerField(null=True, verbose_name=_("服务费（分）"))
    tax_fen = models.BigIntegerField(null=True, verbose_name=_("预扣个税（分）"))
    approved = models.BooleanField(null=True, verbose_name=_("通过"))
    line_id = models.BigIntegerField(null=True, verbose_name=_("订单明细编号"))
    commission_bps = models.SmallIntegerField(null=True, verbose_name=_("零售佣金（万分之）"))
    cooling_off_days = models.SmallIntegerField(null=True, verbose_name=_("冷静期（天）"))
    by_id = models.BigIntegerField(null=True, verbose_name=_("操作人编号"))
    asked_by_id = models.BigIntegerField(null=True, verbose_name=_("申请人编号"))
    note = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("说明"))
    import_line = models.IntegerField(null=True, verbose_name=_("导入行号"))
    number = models.BigIntegerField(null=True, unique=True, verbose_name=_("序号"))
    effective_at = models.DateTimeField(null=True, verbose_name=_("生效时间"))
    refusal = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("拒绝原因"))
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "linkage_event"
        verbose_name = _("结算事件")
        verbose_name_plural = _("结算事件")
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(refusal=""), name="linkage_event_numbered_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, effective_at__isnull=True)
                | Q(number__isnull=False, effective_at__isnull=False, effective_at__gte=F("at")),
                name="linkage_event_takes_effect_when_numbered",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["adjust", "forgive"])
                | Q(by_id__isnull=False, asked_by_id__isnull=False, member_id__isnull=False, amount_fen__isnull=False)
                & ~Q(by_id=F("asked_by_id"))
                & ~Q(by_id=F("member_id"))
                & ~Q(asked_by_id=F("member_id")),
                name="linkage_event_two_people_adjust",
            ),
            models.CheckConstraint(
                condition=Q(fee_fen__isnull=True, tax_fen__isnull=True)
                | Q(fee_fen__gte=0, tax_fen__gte=0, amount_fen__gte=F("fee_fen") + F("tax_fen")),
                name="linkage_event_withholds_within_the_amount",
            ),
        ]
        indexes = [
            # The inbox: what waits, in order. It stays as small as the backlog.
            models.Index(
                fields=["shard", "id"], name="linkage_event_waiting", condition=Q(number__isnull=True, refusal="")
            ),
            # A withdrawal and its decision.
            models.Index(
                fields=["reference", "kind"],
                name="linkage_event_withdrawal",
                condition=Q(kind__in=["withdraw", "payout"]),
            ),
            # One member's history.
            models.Index(fields=["member_id", "id"], name="linkage_event_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.number}" if self.number else str(self.get_kind_display())


class ImportRun(models.Model):
    """How far the import of one event file has come; a file interrupted anywhere goes on from here."""

    digest = models.CharField(max_length=64, unique=True)
    lines_done = models.IntegerField(default=0)
    lines = models.IntegerField()
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("历史导入")
        verbose_name_plural = _("历史导入")

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.lines_done}/{self.lines}"
