"""A supplier's own products, SKUs and stock, at `/supplier/`."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import Tab, act_page, supplier_site, yuan_column
from mall.core.admin.acting import View, guarded
from mall.core.admin.columns import two_lines
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnRowsAdmin, OwnRowsInline, columns_of
from mall.core.ids import random_code
from mall.core.photos import photo_url
from mall.core.seats import may
from suppliers import commands, queries
from suppliers.commands import OutOfStock
from suppliers.models import MediaKind, MovementKind, Product, ProductMedia, ReviewState, Sku, Supplier, Warehouse
from suppliers.rules import REVIEWED_COLUMNS

from .commission import commission_in_yuan
from .desk_gallery import save_gallery, waiting_pictures
from .desk_products import ProductActs, save_sku
from .exports import OWN_PRODUCT_COLUMNS, OWN_SKU_COLUMNS
from .forms import MediaForm, ProductForm, SkuForm, SkuFormSet
from .goods_pages import GoodsPages, own_supplier
from .import_pages import ImportPages
from .stock_pages import StockPages
from .warehouse_pages import WarehousePages

STOCK_CHANGE_MAX = 100_000


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
    warehouse = forms.TypedChoiceField(
        label=_("仓库"), coerce=int, required=False, empty_value=None, widget=UnfoldAdminSelectWidget
    )
    reason = forms.CharField(label=_("原因"), max_length=80, widget=UnfoldAdminTextInputWidget)

    def __init__(self, data: Any, *, places: list[Warehouse]) -> None:
        super().__init__(data)
        if len(places) < 2:
            del self.fields["warehouse"]
            return
        chosen: Any = self.fields["warehouse"]
        chosen.choices = [("", gettext("不指定")), *((place.pk, place.name) for place in places)]

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


STATE_LABELS = {
    "": _("全部"),
    "draft": _("草稿"),
    "reviewing": _("审核中"),
    "published": _("上架"),
    "off": _("下架"),
    "rejected": _("驳回"),
}


class StateFilter(admin.SimpleListFilter):
    """The tab that is open."""

    title = _("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state, label) for state, label in STATE_LABELS.items() if state]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return queries.in_state(queryset, state=state) if state in queries.STATES else queryset


@admin.register(Product, site=supplier_site)
class ProductDesk(OwnKeptList, ProductActs, GoodsPages, ImportPages, PricedDesk):
    """A supplier's products, in tabs by how far they are on the way to the shelf."""

    period_field = "created_at"
    export_columns = OWN_PRODUCT_COLUMNS
    product_path = "id"
    form = ProductForm
    inlines = (SkuInline, MediaInline)
    shared_choices = ("category", "brand")
    own_choices: ClassVar = {"freight_template": "supplier"}
    may_add = True
    may_change = True
    list_before_template = "supplier/products_before.html"
    list_display = ("name_shown", "category", "state_shown", "sales_count", "position")
    list_display_links = ("name_shown",)
    list_filter = (StateFilter, "category")
    list_select_related = ("category",)
    search_fields = ("name", "skus__code")
    search_help_text = _("商品名称或规格编码")
    ordering = ("position", "id")
    readonly_fields = ("state_shown", "commission_in_yuan")

    @admin.display(description=_("每件佣金"))
    def commission_in_yuan(self, product: Product) -> SafeString | str:
        return commission_in_yuan(product)

    @admin.display(description=_("名称"))
    def name_shown(self, product: Product) -> SafeString | str:
        return two_lines(product.name, product.subtitle) if product.subtitle else product.name

    @admin.display(description=_("审核中的图片"))
    def gallery_waiting(self, product: Product) -> SafeString | str:
        return waiting_pictures(product)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("revisions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        waits = obj is not None and queries.waiting_gallery(product=obj)
        return [*super().get_readonly_fields(request, obj), *(["gallery_waiting"] if waits else [])]

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, View, str], ...] = (
            ("goods/", self.goods, "goods"),
            ("goods/table/", self.goods_table, "goods_table"),
            ("goods/<int:sheet_id>/", self.goods_sheet, "goods_sheet"),
            ("prices/", self.prices, "prices"),
            ("imports/", self.imports, "imports"),
            ("imports/<int:import_id>/map/", self.import_map, "import_map"),
            ("imports/<int:import_id>/", self.import_sheet, "import_sheet"),
        )
        own = [path(route, guarded(self, view), name=f"suppliers_product_{name}") for route, view, name in pages]
        return [*own, *super().get_urls()]

    def import_supplier(self, request: HttpRequest, **key: Any) -> Supplier:
        return own_supplier(request)

    def import_address(self, supplier: Supplier, act: str, *args: int) -> str:
        return reverse(f"supplier:suppliers_product_{act}", args=args)

    def import_drafts(self) -> str:
        return f"{reverse('supplier:suppliers_product_changelist')}?state=draft"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        supplier = queries.supplier_of(member=request.user)
        counts = queries.state_counts(supplier=supplier) if supplier else {}
        context = {
            "ops_tabs": [Tab(state, label, str(counts.get(state) or "")) for state, label in STATE_LABELS.items()],
            "ops_tab": request.GET.get("state", ""),
            "ops_tab_parameter": "state",
            "may_import": may(request, self.page, "imports"),
            "may_goods": may(request, self.page, "goods"),
            "prices_waiting": queries.waiting_prices(supplier=supplier).count() if supplier else 0,
            **(extra_context or {}),
        }
        found: HttpResponse = super().changelist_view(request, context)
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.supplier = queries.supplier_of(member=request.user)
            obj.slug = random_code(10).lower()
            obj.hue = obj.supplier.hue
            obj.is_published, obj.review = False, ReviewState.DRAFT
            super().save_model(request, obj, form, change)
            return
        columns = columns_of(obj, form.changed_data)
        reviewed = [name for name in columns if _column(name) in REVIEWED_COLUMNS]
        is_live = Product.objects.filter(pk=obj.pk, is_published=True).exists()
        at_once = [name for name in columns if not is_live or name not in reviewed]
        if at_once:
            obj.save(update_fields=at_once)
        if is_live and reviewed:
            content = {_column(name): getattr(obj, _column(name)) for name in reviewed}
            if commands.propose_changes(product=obj, content=content, by=request.user, at=clock.now()):
                messages.info(request, gettext("商品在架：内容改动已送审，通过后更新"))
        elif reviewed:
            commands.mark_changed(product=obj, at=clock.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not ProductMedia:
            formset.save(commit=False)
            for sku, changed in formset.changed_objects:
                save_sku(request, sku, columns_of(sku, changed))
            for sku in formset.new_objects:
                sku.save()
            return
        formset.save(commit=False)
        save_gallery(request, form.instance, formset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        commands.refresh_product(product_id=form.instance.pk)


@admin.register(Sku, site=supplier_site)
class SkuDesk(OwnKeptList, StockPages, WarehousePages, PricedDesk):
    """A supplier's SKUs and their stock."""

    export_columns = OWN_SKU_COLUMNS
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
        save_sku(request, obj, columns_of(obj, form.changed_data))
        commands.refresh_product(product_id=obj.product_id)

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, View, str], ...] = (
            ("board/", self.board, "board"),
            ("<int:object_id>/plan/", self.plan, "plan"),
            ("warehouses/", self.warehouses, "warehouses"),
            ("warehouses/open/", self.open_warehouse, "open_warehouse"),
            ("<int:object_id>/move/", self.move, "move"),
            ("restock/", self.restock, "restock"),
            ("restocks/<str:number>/receive/", self.receive, "receive"),
            ("restocks/<str:number>/call-off/", self.call_off, "call_off"),
        )
        own = [path(route, guarded(self, view), name=f"suppliers_sku_{name}") for route, view, name in pages]
        return [*own, *super().get_urls()]

    @admin.display(description=_("可售"))
    def left(self, sku: Sku) -> int:
        return sku.available

    @action(description=_("调整库存"), url_path="stock")
    def stock(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Take goods in, or correct the stock, for a reason."""
        sku = self.own_row(request, object_id)
        places = queries.warehouses_of(supplier=sku.product.supplier)

        def run(given: dict[str, Any]) -> str:
            place = next((one for one in places if one.pk == given.get("warehouse")), None)
            why = {"reason": given["reason"], "by": request.user, "at": clock.now(), "warehouse": place}
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
            form=StockForm(request.POST or None, places=places),
            run=run,
            refusals=(OutOfStock,),
            done=back,
            back=back,
            button=gettext("确认调整"),
            facts=((_("规格"), sku), (_("现有"), sku.on_hand), (_("已占用"), sku.reserved)),
        )


def _column(field: str) -> str:
    """Return what a product keeps of a field of its form: the id of a category or brand."""
    return f"{field}_id" if field in ("category", "brand") else field
