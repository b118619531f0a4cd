"""Suppliers and their goods for operators: everything is seen, and a product can be taken off the shelf or put back."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import (
    ActingAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    act_page,
    moment_column,
    ops_site,
    posted,
    row_or_404,
    yuan_column,
)
from mall.core.admin.columns import chip, link, two_lines
from mall.core.admin.lists import KeptList, LeadingFilter, days_filter
from mall.core.money import percent, yuan
from mall.core.photos import photo_url
from suppliers.commands import CommissionRefused, PermitMissing, publish_product, set_commission
from suppliers.models import Product, ProductMedia, Promise, Sku, StockMovement, Supplier

from .commission import CommissionForm, commission_in_yuan
from .exports import PRODUCT_COLUMNS
from .import_pages import ImportPages

PUBLISH = "suppliers.publish_product"
SEEN = (
    *("title", "supplier_name", "category", "brand", "origin", "sales_count", "state", "promised", "returns"),
    *("limit_per_order", "limit_per_member", "freight_template", "commission", "commission_in_yuan"),
)


class NothingToFill(forms.Form):
    pass


@admin.register(Supplier, site=ops_site)
class SupplierAdmin(ImportPages, ActingAdmin):
    list_display = ("name", "seal", "state", "joined")
    list_filter = (days_filter("joined", gettext_lazy("加入日期"), "created_at"),)
    search_fields = ("name",)
    search_help_text = gettext_lazy("供应商名称")
    fields = ("name", "seal", "state", "joined", "people", "goods", "brought")
    readonly_fields: ClassVar = ["state", "joined", "people", "goods", "brought"]
    ordering: ClassVar[tuple[str, ...]] = ("pk",)

    joined = moment_column("created_at", gettext_lazy("加入时间"))

    @admin.display(description=gettext_lazy("状态"))
    def state(self, supplier: Supplier) -> SafeString:
        return chip(_("合作中"), "good") if supplier.is_active else chip(_("已停止"))

    @admin.display(description=gettext_lazy("后台用户"))
    def people(self, supplier: Supplier) -> str:
        return "、".join(str(seat.member) for seat in supplier.seats.select_related("member")) or _("没有")

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, supplier: Supplier) -> SafeString:
        address = f"{reverse('ops:suppliers_product_changelist')}?supplier__id__exact={supplier.pk}"
        return link(address, _("查看全部商品"))

    @admin.display(description=gettext_lazy("代为导入"))
    def brought(self, supplier: Supplier) -> SafeString:
        return link(self.import_address(supplier, "imports"), _("从其他平台导入"))

    def get_urls(self) -> list[URLPattern]:
        name = "suppliers_supplier"
        own = [
            path("<int:object_id>/imports/", self._page(self.imports), name=f"{name}_imports"),
            path(
                "<int:object_id>/imports/<int:import_id>/map/", self._page(self.import_map), name=f"{name}_import_map"
            ),
            path(
                "<int:object_id>/imports/<int:import_id>/", self._page(self.import_sheet), name=f"{name}_import_sheet"
            ),
        ]
        return own + super().get_urls()

    def import_supplier(self, request: HttpRequest, **key: Any) -> Supplier:
        self.require(request, PUBLISH)
        return row_or_404(Supplier.objects.all(), key["object_id"])

    def import_address(self, supplier: Supplier, act: str, *args: int) -> str:
        return reverse(f"ops:suppliers_supplier_{act}", args=[supplier.pk, *args])


class SkuInline(ReadOnlyInline):
    model = Sku
    verbose_name_plural = gettext_lazy("规格")
    fields = ("code", "spec", "weight_g", "supply_yuan", "price_yuan", "on_hand", "reserved", "is_active")
    readonly_fields: ClassVar = ["supply_yuan", "price_yuan", "on_hand", "reserved"]

    supply_yuan = yuan_column("supply_price_fen", gettext_lazy("供货价"))

    @admin.display(description=gettext_lazy("售价"))
    def price_yuan(self, sku: Sku) -> str:
        return _price(sku)


class MediaInline(ReadOnlyInline):
    model = ProductMedia
    verbose_name_plural = gettext_lazy("图片与视频")
    fields = ("kind", "file", "alt", "position")
    readonly_fields: ClassVar = ["file"]

    @admin.display(description=gettext_lazy("文件"))
    def file(self, media: ProductMedia) -> SafeString:
        return link(photo_url(media.path), _("查看"))


@admin.register(Product, site=ops_site)
class ProductAdmin(KeptList, ActingAdmin):
    export_columns = PRODUCT_COLUMNS
    list_display = ("title", "supplier_name", "category", "count_sales", "state")
    list_filter = ("is_published", "supplier")
    list_select_related = ("supplier", "category")
    search_fields = ("name", "supplier__name")
    search_help_text = gettext_lazy("商品名、供应商")
    readonly_fields: ClassVar = [
        *("title", "supplier_name", "state", "shelf", "promised", "returns", "commission", "commission_in_yuan"),
    ]
    inlines = (SkuInline, MediaInline)

    @admin.display(description=gettext_lazy("商品"))
    def title(self, product: Product) -> SafeString:
        return two_lines(product.name, product.subtitle)

    @admin.display(description=gettext_lazy("供应商"))
    def supplier_name(self, product: Product) -> str:
        return str(product.supplier)

    @admin.display(description=gettext_lazy("销量"))
    def count_sales(self, product: Product) -> int:
        return product.sales_count

    @admin.display(description=gettext_lazy("状态"))
    def state(self, product: Product) -> SafeString:
        return chip(_("上架"), "good") if product.is_published else chip(_("下架"))

    @admin.display(description=gettext_lazy("服务承诺"))
    def promised(self, product: Product) -> str:
        said = [str(Promise(code).label) for code in product.promises]
        return "、".join([*said, _("%(hours)d 小时内发货") % {"hours": product.ship_within_hours}])

    @admin.display(description=gettext_lazy("7 天无理由退货"))
    def returns(self, product: Product) -> str:
        return _("支持") if product.returnable else _("不支持：%(reason)s") % {"reason": product.not_returnable_reason}

    @admin.display(description=gettext_lazy("处理"))
    def shelf(self, product: Product) -> SafeString:
        address = reverse("ops:suppliers_product_shelf", args=[product.pk])
        commission = link(reverse("ops:suppliers_product_commission", args=[product.pk]), _("改佣金"))
        return link(address, _("下架") if product.is_published else _("上架")) + SafeString(" ") + commission

    @admin.display(description=gettext_lazy("零售佣金"))
    def commission(self, product: Product) -> str:
        return percent(product.commission_bps) if product.commission_bps else _("没有")

    @admin.display(description=gettext_lazy("每件佣金"))
    def commission_in_yuan(self, product: Product) -> SafeString | str:
        return commission_in_yuan(product)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*SEEN, "shelf"] if request.user.has_perm(PUBLISH) else list(SEEN)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:object_id>/shelf/", self._page(self.change_shelf), name="suppliers_product_shelf"),
            path(
                "<int:object_id>/commission/", self._page(self.change_commission), name="suppliers_product_commission"
            ),
        ]
        return own + super().get_urls()

    def change_shelf(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take a product off the shelf, or put it back."""
        self.require(request, PUBLISH)
        product = Product.objects.select_related("supplier").filter(pk=object_id).first()
        if product is None:
            raise Http404
        up = not product.is_published
        word = _("上架") if up else _("下架")

        def run(_data: dict[str, Any]) -> str:
            publish_product(product=product, is_published=up)
            self.log_change(request, product, word)
            return _("%(name)s 已%(word)s。") % {"name": product.name, "word": word}

        record = reverse("ops:suppliers_product_change", args=[product.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=_("%(word)s商品") % {"word": word},
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(PermitMissing,),
            done=record,
            back=record,
            facts=[(_("商品"), product.name), (_("供应商"), str(product.supplier))],
            button=word,
            warning=_("上架后马上可以购买。") if up else _("下架后不能再下单，已下的订单不受影响。"),
            dangerous=not up,
            context={"opts": self.opts, "original": product},
        )

    def change_commission(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say which share of the price a shopkeeper gets."""
        self.require(request, PUBLISH)
        product = Product.objects.select_related("supplier").filter(pk=object_id).first()
        if product is None:
            raise Http404

        def run(data: dict[str, Any]) -> str:
            set_commission(product=product, commission_bps=data["commission_bps"])
            said = {"name": product.name, "percent": percent(data["commission_bps"])}
            self.log_change(request, product, _("佣金改为 %(percent)s") % said)
            return _("%(name)s 的佣金已改为 %(percent)s。") % said

        record = reverse("ops:suppliers_product_change", args=[product.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=_("改零售佣金"),
            form=CommissionForm(posted(request), initial={"commission_bps": product.commission_bps}),
            run=run,
            refusals=(CommissionRefused,),
            done=record,
            back=record,
            facts=[
                (_("商品"), product.name),
                (_("供应商"), str(product.supplier)),
                (_("现在"), percent(product.commission_bps)),
            ],
            button=_("保存"),
            warning=_("每个规格的供货价加佣金不能超过售价。已下的订单按下单时的比例。"),
            context={"opts": self.opts, "original": product},
        )


class MovementInline(ReadOnlyInline):
    model = StockMovement
    verbose_name_plural = gettext_lazy("最近的库存变动")
    fields = ("kind", "on_hand_delta", "reserved_delta", "reason", "reference", "by", "when")
    readonly_fields: ClassVar = ["when"]
    max_num = 0

    when = moment_column("at", gettext_lazy("时间"))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("by")
        latest = rows.order_by("-pk")
        sku = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        if not str(sku).isdecimal():
            return rows.none()
        wanted = list(latest.filter(sku=int(sku)).values_list("pk", flat=True)[:30])
        return rows.filter(pk__in=wanted).order_by("-pk")


class SoldOutFilter(LeadingFilter):
    """What is on sale and has nothing left."""

    title = gettext_lazy("库存")
    parameter_name = "sold_out"

    def words(self, value: str) -> str:
        return _("在售，已卖空")

    def narrow(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        return queryset.filter(is_active=True, on_hand=F("reserved"), product__is_published=True)


@admin.register(Sku, site=ops_site)
class SkuAdmin(ReadOnlyAdmin):
    list_display = (
        "code",
        "what",
        "supply_yuan",
        "price_yuan",
        "count_on_hand",
        "count_reserved",
        "count_left",
        "state",
    )
    list_filter = ("is_gift_pack", "is_active", SoldOutFilter)
    list_select_related = ("product__supplier",)
    search_fields = ("code__exact", "product__name")
    search_help_text = gettext_lazy("编码、商品名")
    fields = ("code", "what", "supply_yuan", "list_yuan", "price_yuan", "on_hand", "reserved", "state")
    readonly_fields: ClassVar = ["what", "supply_yuan", "list_yuan", "price_yuan", "on_hand", "reserved", "state"]
    inlines = (MovementInline,)

    supply_yuan = yuan_column("supply_price_fen", gettext_lazy("供货价"))
    list_yuan = yuan_column("list_price_fen", gettext_lazy("划线价"))

    @admin.display(description=gettext_lazy("商品与规格"))
    def what(self, sku: Sku) -> SafeString:
        return two_lines(sku.product.name, f"{sku.spec} · {sku.product.supplier}")

    @admin.display(description=gettext_lazy("售价"))
    def price_yuan(self, sku: Sku) -> str:
        return _price(sku)

    @admin.display(description=gettext_lazy("现有"))
    def count_on_hand(self, sku: Sku) -> int:
        return sku.on_hand

    @admin.display(description=gettext_lazy("已占用"))
    def count_reserved(self, sku: Sku) -> int:
        return sku.reserved

    @admin.display(description=gettext_lazy("可售"))
    def count_left(self, sku: Sku) -> int:
        return sku.available

    @admin.display(description=gettext_lazy("状态"))
    def state(self, sku: Sku) -> SafeString:
        if not sku.is_active:
            return chip(_("停售"))
        return chip(_("礼包"), "gold") if sku.is_gift_pack else chip(_("可售"), "good")


def _price(sku: Sku) -> str:
    """A gift pack costs what the plan in force says."""
    return _("按方案") if sku.sale_price_fen is None else yuan(sku.sale_price_fen)
