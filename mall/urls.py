"""All addresses of the mall."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from agents.landing import landing
from agents.views.shopfront import shop_page
from mall import crawlers, views
from mall.core.access import public
from mall.core.admin import ops_site, supplier_site
from mall.health import healthz, livez, readyz
from mall.media import media

handler400 = "mall.failures.bad_request"
handler403 = "mall.failures.forbidden"
handler404 = "mall.failures.not_found"
handler500 = "mall.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("ops/", ops_site.urls),
    path("supplier/", supplier_site.urls),
    path("account/", include("members.account_urls")),
    path("api/supplier/v1/", include("integration.api.urls")),
    path("api/", include("orders.api_urls")),
    path("api/", include("payouts.api_urls")),
    path("", include("storefront.urls")),
    path("", include("orders.urls")),
    path("", include("members.urls")),
    path("", include("suppliers.urls")),
    path("", include("service.urls")),
    path("supply/", include("onboarding.urls")),
    path("r/<str:code>", landing, name="landing"),
    path("s/<str:code>", shop_page, name="shop-page"),
    path("agent/", include("agents.urls")),
    path("proof/", include("agents.proof_urls")),
    path("me/adviser/", include("agents.adviser_urls")),
    path("language", public(set_language), name="set_language"),
    path("theme", views.choose_theme, name="theme"),
    path("qr.svg", views.qr, name="qr"),
    path("qr.png", views.qr_png, name="qr-png"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("worker.js", views.worker, name="worker"),
    path("offline", views.offline, name="offline"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-pages.xml", crawlers.sitemap_pages, name="sitemap-pages"),
    path("sitemap-goods-<int:part>.xml", crawlers.sitemap_goods, name="sitemap-goods"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("sandbox/wechat/", include("sandbox.wechat_open.urls"))]
    urlpatterns += [path("sandbox/", include("sandbox.urls"))]
    urlpatterns += [path("sandbox/", include("sandbox.payments.urls"))]
    urlpatterns += [path("media/<path:path>", media, name="media")]
