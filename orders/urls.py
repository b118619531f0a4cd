"""The buyer's pages."""

from django.urls import path

from . import views
from .views import after_sale, logistics

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
    path("orders/<path:number>/logistics", logistics.logistics, name="logistics"),
    path("orders/<path:number>/remind/", logistics.remind, name="remind"),
    path("orders/<path:number>/extend/", logistics.extend, name="extend"),
    path("aftersales/", after_sale.case_list, name="cases"),
    path("aftersales/new/<int:line_id>", after_sale.case_new, name="case-new"),
    path("aftersales/photos/<int:photo_id>", after_sale.case_photo, name="case-photo"),
    path("aftersales/<str:number>/", after_sale.case_detail, name="case"),
    path("aftersales/<str:number>/cancel", after_sale.case_cancel, name="case-cancel"),
    path("aftersales/<str:number>/dispute", after_sale.case_dispute, name="case-dispute"),
    path("aftersales/<str:number>/speak", after_sale.case_speak, name="case-speak"),
    path("aftersales/<str:number>/return", after_sale.case_send_back, name="case-send-back"),
    path("aftersales/<str:number>/received", after_sale.case_received, name="case-received"),
    path("orders/<path:number>/again/", views.again, name="again"),
    path("orders/<path:number>/invoice/", views.invoice, name="invoice"),
    path("orders/<path:number>/cancel/", views.cancel, name="cancel"),
    path("orders/<path:number>/receive/", views.receive, name="receive"),
    path("orders/<path:number>/refund/", views.refund, name="refund"),
    path("orders/<path:number>/", views.detail, name="detail"),
    path("enterprise/", views.request_list, name="enterprise"),
    path("enterprise/new/", views.request_new, name="enterprise-new"),
    path("enterprise/<str:number>/", views.request_detail, name="enterprise-request"),
    path("enterprise/<str:number>/accept/", views.accept, name="enterprise-accept"),
    path("enterprise/<str:number>/refuse/", views.request_refuse, name="enterprise-refuse"),
    path("enterprise/<str:number>/withdraw/", views.request_withdraw, name="enterprise-withdraw"),
    path("reviews/", views.review_list, name="review-list"),
    path("reviews/new/<int:line_id>", views.review_new, name="review-new"),
    path("reviews/<int:review_id>", views.review, name="review"),
    path("me/invoices/", views.title_list, name="invoices"),
    path("me/invoices/new/", views.title_new, name="invoice-new"),
    path("me/invoices/<int:title_id>/", views.title_edit, name="invoice-edit"),
    path("me/invoices/<int:title_id>/delete/", views.title_delete, name="invoice-delete"),
]
