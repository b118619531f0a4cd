"""A supplier's navigation: only what this person may open."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import supplier_site
from mall.core.seats import may_open

SUPPLIER_ICONS = {
    "order": "receipt_long",
    "product": "inventory_2",
    "sku": "label",
    "stockmovement": "swap_vert",
    "parcel": "local_shipping",
    "aftersale": "assignment_return",
    "ticket": "support_agent",
    "review": "reviews",
    "invoice": "request_quote",
    "qualification": "workspace_premium",
    "freighttemplate": "local_shipping",
    "supplieruser": "group",
    "statement": "request_page",
    "sellingoffer": "campaign",
    "samplerequest": "redeem",
    "enterpriserequest": "request_quote",
    "restock": "add_shopping_cart",
    "listexport": "download",
    "apikey": "api",
}

# A supplier's lists, in the order of a working day.
SUPPLIER_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("今天"), ("order", "aftersale")),
    (
        gettext_lazy("商品与库存"),
        ("product", "suppliers_sku_board", "sku", "stockmovement", "restock", "freighttemplate"),
    ),
    (
        gettext_lazy("找人卖"),
        ("agents_opportunity_changelist", "enterpriserequest", "sellingoffer", "samplerequest"),
    ),
    (gettext_lazy("结算"), ("statement", "invoice")),
    (
        gettext_lazy("质量与设置"),
        ("orders_quality_view", "qualification", "review", "ticket", "supplieruser", "apikey", "listexport"),
    ),
)


def supplier_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Return a supplier's navigation in groups: its front page, and the lists and pages that its site has for who is
    signed in; a list that no group names stands in the last one."""
    found = {
        model["object_name"].lower(): {
            "title": str(model["name"]),
            "icon": SUPPLIER_ICONS.get(model["object_name"].lower(), "list"),
            "link": model["admin_url"],
        }
        for model in _models(supplier_site.get_app_list(request))
        if model.get("admin_url")
    }
    for title, icon, name in (
        (_("库存看板"), "warehouse", "suppliers_sku_board"),
        (_("机会"), "trending_up", "agents_opportunity_changelist"),
        (_("质量"), "verified", "orders_quality_view"),
    ):
        if may_open(request, name):
            found[name] = {"title": str(title), "icon": icon, "link": reverse(f"supplier:{name}")}
    groups: list[dict[str, Any]] = [
        {"title": str(title), "items": [found.pop(name) for name in names if name in found]}
        for title, names in SUPPLIER_GROUPS
    ]
    groups[0]["items"].insert(0, {"title": _("今日看板"), "icon": "today", "link": reverse("supplier:index")})
    groups[-1]["items"] += found.values()
    _light_one([item for group in groups for item in group["items"]], request.path)
    return [group for group in groups if group["items"]]


def _light_one(items: list[dict[str, Any]], path: str) -> None:
    """Show of all items one as open: the one whose address is the longest that the page's begins with."""
    index = reverse("supplier:index")
    within = [
        item["link"]
        for item in items
        if path == item["link"] or (item["link"] != index and path.startswith(item["link"]))
    ]
    nearest = max(within, key=len, default="")
    for item in items:
        item["active"] = item["link"] == nearest


def _models(apps: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for app in apps:
        yield from app["models"]
