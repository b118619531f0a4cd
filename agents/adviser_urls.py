"""What a customer sees and does about an adviser, under /me/adviser/."""

from django.urls import path

from .views import adviser

app_name = "adviser"
urlpatterns = [
    path("", adviser.page, name="page"),
    path("change/", adviser.change, name="change"),
    path("leave/", adviser.leave, name="leave"),
    path("contest/", adviser.contest, name="contest"),
]
