"""The provider's addresses: its API, and the page on which a buyer pays."""

from django.urls import path

from . import api, views
from .carrier import api as carrier

app_name = "sandbox"
urlpatterns = [
    path("pay/<str:token>/", views.pay, name="pay"),
    path("api/charges", api.charges, name="charges"),
    path("api/charges/query", api.charge_query, name="charge_query"),
    path("api/charges/close", api.charge_close, name="charge_close"),
    path("api/refunds", api.refunds, name="refunds"),
    path("api/refunds/query", api.refund_query, name="refund_query"),
    path("api/transfers", api.transfers, name="transfers"),
    path("api/transfers/query", api.transfer_query, name="transfer_query"),
    path("api/bills", api.bills, name="bills"),
    path("api/history", api.history, name="history"),
    path("api/parcels", carrier.parcels, name="parcels"),
    path("api/parcels/query", carrier.parcel_query, name="parcel_query"),
]
