"""The buyer's pages."""

from django.urls import path

from . import views

app_name = "orders"
urlpatterns = [
    path("checkout", views.checkout, name="checkout"),
    path("pay/<str:number>", views.cashier, name="cashier"),
    path("pay/<str:number>/result", views.result, name="result"),
    path("orders/", views.order_list, name="list"),
    path("orders/<str:number>/", views.detail, name="detail"),
    path("orders/<str:number>/cancel/", views.cancel, name="cancel"),
    path("orders/<str:number>/receive/", views.receive, name="receive"),
    path("orders/<str:number>/refund/", views.refund, name="refund"),
    path("me/", views.me, name="me"),
]
