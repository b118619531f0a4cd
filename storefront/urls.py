"""The shop's front."""

from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [
    path("", views.home, name="home"),
    path("p/<slug:slug>", views.product, name="product"),
    path("p/<slug:slug>/choose", views.choose, name="choose"),
    path("p/<slug:slug>/share", views.share, name="share"),
    path("p/<slug:slug>/reviews", views.reviews, name="reviews"),
    path("p/<slug:slug>/favourite", views.favourite, name="favourite"),
    path("p/<slug:slug>/arrival", views.arrival, name="arrival"),
    path("c/", views.categories, name="categories"),
    path("c/<slug:slug>", views.category, name="category"),
    path("search", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("search/forget", views.forget, name="search-forget"),
    path("list", views.goods_list, name="list"),
    path("list/filters", views.filters, name="filters"),
    path("me/", views.me, name="me"),
    path("me/favorites", views.favourites, name="favourites"),
    path("me/history", views.history, name="history"),
]
