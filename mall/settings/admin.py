"""The two admin sites: jade on stone for operators, indigo-grey for suppliers: nobody takes one for the other."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

STONE = {
    "50": "#fafaf9",
    "100": "#f5f5f4",
    "200": "#e7e5e4",
    "300": "#d6d3d1",
    "400": "#a8a29e",
    "500": "#6b655f",
    "600": "#57534e",
    "700": "#44403c",
    "800": "#292524",
    "900": "#1c1917",
    "950": "#0f0d0c",
}
JADE = {
    "50": "#e4f1ec",
    "100": "#cfe7de",
    "200": "#a8d3c3",
    "300": "#8cc7b0",
    "400": "#5fd0b0",
    "500": "#2f9c7f",
    "600": "#12715b",
    "700": "#0f5f4d",
    "800": "#0f4c3f",
    "900": "#103f35",
    "950": "#06231d",
}
INDIGO = {
    "50": "#eceef7",
    "100": "#dfe3f1",
    "200": "#c3cae5",
    "300": "#a5afd4",
    "400": "#a3aede",
    "500": "#6f7cb4",
    "600": "#4a5688",
    "700": "#3d4872",
    "800": "#343d60",
    "900": "#2d3450",
    "950": "#1b2032",
}


def _stylesheet(request: HttpRequest) -> str:
    return static("css/ops.css")


def _cockpit_stylesheet(request: HttpRequest) -> str:
    return static("css/cockpit.css")


def _palette_script(request: HttpRequest) -> str:
    return static("js/palette.js")


def _files_script(request: HttpRequest) -> str:
    return static("js/files.js")


def _supplier_stylesheet(request: HttpRequest) -> str:
    return static("css/supplier.css")


def _site(subheader: Any, symbol: str, primary: dict[str, str], menu: str, **more: Any) -> dict[str, Any]:
    return {
        "SITE_TITLE": subheader,
        "SITE_HEADER": _("禾集"),
        "SITE_SUBHEADER": subheader,
        "SITE_SYMBOL": symbol,
        "SITE_URL": "/",
        "SHOW_HISTORY": False,
        "SHOW_VIEW_ON_SITE": False,
        "SHOW_LANGUAGES": False,
        "BORDER_RADIUS": "8px",
        "COLORS": {"base": STONE, "primary": primary},
        "STYLES": [_stylesheet],
        "SCRIPTS": [_palette_script, _files_script],
        "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": menu},
        **more,
    }


UNFOLD_OPS = _site(
    _("运营后台"),
    "storefront",
    JADE,
    "mall.menu.ops_menu",
    STYLES=[_stylesheet, _cockpit_stylesheet],
    DASHBOARD_CALLBACK="insights.admin.cockpit.cockpit",
    ENVIRONMENT="payouts.admin.stop.environment",
)
UNFOLD_SUPPLIER = _site(
    _("供应商后台"),
    "inventory_2",
    INDIGO,
    "mall.menu.supplier_menu",
    STYLES=[_stylesheet, _supplier_stylesheet],
    DASHBOARD_CALLBACK="orders.admin.today.supplier_today",
)
