"""Suppliers, products and stock. Stock is counted on the SKU under CHECK; every change leaves a movement."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey


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
    """A member's seat at one supplier: it opens `/supplier/` for that supplier's rows and nothing else."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="seats", verbose_name=_("供应商"))
    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supplier_seat", verbose_name=_("会员")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("供应商用户")
        verbose_name_plural = _("供应商用户")

    def __str__(self) -> str:
        return f"{self.member} @ {self.supplier}"


class Category(MPTTModel):
    """A node of the category tree."""

    name = models.CharField(max_length=20, verbose_name=_("名称"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    parent = TreeForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级分类")
    )
    silhouette = models.CharField(max_length=20, blank=True, verbose_name=_("图形"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))

    class Meta:
        verbose_name = _("分类")
        verbose_name_plural = _("分类")

    class MPTTMeta:
        order_insertion_by = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a page shows; what is sold are its SKUs. `detail` is a list of `{"title", "text"}` blocks."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="products", verbose_name=_("供应商"))
    category = TreeForeignKey(Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("分类"))
    name = models.CharField(max_length=60, verbose_name=_("名称"))
    subtitle = models.CharField(max_length=80, blank=True, verbose_name=_("副标题"))
    slug = models.SlugField(max_length=60, unique=True, verbose_name=_("网址名"))
    label = models.CharField(max_length=6, blank=True, verbose_name=_("标签字"))
    silhouette = models.CharField(max_length=20, blank=True, verbose_name=_("图形"))
    hue = models.PositiveSmallIntegerField(default=20, verbose_name=_("色相"))
    origin = models.CharField(max_length=40, blank=True, verbose_name=_("产地"))
    detail = models.JSONField(default=list, blank=True, verbose_name=_("详情"))
    image = models.CharField(max_length=200, blank=True, verbose_name=_("主图"))
    is_published = models.BooleanField(default=False, verbose_name=_("上架"))
    sales_count = models.PositiveIntegerField(default=0, verbose_name=_("销量"))
    position = models.PositiveIntegerField(default=0, verbose_name=_("排序"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("商品")
        verbose_name_plural = _("商品")
        constraints = [models.CheckConstraint(condition=Q(hue__lt=360), name="suppliers_product_hue_below_360")]
        indexes = [
            # The shelf: published products in their order.
            models.Index(
                fields=["position", "-sales_count", "id"],
                name="suppliers_product_shelf",
                condition=Q(is_published=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """One thing that can be ordered. A gift pack has no price of its own: it costs what the terms in force say."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus", verbose_name=_("商品"))
    code = models.CharField(max_length=40, unique=True, verbose_name=_("编码"))
    spec = models.CharField(max_length=40, verbose_name=_("规格"))
    supply_price_fen = models.BigIntegerField(verbose_name=_("供货价（分）"))
    list_price_fen = models.BigIntegerField(verbose_name=_("划线价（分）"))
    sale_price_fen = models.BigIntegerField(null=True, blank=True, verbose_name=_("售价（分）"))
    is_gift_pack = models.BooleanField(default=False, verbose_name=_("礼包"))
    on_hand = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("现有库存"))
    reserved = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("已占用"))
    is_active = models.BooleanField(default=True, verbose_name=_("可售"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("规格")
        verbose_name_plural = _("规格")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")), name="suppliers_sku_reserved_within_on_hand"
            ),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="suppliers_sku_reserved_not_negative"),
            models.CheckConstraint(condition=Q(supply_price_fen__gt=0), name="suppliers_sku_supply_price_positive"),
            models.CheckConstraint(condition=Q(list_price_fen__gt=0), name="suppliers_sku_list_price_positive"),
            models.CheckConstraint(
                condition=Q(is_gift_pack=True, sale_price_fen__isnull=True)
                | Q(is_gift_pack=False, sale_price_fen__isnull=False, sale_price_fen__gt=0),
                name="suppliers_sku_only_gift_packs_have_no_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.spec}"

    @property
    def available(self) -> int:
        """How many can still be ordered."""
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("入库")
    ADJUSTED = "adjusted", _("调整")
    RESERVED = "reserved", _("占用")
    RELEASED = "released", _("释放")
    CONSUMED = "consumed", _("出库")
    RETURNED = "returned", _("退回")


class StockMovement(models.Model):
    """One change of a SKU's stock. Summed, the movements give what the SKU counts."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="movements", verbose_name=_("规格"))
    kind = models.CharField(max_length=10, choices=MovementKind, verbose_name=_("类型"))
    on_hand_delta = models.IntegerField(default=0, verbose_name=_("现有变化"))
    reserved_delta = models.IntegerField(default=0, verbose_name=_("占用变化"))
    reason = models.CharField(max_length=80, blank=True, default="", db_default="", verbose_name=_("原因"))
    reference = models.CharField(max_length=64, blank=True, default="", db_default="", verbose_name=_("关联单号"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("操作人"),
    )
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("库存变动")
        verbose_name_plural = _("库存变动")
        constraints = [
            # One order moves one SKU once in each way: a repeat finds the movement there.
            models.UniqueConstraint(
                fields=["reference", "kind", "sku"], condition=~Q(reference=""), name="suppliers_stockmovement_once"
            ),
            models.CheckConstraint(
                condition=~Q(on_hand_delta=0, reserved_delta=0), name="suppliers_stockmovement_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.kind} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"


class GiftPackTerms(models.Model):
    """On what terms gift packs are sold from an instant on. Written by linkage alone, when a plan is published.

    Without a price gift packs are not for sale. Of two that start together the later row counts.
    """

    starts_at = models.DateTimeField(verbose_name=_("生效时间"))
    price_fen = models.BigIntegerField(null=True, verbose_name=_("礼包价（分）"))
    worst_case_fen = models.BigIntegerField(default=0, verbose_name=_("最高奖励（分）"))
    cooling_off_days = models.PositiveSmallIntegerField(verbose_name=_("冷静期（天）"))
    plan_version = models.PositiveIntegerField(null=True, verbose_name=_("规则版本"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("礼包条款")
        verbose_name_plural = _("礼包条款")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_fen__isnull=True) | Q(price_fen__gt=0), name="suppliers_giftpackterms_price_positive"
            ),
            models.CheckConstraint(
                condition=Q(worst_case_fen__gte=0), name="suppliers_giftpackterms_worst_case_not_negative"
            ),
        ]
        # The terms in force are asked for by every page that shows a gift pack.
        indexes = [models.Index(fields=["-starts_at", "-id"], name="suppliers_giftpackterms_start")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} {self.price_fen}"
