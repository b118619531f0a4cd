"""A supplier's own goods by code or the beginning of their name, in the search of /supplier/."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mall.core.admin import supplier_site
from mall.core.admin.palette import SHOWN_MAX, Result
from suppliers.models import Product, Sku


@supplier_site.finds(_("商品"), "inventory_2", page="suppliers_product")
def own_products(request: HttpRequest, term: str) -> Iterator[Result]:
    own = supplier_site.own_rows(Product, request)
    for product in own.filter(name__icontains=term).order_by("-pk")[:SHOWN_MAX]:
        note = _("已上架") if product.is_published else _("未上架")
        yield Result(product.name, str(note), reverse("supplier:suppliers_product_change", args=[product.pk]))


@supplier_site.finds(_("规格编码"), "label", page="suppliers_sku")
def own_skus(request: HttpRequest, term: str) -> Iterator[Result]:
    own = supplier_site.own_rows(Sku, request)
    for sku in own.filter(code__in={term, term.upper()}).select_related("product")[:SHOWN_MAX]:
        note = f"{sku.product.name} {sku.spec}"
        yield Result(sku.code, note, reverse("supplier:suppliers_sku_change", args=[sku.pk]))
