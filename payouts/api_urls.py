"""Where providers post notices about transfers."""

from django.urls import path

from . import api

urlpatterns = [
    path("payouts/wechat/notice", api.payout_notice, name="payout_notice"),
]
