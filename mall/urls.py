"""All addresses of the mall."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from mall.core.admin import ops_site, supplier_site
from mall.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("ops/", ops_site.urls),
    path("supplier/", supplier_site.urls),
    path("account/", include("members.account_urls")),
    path("api/", include("orders.api_urls")),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("sandbox/", include("sandbox.urls"))]

    from django.views.static import serve

    urlpatterns += [path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media")]
