"""Suppliers and their users."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.core.seats import ROLE_NAMES, Role

ROLES = [(role.value, ROLE_NAMES[role]) for role in Role]


class Supplier(models.Model):
    """A merchant whose goods the mall sells and who ships them."""

    name = models.CharField(max_length=40, unique=True, verbose_name=_("名称"))
    seal = models.CharField(max_length=1, verbose_name=_("印章字"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    hue = models.PositiveSmallIntegerField(default=20, verbose_name=_("色相"))
    is_active = models.BooleanField(default=True, verbose_name=_("合作中"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("供应商")
        verbose_name_plural = _("供应商")
        constraints = [models.CheckConstraint(condition=Q(hue__lt=360), name="suppliers_supplier_hue_below_360")]

    def __str__(self) -> str:
        return self.name


class SupplierUser(models.Model):
    """A member's seat at one supplier: it opens `/supplier/` for that supplier's rows and nothing else.

    `role` says what of it (`mall.core.seats`); while `is_active` is off the seat opens nothing.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="seats", verbose_name=_("供应商"))
    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supplier_seat", verbose_name=_("会员")
    )
    role = models.CharField(
        max_length=10, choices=ROLES, default=Role.OWNER.value, db_default=Role.OWNER.value, verbose_name=_("角色")
    )
    is_active = models.BooleanField(default=True, db_default=True, verbose_name=_("启用"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("邀请人"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("子账号")
        verbose_name_plural = _("子账号")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="suppliers_supplieruser_role_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} @ {self.supplier}"


class OfferState(models.TextChoices):
    WAITING = "waiting", _("等待对方接受")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已拒绝")
    WITHDRAWN = "withdrawn", _("已撤回")


class SeatOffer(models.Model):
    """A seat offered to whoever proves to have a phone number, until `expires_at`."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="offers", verbose_name=_("供应商"))
    phone = models.CharField(max_length=20, verbose_name=_("手机号"))
    role = models.CharField(max_length=10, choices=ROLES, verbose_name=_("角色"))
    state = models.CharField(
        max_length=10, choices=OfferState, default=OfferState.WAITING.value, verbose_name=_("状态")
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("邀请人"),
    )
    offered_at = models.DateTimeField(verbose_name=_("邀请时间"))
    expires_at = models.DateTimeField(verbose_name=_("有效期至"))
    answered_at = models.DateTimeField(null=True, blank=True, verbose_name=_("答复时间"))

    class Meta:
        verbose_name = _("子账号邀请")
        verbose_name_plural = _("子账号邀请")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "phone"], condition=Q(state="waiting"), name="suppliers_seatoffer_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="suppliers_seatoffer_role_known"
            ),
        ]
        # What somebody who signs in was offered.
        indexes = [
            models.Index(fields=["phone"], condition=Q(state="waiting"), name="suppliers_seatoffer_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.role} {self.state}"
