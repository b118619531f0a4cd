"""The buyer's pages."""

from django.urls import path

from . import views

app_name = "orders"
# Numbers of imported orders are another mall's and may hold a slash: so the longest addresses come first.
urlpatterns = [
    path("cart", views.cart, name="cart"),
    path("cart/add", views.cart_add, name="cart-add"),
    path("cart/sum", views.cart_sum, name="cart-sum"),
    path("cart/<int:item_id>/sku", views.cart_sku, name="cart-sku"),
    path("checkout", views.checkout, name="checkout"),
    path("pay/<path:number>/to/<str:payment_number>", views.pay_to, name="pay-to"),
    path("pay/<path:number>/result", views.result, name="result"),
    path("pay/<path:number>", views.cashier, name="cashier"),
    path("orders/", views.order_list, name="list"),
    path("orders/<path:number>/cancel/", views.cancel, name="cancel"),
    path("orders/<path:number>/receive/", views.receive, name="receive"),
    path("orders/<path:number>/refund/", views.refund, name="refund"),
    path("orders/<path:number>/", views.detail, name="detail"),
    path("me/", views.me, name="me"),
]
