"""Applications of firms that want to supply, step by step, with their documents."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Consent
from onboarding import rules
from suppliers.models import Category, QualificationKind, Supplier

ACCOUNT = "onboarding account"


class Stage(models.TextChoices):
    """How far an application is."""

    FILLING = rules.FILLING, _("填写中")
    WAITING = rules.WAITING, _("待审核")
    RETURNED = rules.RETURNED, _("待补充")
    APPROVED = rules.APPROVED, _("已通过")
    REJECTED = rules.REJECTED, _("未通过")


class Step(models.TextChoices):
    """What is filled in, in this order."""

    COMPANY = rules.COMPANY, _("公司信息")
    PAPERS = rules.PAPERS, _("证照和类目")
    BANK = rules.BANK, _("收款账户")
    AGREEMENT = rules.AGREEMENT, _("供货协议")


class StepState(models.TextChoices):
    OPEN = rules.OPEN, _("待填写")
    FILLED = rules.FILLED, _("已填写")
    SENT_BACK = rules.SENT_BACK, _("要修改")
    PASSED = rules.PASSED, _("已通过")


class Application(models.Model):
    """A firm's application to supply, filled in by a member who will own the supplier.

    What a step holds is empty until it was filled in. `consent` is the signature under the agreement, in the words that
    were in force then. `supplier` is what approval made of it.
    """

    number = models.CharField(max_length=24, unique=True, verbose_name=_("申请编号"))
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="supplier_applications",
        verbose_name=_("申请人"),
    )
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.FILLING.value, verbose_name=_("阶段"))
    shop_name = models.CharField(max_length=20, blank=True, default="", verbose_name=_("店铺名称"))
    company_name = models.CharField(max_length=60, blank=True, default="", verbose_name=_("公司名称"))
    licence_number = models.CharField(max_length=18, blank=True, default="", verbose_name=_("统一社会信用代码"))
    legal_person = models.CharField(max_length=20, blank=True, default="", verbose_name=_("法定代表人"))
    address = models.CharField(max_length=120, blank=True, default="", verbose_name=_("注册地址"))
    contact_name = models.CharField(max_length=20, blank=True, default="", verbose_name=_("联系人"))
    contact_phone = models.CharField(max_length=20, blank=True, default="", verbose_name=_("联系电话"))
    categories = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("经营类目"))
    holder = models.CharField(max_length=60, blank=True, default="", verbose_name=_("户名"))
    bank_name = models.CharField(max_length=60, blank=True, default="", verbose_name=_("开户行"))
    number_sealed = models.CharField(max_length=300, blank=True, default="", editable=False)
    account_label = models.CharField(max_length=20, blank=True, default="", verbose_name=_("账号"))
    consent = models.ForeignKey(
        Consent,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("签署的协议"),
    )
    signed_name = models.CharField(max_length=20, blank=True, default="", verbose_name=_("签署人"))
    signed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("签署时间"))
    started_at = models.DateTimeField(verbose_name=_("开始时间"))
    touched_at = models.DateTimeField(verbose_name=_("最后修改"))
    submitted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("提交时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("审核人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))
    reason = models.CharField(max_length=200, blank=True, default="", verbose_name=_("未通过的原因"))
    supplier = models.OneToOneField(
        Supplier,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="application",
        verbose_name=_("供应商"),
    )

    class Meta:
        verbose_name = _("入驻申请")
        verbose_name_plural = _("入驻申请")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="onboarding_application_stage_known"),
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(stage__in=rules.LIVE), name="onboarding_application_one_live"
            ),
            models.UniqueConstraint(
                fields=["licence_number"], condition=Q(stage="approved"), name="onboarding_application_firm_once"
            ),
            models.CheckConstraint(
                condition=Q(stage="approved", supplier__isnull=False)
                | (~Q(stage="approved") & Q(supplier__isnull=True)),
                name="onboarding_application_supplier_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(stage="rejected") | ~Q(reason=""), name="onboarding_application_rejected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(stage="filling") | Q(submitted_at__isnull=False),
                name="onboarding_application_submitted_before_it_is_decided",
            ),
        ]
        # The queue by stage, who waits longest first.
        indexes = [models.Index(fields=["stage", "submitted_at"], name="onboarding_application_queue")]

    def __str__(self) -> str:
        return f"{self.shop_name or self.company_name or self.number}"


class ApplicationStep(models.Model):
    """One step of an application: how far it is, and what operators said of it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_index=False, related_name="steps", verbose_name=_("申请")
    )
    step = models.CharField(max_length=10, choices=Step, verbose_name=_("步骤"))
    state = models.CharField(max_length=10, choices=StepState, default=StepState.OPEN.value, verbose_name=_("状态"))
    comment = models.CharField(max_length=200, blank=True, default="", verbose_name=_("审核意见"))
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("审核人"),
    )
    commented_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))
    filled_at = models.DateTimeField(null=True, blank=True, verbose_name=_("填写时间"))

    class Meta:
        verbose_name = _("入驻步骤")
        verbose_name_plural = _("入驻步骤")
        constraints = [
            models.UniqueConstraint(fields=["application", "step"], name="onboarding_step_once"),
            models.CheckConstraint(condition=Q(step__in=rules.STEPS), name="onboarding_step_known"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="onboarding_step_state_known"),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | ~Q(comment=""), name="onboarding_step_sent_back_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.step} {self.state}"


class ApplicationPaper(models.Model):
    """A document of an application, one of each kind; `picture` names a private file."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_index=False, related_name="papers", verbose_name=_("申请")
    )
    kind = models.CharField(max_length=10, choices=QualificationKind, verbose_name=_("类型"))
    number = models.CharField(max_length=40, verbose_name=_("编号"))
    picture = models.CharField(max_length=200, editable=False, verbose_name=_("图片"))
    valid_until = models.DateField(null=True, blank=True, verbose_name=_("有效期至"))
    uploaded_at = models.DateTimeField(verbose_name=_("上传时间"))

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="onboarding_paper_kind_once"),
            models.CheckConstraint(condition=~Q(picture=""), name="onboarding_paper_has_a_picture"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
