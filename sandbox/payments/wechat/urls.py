"""The addresses of WeChat Pay, under one prefix: the API as it is, the page, and the sheet."""

from django.urls import path

from . import api, views

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
    path("cgi-bin/mmpayweb-bin/checkmweb", views.page, name="page"),
    path("bridge.js", views.bridge, name="bridge"),
    path("sheet", views.sheet, name="sheet"),
]
