"""The provider's addresses: its API, and the page on which a buyer pays."""

from django.urls import URLPattern

app_name = "sandbox"
urlpatterns: list[URLPattern] = []
