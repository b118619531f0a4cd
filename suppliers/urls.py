"""What members see of a supplier's side."""

from django.urls import path

from .views import seats

app_name = "supply"
urlpatterns = [
    path("me/supplier/", seats.seats, name="seats"),
    path("me/supplier/<int:offer_id>/", seats.answer_seat, name="answer-seat"),
]
