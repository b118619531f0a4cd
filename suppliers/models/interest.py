"""What members like, look at and wait for; and which goods go together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .product import Product, Sku


class Favourite(models.Model):
    """A product that a member keeps, with the price it had then."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites", verbose_name=_("会员")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="favourites", verbose_name=_("商品")
    )
    price_fen = models.BigIntegerField(null=True, verbose_name=_("收藏时价格（分）"))
    added_at = models.DateTimeField(verbose_name=_("收藏时间"))

    class Meta:
        verbose_name = _("收藏")
        verbose_name_plural = _("收藏")
        constraints = [
            models.UniqueConstraint(fields=["product", "member"], name="suppliers_favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.product_id}"


class ProductView(models.Model):
    """A product was looked at on a day, by a member or, with consent, by a visitor known by a hash alone.

    One row for each day, and rows of a day are written and pruned together: the table can be partitioned by `date`.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="product_views",
        verbose_name=_("会员"),
    )
    visitor_hash = models.CharField(max_length=64, blank=True, default="", verbose_name=_("访客"))
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="views", verbose_name=_("商品")
    )
    date = models.DateField(verbose_name=_("日期"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("浏览")
        verbose_name_plural = _("浏览")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "product", "date"],
                condition=Q(member__isnull=False),
                name="suppliers_productview_member_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["visitor_hash", "product", "date"],
                condition=~Q(visitor_hash=""),
                name="suppliers_productview_visitor_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, visitor_hash="") | Q(member__isnull=True) & ~Q(visitor_hash=""),
                name="suppliers_productview_of_a_member_or_a_visitor",
            ),
        ]
        indexes = [
            # What a member saw last: its history and what it leads to.
            models.Index(fields=["member", "-at"], name="suppliers_productview_latest"),
            # Pruning by day.
            models.Index(fields=["date"], name="suppliers_productview_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id or self.visitor_hash[:8]} {self.product_id}"


class ArrivalNotice(models.Model):
    """A member wants to hear when a SKU can be had again. Told once."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="arrival_notices", verbose_name=_("会员")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.CASCADE, db_index=False, related_name="arrival_notices", verbose_name=_("规格")
    )
    asked_at = models.DateTimeField(verbose_name=_("登记时间"))
    notified_at = models.DateTimeField(null=True, verbose_name=_("通知时间"))

    class Meta:
        verbose_name = _("到货提醒")
        verbose_name_plural = _("到货提醒")
        constraints = [
            # Also the index by which stock that comes back finds who waits for it.
            models.UniqueConstraint(
                fields=["sku", "member"],
                condition=Q(notified_at__isnull=True),
                name="suppliers_arrivalnotice_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.sku_id}"


class PairKind(models.TextChoices):
    BOUGHT = "bought", _("一起买")
    VIEWED = "viewed", _("一起看")


class ProductPair(models.Model):
    """How many people bought, or looked at, both of two products. Refreshed as a whole by a task; each pair stands
    in both directions."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="pairs", verbose_name=_("商品")
    )
    other = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name=_("另一商品")
    )
    kind = models.CharField(max_length=6, choices=PairKind, verbose_name=_("类型"))
    people = models.PositiveIntegerField(verbose_name=_("人数"))

    class Meta:
        verbose_name = _("商品关联")
        verbose_name_plural = _("商品关联")
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "other"], name="suppliers_productpair_once"),
            models.CheckConstraint(condition=~Q(product=models.F("other")), name="suppliers_productpair_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.other_id} {self.kind} {self.people}"
