"""Where a firm applies to supply."""

from django.urls import path

from . import views

app_name = "onboarding"
urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("apply/", views.apply, name="apply"),
    path("apply/papers/<str:kind>/photo/", views.photo, name="photo"),
    path("apply/<str:step>/", views.step, name="step"),
]
