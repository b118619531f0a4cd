"""Who at a supplier may do what at `/supplier/`: said once, here. What is not named is refused, to the owner too.

A page is named like the addresses of its views, `<app>_<page>`; what can be done there is the rest of the view's name:
`orders_order_ship` is the act `ship` of the page `orders_order`. Lists, histories, photos and what somebody keeps of a
list for himself are `view`; a record is `view` to read and `change` to write.
"""

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What somebody does at a supplier."""

    OWNER = "owner"
    WAREHOUSE = "warehouse"
    SERVICE = "service"
    FINANCE = "finance"


ROLE_NAMES = {
    Role.OWNER: _("店长"),
    Role.WAREHOUSE: _("仓库"),
    Role.SERVICE: _("客服"),
    Role.FINANCE: _("财务"),
}
ROLE_WORDS = {
    Role.OWNER: _("什么都能看、能做，并管理子账号"),
    Role.WAREHOUSE: _("发货、收退货、管库存和运费，看不到供货金额"),
    Role.SERVICE: _("处理售后、回复评价和平台客服"),
    Role.FINANCE: _("对账、开票、看供货金额，不发货也不改商品"),
}

OWNER, WAREHOUSE, SERVICE, FINANCE = Role.OWNER, Role.WAREHOUSE, Role.SERVICE, Role.FINANCE
ALL = (OWNER, WAREHOUSE, SERVICE, FINANCE)
# Page, then what is done there, then who does it.
PAGES: dict[str, dict[str, tuple[Role, ...]]] = {
    "orders_order": {
        "view": ALL,
        "ship": (OWNER, WAREHOUSE),
        "batch": (OWNER, WAREHOUSE),
        "table": (OWNER, WAREHOUSE),
        "sheet": (OWNER, WAREHOUSE),
        "pick_list": (OWNER, WAREHOUSE),
        "labels": (OWNER, WAREHOUSE),
        "reveal": (OWNER, WAREHOUSE, SERVICE),
        "export": (OWNER, WAREHOUSE, FINANCE),
    },
    "orders_aftersale": {
        "view": ALL,
        "export": (OWNER, SERVICE, FINANCE),
        "agree": (OWNER, SERVICE),
        "refuse": (OWNER, SERVICE),
        "refund_instead": (OWNER, SERVICE),
        "speak": (OWNER, SERVICE),
        "take_back": (OWNER, WAREHOUSE, SERVICE),
        "resend": (OWNER, WAREHOUSE, SERVICE),
        "return_address": (OWNER, WAREHOUSE, SERVICE),
    },
    "orders_invoice": {"view": (OWNER, FINANCE, SERVICE), "issue": (OWNER, FINANCE), "void": (OWNER, FINANCE)},
    "orders_review": {"view": (OWNER, SERVICE), "answer": (OWNER, SERVICE)},
    "service_ticket": {"view": (OWNER, SERVICE), "answer": (OWNER, SERVICE)},
    "suppliers_product": {
        "view": ALL,
        "add": (OWNER,),
        "change": (OWNER,),
        "submit": (OWNER,),
        "withdraw": (OWNER,),
        "shelf": (OWNER,),
        "copy": (OWNER,),
        "goods": (OWNER,),
        "goods_table": (OWNER,),
        "goods_sheet": (OWNER,),
        "prices": (OWNER,),
        "imports": (OWNER,),
        "import_map": (OWNER,),
        "import_sheet": (OWNER,),
        "export": (OWNER, FINANCE),
    },
    "suppliers_sku": {
        "view": ALL,
        "change": (OWNER,),
        "stock": (OWNER, WAREHOUSE),
        "board": (OWNER, WAREHOUSE, SERVICE),
        "plan": (OWNER, WAREHOUSE),
        "warehouses": (OWNER, WAREHOUSE),
        "open_warehouse": (OWNER, WAREHOUSE),
        "move": (OWNER, WAREHOUSE),
        "restock": (OWNER, WAREHOUSE),
        "receive": (OWNER, WAREHOUSE),
        "call_off": (OWNER, WAREHOUSE),
        "export": (OWNER, WAREHOUSE, FINANCE),
    },
    "suppliers_restock": {"view": (OWNER, WAREHOUSE), "export": (OWNER, WAREHOUSE)},
    "suppliers_stockmovement": {"view": (OWNER, WAREHOUSE, FINANCE), "export": (OWNER, WAREHOUSE, FINANCE)},
    "suppliers_qualification": {"view": ALL, "add": (OWNER,), "renew": (OWNER,)},
    "orders_quality": {"view": (OWNER, SERVICE), "rows": (OWNER, SERVICE)},
    "suppliers_freighttemplate": {
        "view": (OWNER, WAREHOUSE, FINANCE),
        "add": (OWNER, WAREHOUSE),
        "change": (OWNER, WAREHOUSE),
    },
    "remittance_statement": {
        "view": (OWNER, FINANCE),
        "confirm": (OWNER, FINANCE),
        "dispute": (OWNER, FINANCE),
        "invoice": (OWNER, FINANCE),
        "export": (OWNER, FINANCE),
        "csv": (OWNER, FINANCE),
        "account": (OWNER,),
    },
    "agents_opportunity": {"view": (OWNER, SERVICE, FINANCE), "budget": (OWNER,)},
    "agents_samplerequest": {
        "view": (OWNER, WAREHOUSE, SERVICE),
        "agree": (OWNER, SERVICE),
        "decline": (OWNER, SERVICE),
        "send": (OWNER, WAREHOUSE),
        "export": (OWNER, SERVICE),
    },
    "orders_enterpriserequest": {
        "view": (OWNER, SERVICE, FINANCE),
        "quote": (OWNER,),
        "decline": (OWNER, SERVICE),
        "reveal": (OWNER, SERVICE),
        "export": (OWNER, FINANCE),
    },
    "agents_sellingoffer": {"view": (OWNER, SERVICE, FINANCE), "offer": (OWNER,), "end": (OWNER,)},
    "core_listexport": {"view": (OWNER,)},
    "integration_apikey": {
        "view": (OWNER,),
        "new": (OWNER,),
        "revoke": (OWNER,),
        "webhook": (OWNER,),
        "rotate": (OWNER,),
        "off": (OWNER,),
        "ping": (OWNER,),
        "deliveries": (OWNER,),
        "redeliver": (OWNER,),
        "reference": (OWNER,),
    },
    "suppliers_supplieruser": {
        "view": (OWNER,),
        "invite": (OWNER,),
        "withdraw": (OWNER,),
        "role": (OWNER,),
        "suspend": (OWNER,),
        "resume": (OWNER,),
        "remove": (OWNER,),
    },
}
# Columns and fields that only some see, whoever else sees the row: what the mall pays the supplier.
COLUMNS: dict[str, dict[str, tuple[Role, ...]]] = {
    "orders_order": {"supply_total_yuan": (OWNER, FINANCE)},
    "suppliers_product": {"supply_price_fen": (OWNER, FINANCE)},
    "suppliers_sku": {"supply_price_yuan": (OWNER, FINANCE), "supply_price_fen": (OWNER, FINANCE)},
}
# Pages of the site itself. They show nothing but what the pages above let through.
SITE_PAGES = frozenset(
    {"index", "search", "app_list", "autocomplete", "jsi18n", "logout", "view_on_site"}
    | {"password_change", "password_change_done"}
)
READING = frozenset({"changelist", "history", "photo", "views", "columns"})


def seat_of(user: Any) -> Any:
    """Return the seat of a member, as long as it is not suspended and its supplier is active."""
    seat = getattr(user, "supplier_seat", None)
    return seat if seat is not None and seat.is_active and seat.supplier.is_active else None


def supplier_id_of(request: HttpRequest) -> int | None:
    """Return the supplier at which the signed-in member has a seat, as long as both are active."""
    seat = seat_of(request.user)
    return seat.supplier_id if seat is not None else None


def may(request: HttpRequest, page: str, act: str = "view") -> bool:
    """Say whether who is signed in may do something on a page."""
    seat = seat_of(request.user)
    return seat is not None and seat.role in PAGES.get(page, {}).get(act, ())


def sees(request: HttpRequest, page: str, column: str) -> bool:
    """Say whether who is signed in is shown a column or field of a page."""
    roles = COLUMNS.get(page, {}).get(column)
    seat = seat_of(request.user)
    return roles is None or (seat is not None and seat.role in roles)


def right_of(view_name: str, *, writes: bool) -> tuple[str, str] | None:
    """Return page and act of a view of the site, by its name without the site's; None for names of another shape."""
    parts = view_name.split("_", 2)
    if len(parts) < 3:
        return None
    app, model, act = parts
    if act in READING:
        act = "view"
    elif act == "change":
        act = "change" if writes else "view"
    return f"{app}_{model}", act


def may_open(request: HttpRequest, view_name: str | None) -> bool:
    """Say whether who is signed in may open a view of the site. An address that no view has leads to 404 anyway."""
    if view_name is None or view_name in SITE_PAGES:
        return True
    right = right_of(view_name, writes=request.method not in ("GET", "HEAD"))
    return right is not None and may(request, *right)
