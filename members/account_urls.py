"""Login and logout. The names are allauth's."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from mall.core.access import public

from . import account

urlpatterns = [
    path("login/", account.PhoneView.as_view(), name="account_login"),
    path("login/code/", account.CodeView.as_view(), name="account_confirm_login_code"),
    path("logout/", public(LogoutView.as_view(next_page="/")), name="account_logout"),
]
