"""What the agent's pages show. Every query takes the member and finds nothing of others."""

from .earnings import EarningLine, EarningsPage, PeriodTotals, earnings, period_totals, tab_total_fen
from .holds import HoldGroup, OwnTasks, deadlines, forfeited, holds, own_tasks
from .home import HomeSummary, home_summary
from .joining import Disclosure, ShopkeeperDisclosure, disclosure, shopkeeper_disclosure
from .periods import Period, day_of, month_named, month_of, months_since
from .personas import PersonaCard, persona_card
from .progress import Progress, Recruit, progress
from .selling import is_verified, may_sell
from .shops import (
    ShopPage,
    ShownItem,
    carried_by,
    item_of,
    own_item,
    own_items,
    own_shop,
    persona_of,
    product_names,
    recommended,
    shop_of_code,
    shop_of_visitor,
    shop_page,
    slugs_in_shop,
)

__all__ = [
    "Disclosure",
    "EarningLine",
    "EarningsPage",
    "HoldGroup",
    "HomeSummary",
    "OwnTasks",
    "Period",
    "PeriodTotals",
    "PersonaCard",
    "Progress",
    "Recruit",
    "ShopPage",
    "ShopkeeperDisclosure",
    "ShownItem",
    "carried_by",
    "day_of",
    "deadlines",
    "disclosure",
    "earnings",
    "forfeited",
    "holds",
    "home_summary",
    "is_verified",
    "item_of",
    "may_sell",
    "month_named",
    "month_of",
    "months_since",
    "own_item",
    "own_items",
    "own_shop",
    "own_tasks",
    "period_totals",
    "persona_card",
    "persona_of",
    "product_names",
    "progress",
    "recommended",
    "shop_of_code",
    "shop_of_visitor",
    "shop_page",
    "shopkeeper_disclosure",
    "slugs_in_shop",
    "tab_total_fen",
]
