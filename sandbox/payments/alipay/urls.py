"""The addresses of Alipay, under one prefix."""

from django.urls import path

from . import api, views

app_name = "alipay"
urlpatterns = [
    path("gateway.do", api.gateway, name="gateway"),
    path("pay/<str:token>/", views.confirm, name="pay"),
    path("downloadBillFile.resource", views.bill_file, name="bill"),
]
