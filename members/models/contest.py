"""A customer who says that an adviser is not theirs, and what the platform decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .adviser import AdviserRelation
from .member import Member


class ContestState(models.TextChoices):
    OPEN = "open", _("待裁定")
    UPHELD = "upheld", _("支持客户")
    REFUSED = "refused", _("维持原关系")


class RelationContest(models.Model):
    """A customer contests a relation, with a reason; an operator decides, with an answer. Past orders stay whose they
    are, whatever is decided."""

    relation = models.ForeignKey(
        AdviserRelation, on_delete=models.PROTECT, related_name="contests", verbose_name=_("客户关系")
    )
    state = models.CharField(max_length=10, choices=ContestState, verbose_name=_("状态"))
    words = models.CharField(max_length=300, verbose_name=_("客户的理由"))
    opened_at = models.DateTimeField(verbose_name=_("提出时间"))
    answer = models.CharField(max_length=300, blank=True, default="", db_default="", verbose_name=_("裁定理由"))
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("裁定时间"))
    decided_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("裁定人")
    )

    class Meta:
        verbose_name = _("顾问异议")
        verbose_name_plural = _("顾问异议")
        constraints = [
            models.UniqueConstraint(
                fields=["relation"], condition=Q(state="open"), name="members_relationcontest_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=ContestState.values), name="members_relationcontest_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, answer="")
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(answer="")),
                name="members_relationcontest_decided_with_an_answer",
            ),
        ]
        indexes = [
            # The queue, oldest first.
            models.Index(fields=["opened_at"], name="members_contest_queue", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.get_state_display()}"
