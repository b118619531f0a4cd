"""The agent's addresses, all under /agent/."""

from django.urls import path

from . import views

app_name = "agents"
urlpatterns = [
    path("", views.home, name="home"),
    path("earnings/", views.earnings, name="earnings"),
    path("earnings/<int:reward_id>/", views.trace, name="trace"),
    path("progress/", views.progress, name="progress"),
    path("frozen/", views.frozen, name="frozen"),
    path("tasks/", views.tasks, name="tasks"),
    path("team/", views.team_list, name="team"),
    path("team/tree/", views.team_tree, name="tree"),
    path("team/tree/<str:public_id>/", views.team_node, name="node"),
    path("team/moves/", views.team_moves, name="moves"),
    path("share/", views.share, name="share"),
    path("share/stats/", views.share_stats, name="share-stats"),
    path("share/poster/", views.poster, name="poster"),
    path("share/poster/<str:code>/<slug:look>.jpg", views.poster_image, name="poster-image"),
    path("shop/", views.shop, name="shop"),
    path("shop/words/", views.shop_words, name="shop-words"),
    path("shop/items/<int:item_id>/", views.shop_item, name="shop-item"),
    path("shop/items/<int:item_id>/words/", views.item_words, name="item-words"),
    path("goods/", views.goods, name="goods"),
    path("goods/<slug:slug>/shop/", views.put_in_shop, name="put-in-shop"),
    path("materials/", views.materials, name="materials"),
    path("materials/<int:material_id>/", views.material, name="material"),
    path("materials/<int:material_id>/use/", views.use_material, name="use-material"),
    path("profile/", views.profile, name="profile"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("withdrawals/", views.withdrawals, name="withdrawals"),
    path("withdrawals/<slug:number>/", views.withdrawal, name="withdrawal"),
    path("orders/", views.orders, name="orders"),
    path("notices/", views.notices, name="notices"),
    path("calendar/", views.calendar, name="calendar"),
    path("statements/", views.statements, name="statements"),
    path("statements/<str:month>/", views.statement, name="statement"),
    path("statements/<str:month>.csv", views.statement_csv, name="statement-csv"),
    path("statements/<str:month>.pdf", views.statement_pdf, name="statement-pdf"),
    path("proof/", views.proof, name="proof"),
    path("proof/download", views.proof_download, name="proof-download"),
    path("join/", views.join, name="join"),
    path("join/sign/", views.sign, name="join-sign"),
    path("join/shopkeeper/", views.shopkeeper, name="join-shopkeeper"),
    path("rules/<int:version>/", views.rules, name="rules"),
]
