"""The shop's front."""

from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [
    path("", views.home, name="home"),
    path("p/<slug:slug>", views.product, name="product"),
]
