"""The stand-ins' addresses: one prefix each, and the page that orders trouble."""

from django.urls import include, path

from . import views
from .wechat.views import taking

app_name = "standins"
urlpatterns = [
    path("wechatpay/", include("sandbox.payments.wechat.urls")),
    path("alipay/", include("sandbox.payments.alipay.urls")),
    path("control/", views.control, name="control"),
    path("control/overdue/", taking.overdue, name="overdue"),
    path("control/deliver/", views.deliver, name="deliver"),
]
