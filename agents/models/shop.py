"""A member's own shop: goods of the mall that somebody picked and vouches for. It stands at `/s/<referral code>`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.models import Product


class Shop(models.Model):
    """The shop of one member. Its address is the member's referral code, so that a visit is a touch."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="shop",
        verbose_name=_("店主"),
    )
    name = models.CharField(max_length=20, verbose_name=_("店名"))
    notice = models.CharField(max_length=60, blank=True, default="", db_default="", verbose_name=_("一句话介绍"))
    pinned_text = models.CharField(max_length=300, blank=True, default="", db_default="", verbose_name=_("置顶公告"))
    picture = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("店铺图片"))
    is_open = models.BooleanField(default=True, db_default=True, verbose_name=_("营业中"))
    opened_at = models.DateTimeField(verbose_name=_("开店时间"))
    saved_at = models.DateTimeField(verbose_name=_("保存时间"))

    class Meta:
        verbose_name = _("小店")
        verbose_name_plural = _("小店")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="agents_shop_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class StockMark(models.TextChoices):
    """How much of a product was left when its shopkeepers were last told."""

    PLENTY = "plenty", _("充足")
    LOW = "low", _("紧张")
    OUT = "out", _("缺货")
    OFF = "off", _("已下架")


class ShopItem(models.Model):
    """A product in somebody's shop. `price_fen` and `stock` are what the shopkeeper knows of it: as it was when it was
    put there, or as a message has told since."""

    shop = models.ForeignKey(
        Shop, on_delete=models.CASCADE, db_index=False, related_name="items", verbose_name=_("小店")
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="shop_items", verbose_name=_("商品"))
    position = models.PositiveIntegerField(verbose_name=_("排序"))
    is_pinned = models.BooleanField(default=False, db_default=False, verbose_name=_("置顶"))
    words = models.CharField(max_length=40, blank=True, default="", db_default="", verbose_name=_("推荐语"))
    price_fen = models.BigIntegerField(null=True, verbose_name=_("已知价格（分）"))
    stock = models.CharField(max_length=6, choices=StockMark, default=StockMark.PLENTY, verbose_name=_("已知库存"))
    added_at = models.DateTimeField(verbose_name=_("上架时间"))

    class Meta:
        verbose_name = _("小店商品")
        verbose_name_plural = _("小店商品")
        constraints = [
            # Also the way to all goods of a shop.
            models.UniqueConstraint(fields=["shop", "product"], name="agents_shopitem_once_a_shop"),
            models.CheckConstraint(condition=Q(stock__in=StockMark.values), name="agents_shopitem_stock_known"),
            models.CheckConstraint(
                condition=Q(price_fen__isnull=True) | Q(price_fen__gt=0), name="agents_shopitem_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.product_id}"
