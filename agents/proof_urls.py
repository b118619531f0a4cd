"""The published roots, under /proof/."""

from django.urls import path

from .views.proof import root_json, roots, roots_json, script

app_name = "proof"
urlpatterns = [
    path("", roots, name="roots"),
    path("roots.json", roots_json, name="roots-json"),
    path("verify.py", script, name="script"),
    path("<str:day>.json", root_json, name="root-json"),
]
