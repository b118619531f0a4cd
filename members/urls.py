"""The member's own data."""

from django.urls import path

from .views import addresses, profile

app_name = "members"
urlpatterns = [
    path("me/profile/", profile.profile, name="profile"),
    path("me/addresses/", addresses.address_list, name="addresses"),
    path("me/addresses/new/", addresses.address_new, name="address-new"),
    path("me/addresses/regions/", addresses.regions, name="regions"),
    path("me/addresses/<int:address_id>/", addresses.address_edit, name="address-edit"),
    path("me/addresses/<int:address_id>/default/", addresses.address_default, name="address-default"),
    path("me/addresses/<int:address_id>/delete/", addresses.address_delete, name="address-delete"),
    path("me/settings/", profile.preferences, name="preferences"),
    path("demo/outbox", profile.outbox, name="outbox"),
]
