"""A supplier's own products, SKUs and stock, at `/supplier/`."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, supplier_site, yuan_column
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnRowsAdmin, OwnRowsInline
from mall.core.ids import random_code
from suppliers import commands, queries
from suppliers.commands import OutOfStock
from suppliers.models import MovementKind, Product, Sku, StockMovement

from .fields import DetailField, YuanField

STOCK_CHANGE_MAX = 100_000


class ProductForm(forms.ModelForm):
    """What a supplier says of a product. Supplier, address and colour are not its to say."""

    detail = DetailField(label=_("详情"), help_text=_("以 # 开头的一行是小标题，下面是正文"))

    class Meta:
        model = Product
        fields = ("name", "subtitle", "label", "category", "origin", "detail", "is_published", "position")


class SkuForm(forms.ModelForm):
    """Prices in yuan. A gift pack has no price of its own: it is sold at the price of the plan."""

    supply_price_fen = YuanField(label=_("供货价（元）"))
    list_price_fen = YuanField(label=_("划线价（元）"))
    sale_price_fen = YuanField(label=_("售价（元）"), required=False)

    class Meta:
        model = Sku
        fields = ("code", "spec", "supply_price_fen", "list_price_fen", "sale_price_fen", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price = self.fields["sale_price_fen"]
        if self.instance.is_gift_pack:
            price.disabled = True
            price.help_text = _("礼包按方案的礼包价出售")
        else:
            price.required = True

    def clean_sale_price_fen(self) -> int | None:
        return None if self.instance.is_gift_pack else self.cleaned_data["sale_price_fen"]


class StockForm(forms.Form):
    """Goods that came in, or a correction up or down."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[
            (MovementKind.RECEIVED.value, MovementKind.RECEIVED.label),
            (MovementKind.ADJUSTED.value, MovementKind.ADJUSTED.label),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    quantity = forms.IntegerField(
        label=_("数量"),
        min_value=-STOCK_CHANGE_MAX,
        max_value=STOCK_CHANGE_MAX,
        help_text=_("调整时可为负数"),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(label=_("原因"), max_length=80, widget=UnfoldAdminTextInputWidget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quantity = cleaned.get("quantity")
        if quantity == 0 or (quantity is not None and quantity < 0 and cleaned.get("kind") == MovementKind.RECEIVED):
            self.add_error("quantity", _("入库数量应大于 0，调整数量不能为 0"))
        return cleaned


class SkuInline(OwnRowsInline):
    """The SKUs of a product."""

    model = Sku
    form = SkuForm
    own_path = "product__supplier"
    may_add = True
    may_change = True
    fields = ("code", "spec", "supply_price_fen", "list_price_fen", "sale_price_fen", "is_active")


@admin.register(Product, site=supplier_site)
class ProductDesk(OwnRowsAdmin):
    """A supplier's products."""

    form = ProductForm
    inlines = (SkuInline,)
    shared_choices = ("category",)
    may_add = True
    may_change = True
    list_display = ("name", "category", "is_published", "sales_count", "position")
    list_filter = ("is_published",)
    list_select_related = ("category",)
    search_fields = ("name", "skus__code")
    search_help_text = _("商品名称或规格编码")
    ordering = ("position", "id")

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.supplier = queries.supplier_of(member=request.user)
            obj.slug = random_code(10).lower()
            obj.hue = obj.supplier.hue
        super().save_model(request, obj, form, change)


@admin.register(Sku, site=supplier_site)
class SkuDesk(OwnRowsAdmin):
    """A supplier's SKUs and their stock."""

    form = SkuForm
    own_path = "product__supplier"
    may_change = True
    list_display = ("code", "product", "spec", "supply_price_yuan", "sale_price_yuan", "on_hand", "reserved", "left")
    list_filter = ("is_active", "is_gift_pack")
    list_select_related = ("product",)
    search_fields = ("code", "spec", "product__name")
    search_help_text = _("编码、规格或商品名称")
    ordering = ("product__position", "product_id", "id")
    readonly_fields = ("product", "is_gift_pack", "on_hand", "reserved")
    fieldsets: ClassVar = (
        (None, {"fields": ("product", "code", "spec", "is_gift_pack", "is_active")}),
        (_("价格"), {"fields": ("supply_price_fen", "list_price_fen", "sale_price_fen")}),
        (_("库存"), {"fields": ("on_hand", "reserved")}),
    )
    actions_row = ("stock",)
    actions_detail = ("stock",)

    supply_price_yuan = yuan_column("supply_price_fen", _("供货价"))
    sale_price_yuan = yuan_column("sale_price_fen", _("售价"))

    @admin.display(description=_("可售"))
    def left(self, sku: Sku) -> int:
        return sku.available

    @action(description=_("调整库存"), url_path="stock")
    def stock(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Take goods in, or correct the stock, for a reason."""
        sku = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            why = {"reason": given["reason"], "by": request.user, "at": clock.now()}
            if given["kind"] == MovementKind.RECEIVED:
                commands.receive_stock(sku=sku, quantity=given["quantity"], **why)
            else:
                commands.adjust_stock(sku=sku, on_hand_delta=given["quantity"], **why)
            return gettext("库存已更新")

        back = reverse("supplier:suppliers_sku_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=gettext("调整库存"),
            form=StockForm(request.POST or None),
            run=run,
            refusals=(OutOfStock,),
            done=back,
            back=back,
            button=gettext("确认调整"),
            facts=((_("规格"), sku), (_("现有"), sku.on_hand), (_("已占用"), sku.reserved)),
        )


@admin.register(StockMovement, site=supplier_site)
class StockMovementDesk(OwnReadOnlyAdmin):
    """How a supplier's stock came about."""

    own_path = "sku__product__supplier"
    list_display = ("sku", "kind", "on_hand_delta", "reserved_delta", "reason", "reference", "at")
    list_filter = ("kind",)
    list_select_related = ("sku",)
    search_fields = ("sku__code", "reference")
    search_help_text = _("规格编码或订单号")
    fields = ("sku", "kind", "on_hand_delta", "reserved_delta", "reason", "reference", "at")
