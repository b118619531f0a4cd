"""What was found, what shows it, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .rule import SignalKind


class HitState(models.TextChoices):
    OPEN = "open", _("待处理")
    CONFIRMED = "confirmed", _("属实")
    FALSE_ALARM = "false_alarm", _("误报")


class Hit(models.Model):
    """One sign of fraud about one member. `key` is unique within its kind: a later run finds the same one and adds
    evidence. `rule_version` 0 is the threshold that the mall came with. `grew_at` is set when evidence was added after
    somebody had decided."""

    kind = models.CharField(max_length=16, choices=SignalKind, verbose_name=_("信号"))
    key = models.CharField(max_length=140, editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="risk_hits",
        verbose_name=_("会员"),
    )
    rule_version = models.PositiveIntegerField(verbose_name=_("规则版本"))
    threshold = models.PositiveIntegerField(verbose_name=_("当时阈值"))
    value = models.PositiveIntegerField(verbose_name=_("测得"))
    state = models.CharField(max_length=12, choices=HitState, default=HitState.OPEN, verbose_name=_("状态"))
    found_at = models.DateTimeField(verbose_name=_("发现时间"))
    seen_at = models.DateTimeField(verbose_name=_("最近一次"))
    grew_at = models.DateTimeField(null=True, blank=True, verbose_name=_("又有新证据"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("处理人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("处理时间"))
    reason = models.CharField(max_length=300, blank=True, default="", db_default="", verbose_name=_("理由"))

    class Meta:
        verbose_name = _("风险预警")
        verbose_name_plural = _("风险预警")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="risk_hit_once"),
            models.CheckConstraint(condition=Q(kind__in=SignalKind.values), name="risk_hit_kind_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True, reason="")
                | (
                    Q(state__in=["confirmed", "false_alarm"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
                name="risk_hit_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("member")),
                name="risk_hit_not_decided_by_its_member",
            ),
        ]
        indexes = [
            # The list by state, newest first.
            models.Index(fields=["state", "-id"], name="risk_hit_state"),
            # The cards: how many of each kind, and how they were decided.
            models.Index(fields=["kind", "state"], name="risk_hit_kind"),
            # Everything about one member.
            models.Index(fields=["member", "-id"], name="risk_hit_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class Thing(models.TextChoices):
    """What a row of evidence is; the id is that of its table."""

    MEMBER = "member", _("会员")
    ORDER = "order", _("订单")
    ACCOUNT = "account", _("收款账户")
    WITHDRAWAL = "withdrawal", _("提现")


class Evidence(models.Model):
    """One row that shows a hit. Each stands once."""

    hit = models.ForeignKey(Hit, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    thing = models.CharField(max_length=10, choices=Thing, verbose_name=_("类别"))
    thing_id = models.BigIntegerField(verbose_name=_("编号"))
    found_at = models.DateTimeField(verbose_name=_("发现时间"))

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        constraints = [
            models.UniqueConstraint(fields=["hit", "thing", "thing_id"], name="risk_evidence_once"),
            models.CheckConstraint(condition=Q(thing__in=Thing.values), name="risk_evidence_thing_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_thing_display()} {self.thing_id}"


class Note(models.Model):
    """What somebody wrote down while looking into a hit."""

    hit = models.ForeignKey(Hit, on_delete=models.CASCADE, related_name="notes", verbose_name=_("风险预警"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    text = models.CharField(max_length=1_000, verbose_name=_("内容"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("核查备注")
        verbose_name_plural = _("核查备注")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="risk_note_says_something")]

    def __str__(self) -> str:
        return self.text[:40]
