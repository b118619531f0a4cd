"""Appeals: what somebody doubts of the own earnings or withdrawals, and what operators decided about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What an appeal is about."""

    REWARD = "reward", _("奖励")
    COMMISSION = "commission", _("零售佣金")
    WITHDRAWAL = "withdrawal", _("提现")
    ORDER = "order", _("没有收益的订单")


class Doubt(models.TextChoices):
    """What is doubted."""

    AMOUNT = "amount", _("金额不对")
    MISSING = "missing", _("应该有却没有")
    HELD = "held", _("冻结或到期")
    TAKEN_BACK = "taken_back", _("被扣回")
    PAYOUT = "payout", _("提现和税款")
    OTHER = "other", _("其他")


class AppealState(models.TextChoices):
    OPEN = "open", _("处理中")
    DECIDED = "decided", _("已答复")


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("成立")
    PARTLY = "partly", _("部分成立")
    DISMISSED = "dismissed", _("不成立")


class Appeal(models.Model):
    """One appeal of a member about one thing, which `label` names as it was called then. `due_at` is by when a decision
    was promised. It is opened again at most once; then somebody else decides.
    """

    number = models.CharField(max_length=24, unique=True, verbose_name=_("编号"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("会员")
    )
    subject = models.CharField(max_length=10, choices=Subject, verbose_name=_("对象"))
    subject_id = models.BigIntegerField(verbose_name=_("对象编号"))
    label = models.CharField(max_length=80, verbose_name=_("对象名称"))
    doubt = models.CharField(max_length=10, choices=Doubt, verbose_name=_("类型"))
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.OPEN, verbose_name=_("状态"))
    opened_at = models.DateTimeField(verbose_name=_("提交时间"))
    due_at = models.DateTimeField(verbose_name=_("答复期限"))
    last_at = models.DateTimeField(verbose_name=_("最后一条"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("受理人"),
    )
    outcome = models.CharField(
        max_length=10, choices=Outcome, blank=True, default="", db_default="", verbose_name=_("结论")
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("答复时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("答复人"),
    )
    reopened_at = models.DateTimeField(null=True, blank=True, verbose_name=_("再次申诉时间"))
    idempotency_key = models.CharField(max_length=64, verbose_name=_("幂等键"))

    class Meta:
        verbose_name = _("申诉")
        verbose_name_plural = _("申诉")
        constraints = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="agents_appeal_key_unique"),
            models.UniqueConstraint(
                fields=["member", "subject", "subject_id"],
                condition=Q(state="open"),
                name="agents_appeal_one_open_a_subject",
            ),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="agents_appeal_subject_known"),
            models.CheckConstraint(condition=Q(doubt__in=Doubt.values), name="agents_appeal_doubt_known"),
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="agents_appeal_state_known"),
            # Opened again, it keeps who decided first, so that it is somebody else the second time.
            models.CheckConstraint(
                condition=(
                    Q(state="decided", outcome__in=Outcome.values, decided_at__isnull=False, decided_by__isnull=False)
                    | Q(state="open", outcome="", decided_at__isnull=True)
                ),
                name="agents_appeal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("member")),
                name="agents_appeal_not_decided_by_its_member",
            ),
        ]
        indexes = [
            # A member's appeals, newest first.
            models.Index(fields=["member", "-id"], name="agents_appeal_of_member"),
            # The queue: whose decision is due first. It stays as small as what is open.
            models.Index(fields=["due_at"], name="agents_appeal_queue", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.number


class Speaker(models.TextChoices):
    """Who speaks. The member sees all but notes."""

    MEMBER = "member", _("会员")
    OPERATOR = "operator", _("客服")
    DECISION = "decision", _("处理结果")
    NOTE = "note", _("内部备注")


class AppealPost(models.Model):
    """One thing that was said in an appeal, or decided, with `outcome`. It is never edited."""

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="posts", verbose_name=_("申诉"))
    speaker = models.CharField(max_length=8, choices=Speaker, verbose_name=_("谁"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("账号")
    )
    text = models.CharField(max_length=1000, verbose_name=_("内容"))
    outcome = models.CharField(
        max_length=10, choices=Outcome, blank=True, default="", db_default="", verbose_name=_("结论")
    )
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("申诉内容")
        verbose_name_plural = _("申诉内容")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(speaker__in=Speaker.values), name="agents_appealpost_speaker_known"),
            models.CheckConstraint(
                condition=Q(speaker="decision", outcome__in=Outcome.values) | (~Q(speaker="decision") & Q(outcome="")),
                name="agents_appealpost_decisions_have_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.speaker}"


class AppealPhoto(models.Model):
    """A photo of a post; private, so shown to the member and operators alone."""

    post = models.ForeignKey(AppealPost, on_delete=models.CASCADE, related_name="photos", verbose_name=_("内容"))
    name = models.CharField(max_length=120, unique=True, verbose_name=_("文件"))
    width = models.PositiveSmallIntegerField(verbose_name=_("宽"))
    height = models.PositiveSmallIntegerField(verbose_name=_("高"))

    class Meta:
        verbose_name = _("申诉照片")
        verbose_name_plural = _("申诉照片")

    def __str__(self) -> str:
        return self.name
