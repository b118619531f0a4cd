"""What search engines ask for: which pages there are, and which they leave alone."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mall.core.access import public
from service.models import HelpArticle
from suppliers.models import Category, Product

PER_FILE = 10_000
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PRIVATE = (
    "/account/",
    "/aftersales/",
    "/agent/",
    "/api/",
    "/cart",
    "/checkout",
    "/demo/",
    "/enterprise/",
    "/me/",
    "/messages",
    "/ops/",
    "/orders/",
    "/pay/",
    "/r/",
    "/supplier/",
    "/supply/apply/",
    "/support",
    "/wx/",
)


@public
@require_safe
@cache_control(max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone, and where the list of the rest is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
@cache_control(max_age=3_600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of lists: goods in files of ten thousand, and everything else in one."""
    files = -(-Product.objects.filter(is_published=True).count() // PER_FILE)
    paths = [reverse("sitemap-pages"), *(reverse("sitemap-goods", args=[part + 1]) for part in range(files))]
    places = "".join(f"<sitemap><loc>{_url(path)}</loc></sitemap>\n" for path in paths)
    return HttpResponse(f"{HEAD}<sitemapindex {NAMESPACE}>\n{places}</sitemapindex>\n", content_type=XML)


@public
@require_safe
@cache_control(max_age=3_600)
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """The front page, categories and the help."""
    return _listed(_pages())


@public
@require_safe
@cache_control(max_age=3_600)
def sitemap_goods(request: HttpRequest, part: int) -> HttpResponse:
    """One file of goods."""
    rows = Product.objects.filter(is_published=True).order_by("id").values_list("slug", flat=True)
    slugs = list(rows[(part - 1) * PER_FILE : part * PER_FILE]) if 0 < part <= 10_000 else []
    if not slugs:
        raise Http404
    return _listed(reverse("shop:product", args=[slug]) for slug in slugs)


def _pages() -> Iterator[str]:
    yield reverse("shop:home")
    yield reverse("shop:categories")
    for slug in Category.objects.filter(products__is_published=True).distinct().values_list("slug", flat=True):
        yield reverse("shop:category", args=[slug])
    yield reverse("service:help")
    for slug in HelpArticle.objects.filter(is_published=True).values_list("slug", flat=True):
        yield reverse("service:article", args=[slug])


def _listed(paths: Iterable[str]) -> HttpResponse:
    places = "".join(f"<url><loc>{_url(path)}</loc></url>\n" for path in paths)
    return HttpResponse(f"{HEAD}<urlset {NAMESPACE}>\n{places}</urlset>\n", content_type=XML)


def _url(path: str) -> str:
    return escape(settings.SITE_URL + path)
