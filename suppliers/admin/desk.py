"""A supplier's own products, SKUs and stock, at `/supplier/`."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, supplier_site, yuan_column
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnRowsAdmin, OwnRowsInline
from mall.core.films import kept_film
from mall.core.ids import random_code
from mall.core.photos import kept_photos, photo_url
from suppliers import commands, queries
from suppliers.commands import OutOfStock
from suppliers.models import MediaKind, MovementKind, Product, ProductMedia, Sku, StockMovement

from .commission import commission_in_yuan
from .forms import MediaForm, ProductForm, SkuForm, SkuFormSet

STOCK_CHANGE_MAX = 100_000
MEDIA_FOLDER = "goods"


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
    formset = SkuFormSet
    own_path = "product__supplier"
    may_add = True
    may_change = True
    fields = (
        *("code", "spec_values", "weight_g", "barcode"),
        *("supply_price_fen", "list_price_fen", "sale_price_fen", "is_active"),
    )


class MediaInline(OwnRowsInline):
    """The gallery of a product, films first. The first picture is also the one on its card."""

    model = ProductMedia
    form = MediaForm
    own_path = "product__supplier"
    may_add = True
    may_change = True
    verbose_name_plural = _("图片和视频（视频排在最前，第一张图片为主图）")
    fields = ("seen", "photos", "film", "alt", "position")
    readonly_fields: ClassVar = ["seen"]

    @admin.display(description=_("预览"))
    def seen(self, media: ProductMedia) -> SafeString | str:
        if not media.pk:
            return "—"
        seen = format_html(
            '<img src="{}" width="72" height="72" alt="{}">', photo_url(media.poster or media.path), media.alt
        )
        if media.kind != MediaKind.VIDEO:
            return seen
        return format_html('<a href="{}" target="_blank">{}{}</a>', photo_url(media.path), seen, gettext("播放"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._owns(request, obj)


class PricedDesk(OwnRowsAdmin):
    """Records with prices or a commission: whoever saves one has its product locked first, and reads it anew."""

    product_path: ClassVar[str]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        commands.lock_prices(product_id=getattr(found, self.product_path))
        return super().get_object(request, object_id, from_field)


@admin.register(Product, site=supplier_site)
class ProductDesk(PricedDesk):
    """A supplier's products."""

    product_path = "id"
    form = ProductForm
    inlines = (SkuInline, MediaInline)
    shared_choices = ("category", "brand")
    own_choices: ClassVar = {"freight_template": "supplier"}
    may_add = True
    may_change = True
    list_display = ("name", "category", "is_published", "sales_count", "position")
    list_filter = ("is_published",)
    list_select_related = ("category",)
    search_fields = ("name", "skus__code")
    search_help_text = _("商品名称或规格编码")
    ordering = ("position", "id")
    readonly_fields = ("commission_in_yuan",)

    @admin.display(description=_("每件佣金"))
    def commission_in_yuan(self, product: Product) -> SafeString | str:
        return commission_in_yuan(product)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.supplier = queries.supplier_of(member=request.user)
            obj.slug = random_code(10).lower()
            obj.hue = obj.supplier.hue
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not ProductMedia:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for media in formset.deleted_objects:
            media.delete()
        for each in formset.forms:
            if each.has_changed() and each not in formset.deleted_forms:
                _keep_media(each)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        commands.refresh_product(product_id=form.instance.pk)


@admin.register(Sku, site=supplier_site)
class SkuDesk(PricedDesk):
    """A supplier's SKUs and their stock."""

    product_path = "product_id"
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
        (None, {"fields": ("product", "code", "spec_values", "weight_g", "barcode", "is_gift_pack", "is_active")}),
        (_("价格"), {"fields": ("supply_price_fen", "list_price_fen", "sale_price_fen")}),
        (_("库存"), {"fields": ("on_hand", "reserved")}),
    )
    actions_row = ("stock",)
    actions_detail = ("stock",)

    supply_price_yuan = yuan_column("supply_price_fen", _("供货价"))
    sale_price_yuan = yuan_column("sale_price_fen", _("售价"))

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        commands.refresh_product(product_id=obj.product_id)

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


def _keep_media(form: forms.ModelForm) -> None:
    """Write a row of the gallery, with its files where some were sent."""
    media, photos, film, at = form.instance, form.cleaned_data["photos"], form.cleaned_data["film"], clock.now()
    with kept_photos(photos, folder=MEDIA_FOLDER, at=at) as names, kept_film(film, folder=MEDIA_FOLDER, at=at) as path:
        if path:
            media.poster = media.poster or media.path
            media.kind, media.path = MediaKind.VIDEO, path
        if names:
            media.width, media.height = photos[0].width, photos[0].height
            if media.kind == MediaKind.VIDEO:
                media.poster = names[0]
            else:
                media.path = names[0]
        media.save()
