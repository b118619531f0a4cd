"""Where payment providers post their notices."""

from django.urls import path

from . import api
from .carriers import api as carriers

urlpatterns = [
    path("parcels/push", carriers.track_push, name="track_push"),
    path("payments/<slug:provider>/notice", api.payment_notice, name="payment_notice"),
]
