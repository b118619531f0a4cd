"""Where payment providers post their notices."""

from django.urls import path

from . import api

urlpatterns = [
    path("payments/<slug:provider>/notice", api.payment_notice, name="payment_notice"),
]
