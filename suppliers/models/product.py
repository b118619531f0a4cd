"""Categories, products and what can be ordered of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey

from suppliers.rules import papers

from .brand import Brand
from .freight import FreightTemplate
from .supplier import Supplier


class ReviewState(models.TextChoices):
    """How far operators have come with what a product says; only what they approved is on the shelf."""

    DRAFT = "draft", _("草稿")
    REVIEWING = "reviewing", _("审核中")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("驳回")


class Promise(models.TextChoices):
    """What a supplier promises of a product, in the words that pages show."""

    AUTHENTIC = "authentic", _("正品溯源")
    WITHIN_48 = "within_48", _("48小时发货")
    DAMAGE = "damage", _("破损包赔")
    FRESH = "fresh", _("坏果包赔")
    COLD = "cold", _("冷链配送")
    HANDMADE = "handmade", _("手工制作")
    ORGANIC = "organic", _("有机种植")


class Permit(models.TextChoices):
    """A permit without which goods of a category are not sold; the values are kinds of papers."""

    FOOD = papers.FOOD, _("食品经营许可证")
    PRODUCTION = papers.PRODUCTION, _("生产许可证")
    COSMETIC = papers.COSMETIC, _("化妆品生产许可证")


class Category(MPTTModel):
    """A node of the category tree."""

    name = models.CharField(max_length=20, verbose_name=_("名称"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    parent = TreeForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级分类")
    )
    silhouette = models.CharField(max_length=20, blank=True, verbose_name=_("图形"))
    image = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("图片"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))
    permit = models.CharField(
        max_length=10,
        choices=Permit,
        blank=True,
        default="",
        db_default="",
        verbose_name=_("要求的许可证"),
        help_text=_("这个分类和它下面的商品，要有这张证才能上架"),
    )

    class Meta:
        verbose_name = _("分类")
        verbose_name_plural = _("分类")

    class MPTTMeta:
        order_insertion_by = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a page shows; what is sold are its SKUs.

    `detail` is a list of blocks: a `title`, and a plain `text` or clean `html`. `spec_names` are the axes along which
    its SKUs differ, in their order. `lowest_price_fen` is kept by the commands that write SKUs; gift packs have none.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="products", verbose_name=_("供应商"))
    category = TreeForeignKey(Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("分类"))
    brand = models.ForeignKey(
        Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="products", verbose_name=_("品牌")
    )
    name = models.CharField(max_length=60, verbose_name=_("名称"))
    subtitle = models.CharField(max_length=80, blank=True, verbose_name=_("副标题"))
    slug = models.SlugField(max_length=60, unique=True, verbose_name=_("网址名"))
    label = models.CharField(max_length=6, blank=True, verbose_name=_("标签字"))
    silhouette = models.CharField(max_length=20, blank=True, verbose_name=_("图形"))
    hue = models.PositiveSmallIntegerField(default=20, verbose_name=_("色相"))
    origin = models.CharField(max_length=40, blank=True, verbose_name=_("产地"))
    detail = models.JSONField(default=list, blank=True, verbose_name=_("详情"))
    image = models.CharField(max_length=200, blank=True, verbose_name=_("主图"))
    keywords = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("关键词"))
    unit = models.CharField(max_length=4, default="件", db_default="件", verbose_name=_("销售单位"))
    spec_names = models.JSONField(default=list, db_default=[], blank=True, verbose_name=_("规格项"))
    promises = ArrayField(
        models.CharField(max_length=10, choices=Promise),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("服务承诺"),
    )
    ship_within_hours = models.PositiveSmallIntegerField(default=48, db_default=48, verbose_name=_("几小时内发货"))
    returnable = models.BooleanField(default=True, db_default=True, verbose_name=_("支持 7 天无理由退货"))
    not_returnable_reason = models.CharField(
        max_length=60, blank=True, default="", db_default="", verbose_name=_("不支持的原因")
    )
    limit_per_order = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("每单限购"))
    limit_per_member = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("每人限购"))
    commission_bps = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        verbose_name=_("零售佣金（万分之）"),
        help_text=_("店主卖出这件商品得到的佣金，按实付商品金额计；礼包没有零售佣金"),
    )
    freight_template = models.ForeignKey(
        FreightTemplate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("运费模板"),
        help_text=_("不选则全国包邮"),
    )
    lowest_price_fen = models.BigIntegerField(null=True, editable=False, verbose_name=_("最低售价（分）"))
    is_published = models.BooleanField(default=False, verbose_name=_("上架"))
    review = models.CharField(
        max_length=10,
        choices=ReviewState,
        default=ReviewState.APPROVED,
        db_default=ReviewState.APPROVED.value,
        editable=False,
        verbose_name=_("审核"),
    )
    sales_count = models.PositiveIntegerField(default=0, verbose_name=_("销量"))
    position = models.PositiveIntegerField(default=0, verbose_name=_("排序"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("商品")
        verbose_name_plural = _("商品")
        constraints = [
            models.CheckConstraint(condition=Q(hue__lt=360), name="suppliers_product_hue_below_360"),
            models.CheckConstraint(
                condition=Q(review__in=ReviewState.values) & (Q(is_published=False) | Q(review="approved")),
                name="suppliers_product_on_the_shelf_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(commission_bps__lte=5000), name="suppliers_product_commission_at_most_half"
            ),
            models.CheckConstraint(
                condition=(Q(limit_per_order__isnull=True) | Q(limit_per_order__gt=0))
                & (Q(limit_per_member__isnull=True) | Q(limit_per_member__gt=0)),
                name="suppliers_product_limits_positive",
            ),
            models.CheckConstraint(
                condition=Q(returnable=True) | ~Q(not_returnable_reason=""),
                name="suppliers_product_says_why_not_returnable",
            ),
        ]
        indexes = [
            # The shelf: published products in their order.
            models.Index(
                fields=["position", "-sales_count", "id"],
                name="suppliers_product_shelf",
                condition=Q(is_published=True),
            ),
            # The same by what sells, and by price.
            models.Index(
                fields=["-sales_count", "-id"], name="suppliers_product_sales", condition=Q(is_published=True)
            ),
            # What sells best of a category and of a supplier.
            models.Index(
                fields=["category", "-sales_count", "id"],
                name="suppliers_product_in_category",
                condition=Q(is_published=True),
            ),
            models.Index(
                fields=["supplier", "-sales_count", "id"],
                name="suppliers_product_of_supplier",
                condition=Q(is_published=True),
            ),
            models.Index(
                fields=["lowest_price_fen", "id"], name="suppliers_product_price", condition=Q(is_published=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """One thing that can be ordered. A gift pack has no price of its own: it costs what the terms in force say.

    `spec_values` stand beside the product's `spec_names`; `spec` is the same as one readable text.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus", verbose_name=_("商品"))
    code = models.CharField(max_length=40, unique=True, verbose_name=_("编码"))
    spec = models.CharField(max_length=40, verbose_name=_("规格"))
    spec_values = models.JSONField(default=list, db_default=[], blank=True, verbose_name=_("规格值"))
    weight_g = models.PositiveIntegerField(default=0, db_default=0, verbose_name=_("重量（克）"))
    barcode = models.CharField(max_length=14, blank=True, default="", db_default="", verbose_name=_("条形码"))
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
        indexes = [
            # What is sold out.
            models.Index(
                fields=["product"], name="suppliers_sku_out", condition=Q(is_active=True, on_hand=F("reserved"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.spec}"

    @property
    def specs(self) -> list[tuple[str, str]]:
        """What this SKU is on each axis of its product, which must be loaded."""
        return list(zip(self.product.spec_names, self.spec_values, strict=False))

    @property
    def available(self) -> int:
        """How many can still be ordered."""
        return self.on_hand - self.reserved
