"""Papers of suppliers: what they are, how far operators have come with them, and what was taken off the shelf when one
ran out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.rules import papers as rules

from .product import Permit, Product
from .supplier import Supplier


class QualificationKind(models.TextChoices):
    BUSINESS = rules.BUSINESS, _("营业执照")
    FOOD = rules.FOOD, _("食品经营许可证")
    PRODUCTION = rules.PRODUCTION, _("生产许可证")
    COSMETIC = rules.COSMETIC, _("化妆品生产许可证")
    TRADEMARK = rules.TRADEMARK, _("商标注册证")
    ORIGIN = rules.ORIGIN, _("产地证明")
    INSPECTION = rules.INSPECTION, _("检验报告")
    ORGANIC = rules.ORGANIC, _("有机认证")


class PaperState(models.TextChoices):
    """How far operators have come with a paper; only what they approved is shown, and lets goods be sold."""

    WAITING = rules.WAITING, _("待审核")
    APPROVED = rules.APPROVED, _("有效")
    REJECTED = rules.REJECTED, _("未通过")
    REPLACED = rules.REPLACED, _("已换新证")
    WITHDRAWN = rules.WITHDRAWN, _("已撤回")


class Qualification(models.Model):
    """A paper of a supplier, or of one of its products. `picture` names a private file.

    A paper is never edited: another one `replaces` it once operators approved that. It is good up to and including
    `valid_until`; `lapsed_at` says that the mall has seen it run out, and from then on it lets nothing be sold.
    """

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="qualifications", verbose_name=_("供应商")
    )
    product = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="qualifications",
        verbose_name=_("商品"),
        help_text=_("不选则为全店资质"),
    )
    kind = models.CharField(max_length=10, choices=QualificationKind, verbose_name=_("类型"))
    title = models.CharField(max_length=40, verbose_name=_("名称"))
    number = models.CharField(max_length=rules.NUMBER_MAX, blank=True, default="", verbose_name=_("编号"))
    picture = models.CharField(max_length=200, blank=True, default="", editable=False, verbose_name=_("证照图片"))
    valid_until = models.DateField(null=True, blank=True, verbose_name=_("有效期至"))
    state = models.CharField(
        max_length=10,
        choices=PaperState,
        default=PaperState.APPROVED.value,
        db_default=PaperState.APPROVED.value,
        verbose_name=_("状态"),
    )
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="successors",
        verbose_name=_("替换"),
    )
    reason = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("审核意见"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("提交人"),
    )
    submitted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("提交时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("审核人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))
    warned_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("到期提醒时间"))
    lapsed_at = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("失效时间"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("资质")
        verbose_name_plural = _("资质")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PaperState.values), name="suppliers_qualification_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="suppliers_qualification_rejected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(submitted_at__isnull=False, decided_at__isnull=True),
                name="suppliers_qualification_waits_since_it_was_submitted",
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(state="waiting"), name="suppliers_qualification_one_successor_waits"
            ),
        ]
        indexes = [
            # What waits for an operator, oldest first.
            models.Index(fields=["submitted_at"], condition=Q(state="waiting"), name="suppliers_paper_waiting"),
            # What runs out, the next one first.
            models.Index(
                fields=["valid_until"],
                condition=Q(state="approved", valid_until__isnull=False),
                name="suppliers_paper_expiry",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        return kind if kind == self.title else f"{kind} {self.title}"

    @property
    def is_in_force(self) -> bool:
        return self.state == PaperState.APPROVED and self.lapsed_at is None


class PermitLapse(models.Model):
    """A product was taken off the shelf because the permit that its category asks for had run out."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="permit_lapses", verbose_name=_("商品"))
    paper = models.ForeignKey(
        Qualification, on_delete=models.CASCADE, related_name="permit_lapses", verbose_name=_("证照")
    )
    at = models.DateTimeField(verbose_name=_("下架时间"))

    class Meta:
        verbose_name = _("证照到期下架")
        verbose_name_plural = _("证照到期下架")
        constraints = [models.UniqueConstraint(fields=["product", "paper"], name="suppliers_permitlapse_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.paper_id}"


class PermitGap(models.Model):
    """A product stands on the shelf without a permit that its category asks for, since it was found so, and leaves it
    once `due_date` is over: `off_shelf_at` says when. Where the permit came in time the row is gone."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="permit_gaps", verbose_name=_("商品"))
    permit = models.CharField(max_length=10, choices=Permit, verbose_name=_("缺的许可证"))
    found_at = models.DateTimeField(verbose_name=_("发现时间"))
    due_date = models.DateField(verbose_name=_("最晚补证"))
    off_shelf_at = models.DateTimeField(null=True, blank=True, verbose_name=_("下架时间"))

    class Meta:
        verbose_name = _("缺证商品")
        verbose_name_plural = _("缺证商品")
        constraints = [
            models.CheckConstraint(condition=Q(permit__in=Permit.values), name="suppliers_permitgap_permit_known"),
            models.UniqueConstraint(
                fields=["product", "permit"], condition=Q(off_shelf_at=None), name="suppliers_permitgap_one_is_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.permit}"
