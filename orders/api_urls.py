"""Where payment providers post their notices."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
