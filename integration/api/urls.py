"""Addresses of the interface. Whatever stands nowhere here is answered as a problem, too."""

from django.urls import path, re_path

from mall.core.access import by_supplier_key, public

from . import openapi
from .orders import KeyView, OrdersView, OrderView, ParcelsView, RecipientsView
from .stock import SkuView, StockView

app_name = "supplier-api"
endpoints = [
    path("key", by_supplier_key(KeyView.as_view()), name="key"),
    path("orders", by_supplier_key(OrdersView.as_view()), name="orders"),
    path("orders/<str:number>", by_supplier_key(OrderView.as_view()), name="order"),
    path("orders/<str:number>/parcels", by_supplier_key(ParcelsView.as_view()), name="parcels"),
    path("recipients", by_supplier_key(RecipientsView.as_view()), name="recipients"),
    path("stock", by_supplier_key(StockView.as_view()), name="stock"),
    path("stock/<path:code>", by_supplier_key(SkuView.as_view()), name="sku"),
]
urlpatterns = [
    path("openapi.json", public(openapi.document), name="openapi"),
    *endpoints,
    re_path(r"^.*\Z", public(openapi.nowhere), name="nowhere"),
]
