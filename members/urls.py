"""The member's own data."""

from django.urls import path

from . import views

app_name = "members"
urlpatterns = [
    path("me/profile/", views.profile, name="profile"),
    path("me/addresses/", views.address_list, name="addresses"),
    path("me/addresses/new/", views.address_new, name="address-new"),
    path("me/addresses/<int:address_id>/", views.address_edit, name="address-edit"),
    path("me/addresses/<int:address_id>/delete/", views.address_delete, name="address-delete"),
    path("me/settings/", views.preferences, name="preferences"),
    path("demo/outbox", views.outbox, name="outbox"),
]
