"""Messages, help and tickets; privacy and the account."""

from django.urls import URLPattern

app_name = "service"
urlpatterns: list[URLPattern] = []
