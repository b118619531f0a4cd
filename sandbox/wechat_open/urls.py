"""WeChat's addresses."""

from django.urls import path

from . import views

app_name = "wechat-open"
urlpatterns = [
    path("me", views.who_am_i, name="me"),
    path("connect/oauth2/authorize", views.authorize, name="authorize"),
    path("sns/oauth2/access_token", views.access_token, name="access-token"),
    path("sns/userinfo", views.userinfo, name="userinfo"),
    path("cgi-bin/stable_token", views.stable_token, name="stable-token"),
    path("cgi-bin/ticket/getticket", views.ticket, name="ticket"),
]
