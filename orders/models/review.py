"""What buyers say of what they received. A product's counts are kept beside, in the same transaction."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.rules import reviewing
from suppliers.models import Product

from .order import OrderLine


class ReviewState(models.TextChoices):
    PENDING = "pending", _("审核中")
    VISIBLE = "visible", _("已展示")
    HIDDEN = "hidden", _("未通过")


class Review(models.Model):
    """What the buyer of one order line says of it: stars, tags, words, photos, once; and later a follow-up, once.

    Only what is `visible` counts and is seen by others. Its author sees it always, and why it is hidden.
    """

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="review", verbose_name=_("订单明细"))
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="reviews", verbose_name=_("商品")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="reviews",
        verbose_name=_("会员"),
    )
    stars = models.PositiveSmallIntegerField(verbose_name=_("星级"))
    tags = ArrayField(models.CharField(max_length=12), default=list, db_default=[], blank=True, verbose_name=_("标签"))
    text = models.CharField(
        max_length=reviewing.TEXT_MAX, blank=True, default="", db_default="", verbose_name=_("评价")
    )
    is_anonymous = models.BooleanField(default=False, db_default=False, verbose_name=_("匿名"))
    photo_count = models.PositiveSmallIntegerField(default=0, db_default=0, verbose_name=_("图片数"))
    state = models.CharField(max_length=10, choices=ReviewState, verbose_name=_("状态"))
    reason = models.CharField(max_length=120, blank=True, default="", db_default="", verbose_name=_("原因"))
    reviewed_at = models.DateTimeField(verbose_name=_("评价时间"))
    follow_up = models.CharField(
        max_length=reviewing.TEXT_MAX, blank=True, default="", db_default="", verbose_name=_("追评")
    )
    followed_up_at = models.DateTimeField(null=True, blank=True, verbose_name=_("追评时间"))
    reply = models.CharField(
        max_length=reviewing.REPLY_MAX, blank=True, default="", db_default="", verbose_name=_("商家回复")
    )
    replied_at = models.DateTimeField(null=True, blank=True, verbose_name=_("回复时间"))
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("回复人"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("审核人"),
    )
    decided_at = models.DateTimeField(null=True, blank=True, verbose_name=_("审核时间"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="orders_review_stars_one_to_five"),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="orders_review_state_known"),
            models.CheckConstraint(
                condition=Q(photo_count__lte=reviewing.PHOTOS_MAX), name="orders_review_nine_photos_at_most"
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | ~Q(reason=""), name="orders_review_hidden_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(follow_up="", followed_up_at__isnull=True)
                | (~Q(follow_up="") & Q(followed_up_at__isnull=False)),
                name="orders_review_follow_up_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="orders_review_reply_has_its_time",
            ),
        ]
        indexes = [
            # A product's reviews, newest first, as others see them.
            models.Index(
                fields=["product", "-reviewed_at", "-id"], name="orders_review_shown", condition=Q(state="visible")
            ),
            # A supplier's desk, and every foreign key to a product.
            models.Index(fields=["product", "-id"], name="orders_review_product"),
            # One's own reviews.
            models.Index(fields=["member", "-reviewed_at"], name="orders_review_member"),
            # What waits for an operator, oldest first.
            models.Index(fields=["id"], name="orders_review_waiting", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.stars}★ {self.text[:20]}"


class ReviewPhoto(models.Model):
    """One photo of a review, drawn anew before it came here, and a small one of it. Both lie under media."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, db_index=False, related_name="photos")
    path = models.CharField(max_length=200, unique=True)
    small_path = models.CharField(max_length=200, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("评价图片")
        verbose_name_plural = _("评价图片")
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="orders_reviewphoto_position_once"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="orders_reviewphoto_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.path


class ReviewSummary(models.Model):
    """How a product's visible reviews add up. Written with each review, so that no page counts them."""

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, primary_key=True, related_name="review_summary", verbose_name=_("商品")
    )
    stars_1 = models.PositiveIntegerField(default=0, db_default=0)
    stars_2 = models.PositiveIntegerField(default=0, db_default=0)
    stars_3 = models.PositiveIntegerField(default=0, db_default=0)
    stars_4 = models.PositiveIntegerField(default=0, db_default=0)
    stars_5 = models.PositiveIntegerField(default=0, db_default=0)
    with_photos = models.PositiveIntegerField(default=0, db_default=0)
    with_follow_up = models.PositiveIntegerField(default=0, db_default=0)
    tags = models.JSONField(default=dict, db_default={})

    class Meta:
        verbose_name = _("评价汇总")
        verbose_name_plural = _("评价汇总")

    def __str__(self) -> str:
        return f"{self.product_id}: {self.count}"

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """How many gave one star, two, … five."""
        return (self.stars_1, self.stars_2, self.stars_3, self.stars_4, self.stars_5)

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def average_tenths(self) -> int:
        return reviewing.average_tenths(self.counts)

    @property
    def average(self) -> str:
        """`4.8`."""
        whole, tenth = divmod(self.average_tenths, 10)
        return f"{whole}.{tenth}"

    @property
    def good_percent(self) -> int:
        return reviewing.good_percent(self.counts)

    @property
    def good(self) -> int:
        return self.stars_4 + self.stars_5

    @property
    def fair(self) -> int:
        return self.stars_3

    @property
    def poor(self) -> int:
        return self.stars_1 + self.stars_2

    @property
    def top_tags(self) -> list[tuple[str, int]]:
        """The tags that were ticked most, with how often."""
        return sorted(self.tags.items(), key=lambda item: (-item[1], item[0]))[:6]


class HeldWord(models.Model):
    """A word that keeps a review back until an operator has read it."""

    word = models.CharField(max_length=20, unique=True, verbose_name=_("词"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("添加人"),
    )
    added_at = models.DateTimeField(verbose_name=_("添加时间"))

    class Meta:
        verbose_name = _("评价敏感词")
        verbose_name_plural = _("评价敏感词")

    def __str__(self) -> str:
        return self.word
