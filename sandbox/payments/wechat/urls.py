"""The addresses of WeChat Pay, under one prefix: the API as it is, the page, and the sheet."""

from django.urls import path

from . import api, transfers
from .views import paying, taking

app_name = "wechatpay"
urlpatterns = [
    path("v3/pay/transactions/jsapi", api.jsapi, name="jsapi"),
    path("v3/pay/transactions/h5", api.h5, name="h5"),
    path("v3/pay/transactions/out-trade-no/<str:number>", api.query, name="query"),
    path("v3/pay/transactions/out-trade-no/<str:number>/close", api.close, name="close"),
    path("v3/refund/domestic/refunds", api.refund, name="refund"),
    path("v3/refund/domestic/refunds/<str:number>", api.refund_query, name="refund_query"),
    path("v3/bill/tradebill", api.tradebill, name="tradebill"),
    path("v3/billdownload/file", api.billdownload, name="billdownload"),
    path("v3/certificates", api.certificates, name="certificates"),
    path("v3/fund-app/mch-transfer/transfer-bills", transfers.transfer, name="transfer"),
    path("v3/fund-app/mch-transfer/transfer-bills/out-bill-no/<str:number>", transfers.query, name="transfer_query"),
    path(
        "v3/fund-app/mch-transfer/transfer-bills/out-bill-no/<str:number>/cancel",
        transfers.cancel,
        name="transfer_cancel",
    ),
    path("transfer", taking.page, name="transfer_page"),
    path("transfer-sheet", taking.sheet, name="transfer_sheet"),
    path("cgi-bin/mmpayweb-bin/checkmweb", paying.page, name="page"),
    path("bridge.js", paying.bridge, name="bridge"),
    path("sheet", paying.sheet, name="sheet"),
]
