"""Login and logout. The names are allauth's."""

from django.urls import path

from mall.core.access import public

from . import account

urlpatterns = [
    path("login/", account.PhoneView.as_view(), name="account_login"),
    path("login/code/", account.CodeView.as_view(), name="account_confirm_login_code"),
    path("logout/", public(account.LeaveView.as_view()), name="account_logout"),
]
