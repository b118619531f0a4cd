"""A supplier's places and what lies in them, at `/supplier/`."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, posted
from suppliers import commands, queries
from suppliers.commands import WarehouseRefused
from suppliers.models import Sku, Warehouse

from .goods_pages import own_supplier


class WarehouseForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("仓库名"), max_length=20, widget=UnfoldAdminTextInputWidget)


class MoveForm(forms.Form):
    """From which place to which, and how many."""

    source = forms.TypedChoiceField(label=gettext_lazy("从"), coerce=int, widget=UnfoldAdminSelectWidget)
    target = forms.TypedChoiceField(label=gettext_lazy("到"), coerce=int, widget=UnfoldAdminSelectWidget)
    quantity = forms.IntegerField(
        label=gettext_lazy("件数"), min_value=1, max_value=1_000_000, widget=UnfoldAdminIntegerFieldWidget
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=80, widget=UnfoldAdminTextInputWidget)

    def __init__(self, data: QueryDict | None, *, places: list[Warehouse]) -> None:
        super().__init__(data)
        for name in ("source", "target"):
            field: Any = self.fields[name]
            field.choices = [(place.pk, place.name) for place in places]


class WarehousePages:
    """Pages beside the list of SKUs. `admin_site`, `opts` and `own_row` are the admin's."""

    admin_site: Any
    opts: Any

    def warehouses(self, request: HttpRequest) -> HttpResponseBase:
        """What lies where."""
        supplier = own_supplier(request)
        # A look writes nothing: the default place is made when a second one is.
        only = Warehouse(supplier=supplier, name=_("默认仓"), is_default=True)
        places = queries.warehouses_of(supplier=supplier) or [only]
        elsewhere = queries.stock_by_place(supplier=supplier)
        skus = Sku.objects.filter(product__supplier=supplier, on_hand__gt=0).select_related("product")
        rows = []
        for sku in skus.order_by("product_id", "pk")[:500]:
            own = elsewhere.get(sku.pk, {})
            rest = sku.on_hand - sum(own.values())
            rows.append((sku, [rest if place.is_default else own.get(place.pk, 0) for place in places]))
        totals = [sum(counts[place] for _sku, counts in rows) for place in range(len(places))]
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("仓库"),
            "places": places,
            "rows": rows,
            "totals": totals,
        }
        return TemplateResponse(request, "supplier/warehouses.html", context)

    def open_warehouse(self, request: HttpRequest) -> HttpResponseBase:
        """Add a place."""
        supplier = own_supplier(request)

        def run(data: dict[str, Any]) -> str:
            return _("仓库“%s”已添加") % commands.open_warehouse(supplier=supplier, name=data["name"]).name

        back = reverse("supplier:suppliers_sku_warehouses")
        return act_page(
            request,
            site=self.admin_site,
            title=_("添加仓库"),
            form=WarehouseForm(posted(request)),
            run=run,
            refusals=(WarehouseRefused,),
            done=back,
            back=back,
            button=_("添加"),
            context={"opts": self.opts},
        )

    def move(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Move pieces from one place to another."""
        supplier = own_supplier(request)
        sku = Sku.objects.select_related("product").filter(pk=object_id, product__supplier=supplier).first()
        if sku is None:
            raise Http404
        places = queries.warehouses_of(supplier=supplier)

        def run(data: dict[str, Any]) -> str:
            by_id = {place.pk: place for place in places}
            commands.move_stock(
                sku=sku,
                source=by_id[data["source"]],
                target=by_id[data["target"]],
                quantity=data["quantity"],
                reason=data["reason"],
                by=request.user,
                at=clock.now(),
            )
            return _("%s 已调拨") % sku.code

        back = reverse("supplier:suppliers_sku_warehouses")
        return act_page(
            request,
            site=self.admin_site,
            title=_("调拨"),
            form=MoveForm(posted(request), places=places),
            run=run,
            refusals=(WarehouseRefused,),
            done=back,
            back=back,
            button=_("确认调拨"),
            facts=(
                (_("规格"), str(sku)),
                *((place.name, commands.on_hand_at(sku=sku, warehouse=place)) for place in places),
            ),
            context={"opts": self.opts},
        )
