"""The pages of which `make screens` takes pictures, person by person."""

from dataclasses import dataclass
from typing import Any

DEVICES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 375, "height": 812},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desk": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
}


@dataclass(frozen=True)
class Shot:
    """One page. `who` is a person of the demo or nobody; `follow` are links that lead on to the page, `click` opens
    something on it. `{agent.referral_code}` in a path is read off the demo's accounts."""

    name: str
    path: str
    who: str = ""
    device: str = "phone"
    follow: tuple[str, ...] = ()
    click: tuple[str, ...] = ()
    full: bool = True
    status: int = 200

    @property
    def sheet(self) -> str:
        return self.name.split("-")[0]


ORDER = "main a[href^='/orders/HJ']"

PAGES = [
    Shot("visitor-home", "/"),
    Shot("visitor-landing", "/r/{agent.referral_code}"),
    Shot("visitor-pack", "/", follow=("a[href^='/p/']",)),
    Shot("visitor-join", "/agent/join/"),
    Shot("visitor-rules", "/agent/rules/1/"),
    Shot("visitor-login", "/account/login/"),
    Shot("visitor-agreement", "/agreements/privacy/"),
    Shot("visitor-wechat", "/sandbox/wechat/me"),
    Shot("visitor-outbox", "/demo/outbox"),
    Shot("visitor-missing", "/p/there-is-no-such-product", status=404),
    Shot("visitor-product", "/p/da-hong-pao"),
    Shot("visitor-sheet", "/p/da-hong-pao", click=("#chosen",), full=False),
    Shot("visitor-share", "/p/da-hong-pao", click=("a[href$='/share']",), full=False),
    Shot("visitor-reviews", "/p/wuchang-rice/reviews"),
    Shot("visitor-categories", "/c/"),
    Shot("visitor-category", "/c/tea"),
    Shot("visitor-search", "/search"),
    Shot("visitor-results", "/search?q=%E5%A4%A7%E7%BA%A2%E5%8C%85"),
    Shot("visitor-nothing", "/search?q=%E8%87%AA%E8%A1%8C%E8%BD%A6"),
    Shot("visitor-list", "/list?b=yanxu"),
    Shot("visitor-filters", "/search?q=%E8%8C%B6", click=(".list-filter",), full=False),
    Shot("consumer-home", "/", who="consumer"),
    Shot("consumer-product", "/p/wuchang-rice", who="consumer"),
    Shot("consumer-checkout", "/p/da-hong-pao/choose", who="consumer", follow=("button[formaction$='/choose']",)),
    Shot("consumer-favourites", "/me/favorites", who="consumer"),
    Shot("consumer-history", "/me/history", who="consumer"),
    Shot("consumer-reviews", "/reviews/", who="consumer"),
    Shot("consumer-review", "/reviews/", who="consumer", follow=("main a[href^='/reviews/new/']",)),
    Shot("consumer-orders", "/orders/", who="consumer"),
    Shot("consumer-order", "/orders/", who="consumer", follow=(f"{ORDER} >> nth=1",)),
    Shot("consumer-cashier", "/orders/", who="consumer", follow=("main a[href^='/pay/']",)),
    Shot("consumer-receive", "/orders/", who="consumer", click=("main a[href$='/receive/']",), full=False),
    Shot("consumer-me", "/me/", who="consumer"),
    Shot("consumer-profile", "/me/profile/", who="consumer"),
    Shot("consumer-addresses", "/me/addresses/", who="consumer"),
    Shot("consumer-address", "/me/addresses/new/", who="consumer"),
    Shot("consumer-settings", "/me/settings/", who="consumer"),
    Shot("consumer-security", "/me/security/", who="consumer"),
    Shot("consumer-confirm", "/me/security/confirm/", who="consumer"),
    Shot("consumer-privacy", "/me/privacy/", who="consumer"),
    Shot("consumer-data", "/me/privacy/data/", who="consumer"),
    Shot("consumer-adviser", "/me/adviser/", who="consumer"),
    Shot("consumer-apply", "/agent/join/shopkeeper/", who="consumer"),
    Shot("consumer-join", "/agent/join/", who="consumer"),
    Shot("consumer-closing", "/me/privacy/close/", who="consumer"),
    Shot("agent-home", "/agent/", who="agent"),
    Shot("agent-earnings", "/agent/earnings/", who="agent"),
    Shot("agent-trace", "/agent/earnings/", who="agent", follow=("a[href^='/agent/earnings/']:has(b)",)),
    Shot("agent-orders", "/agent/orders/", who="agent"),
    Shot("agent-calendar", "/agent/calendar/", who="agent"),
    Shot("agent-calendar_day", "/agent/calendar/", who="agent", follow=("a.day",)),
    Shot("agent-statements", "/agent/statements/", who="agent"),
    Shot("agent-statement", "/agent/statements/", who="agent", follow=("main a[href^='/agent/statements/']",)),
    Shot("agent-progress", "/agent/progress/", who="agent"),
    Shot("agent-frozen", "/agent/frozen/", who="agent"),
    Shot("agent-tasks", "/agent/tasks/", who="agent"),
    Shot("agent-share", "/agent/share/", who="agent"),
    Shot("agent-team", "/agent/team/", who="agent"),
    Shot("agent-recruits", "/agent/team/?part=recruits", who="agent"),
    Shot("agent-tree", "/agent/team/tree/", who="agent"),
    Shot("agent-moves", "/agent/team/moves/", who="agent"),
    Shot("agent-customers", "/agent/customers/", who="agent"),
    Shot("agent-customer", "/agent/customers/", who="agent", follow=("main a[href^='/agent/customers/']",)),
    Shot("agent-rank", "/agent/rank/", who="agent"),
    Shot("newcomer-tasks", "/agent/tasks/", who="newcomer"),
    Shot("newcomer-team", "/agent/team/", who="newcomer"),
    Shot("agent-withdraw", "/agent/withdraw/", who="agent"),
    Shot("agent-confirm", "/agent/withdraw/?amount=100&confirm=1", who="agent"),
    Shot("agent-accounts", "/agent/accounts/", who="agent"),
    Shot("agent-kyc", "/agent/kyc/", who="agent"),
    Shot("agent-payout_confirm", "/agent/accounts/new/bank/", who="agent"),
    Shot("newcomer-accounts", "/agent/accounts/", who="newcomer"),
    Shot("agent-withdrawals", "/agent/withdrawals/", who="agent"),
    Shot("agent-withdrawal", "/agent/withdrawals/", who="agent", follow=("main a[href^='/agent/withdrawals/']",)),
    Shot("agent-proof", "/agent/proof/", who="agent"),
    Shot("visitor-proof", "/proof/"),
    Shot("newcomer-home", "/agent/", who="newcomer"),
    Shot("newcomer-earnings", "/agent/earnings/", who="newcomer"),
    Shot("newcomer-progress", "/agent/progress/", who="newcomer"),
    Shot("newcomer-frozen", "/agent/frozen/", who="newcomer"),
    Shot("newcomer-withdraw", "/agent/withdraw/", who="newcomer"),
    Shot("supplier-home", "/supplier/", who="supplier", device="desk"),
    Shot("supplier-orders", "/supplier/orders/order/", who="supplier", device="desk"),
    Shot("supplier-products", "/supplier/suppliers/product/", who="supplier", device="desk"),
    Shot(
        "supplier-product", "/supplier/suppliers/product/", who="supplier", device="desk", follow=("#result_list th a",)
    ),
    Shot("supplier-stock", "/supplier/suppliers/sku/", who="supplier", device="desk"),
    Shot("supplier-reviews", "/supplier/orders/review/", who="supplier", device="desk"),
    Shot("ops-reviews", "/ops/orders/review/", who="operator", device="desk"),
    Shot("ops-banners", "/ops/storefront/banner/", who="operator", device="desk"),
    Shot("ops-login", "/ops/login/", device="desk"),
    Shot("ops-home", "/ops/", who="operator", device="desk"),
    Shot("ops-payout_holds", "/ops/payouts/payouthold/", who="operator", device="desk"),
    Shot("ops-payout_hold", "/ops/payouts/payouthold/place/", who="operator", device="desk"),
    Shot("ops-payout_policies", "/ops/payouts/payoutpolicy/", who="operator", device="desk"),
    Shot("ops-payout_policy", "/ops/payouts/payoutpolicy/new/", who="operator", device="desk"),
    Shot("ops-payouts", "/ops/payouts/withdrawal/", who="operator", device="desk"),
    Shot("ops-payout", "/ops/payouts/withdrawal/", who="operator", device="desk", follow=("th a, td a",)),
    Shot("ops-members", "/ops/members/member/", who="operator", device="desk"),
    Shot("ops-shopkeepers", "/ops/members/shopkeeper/", who="operator", device="desk"),
    Shot("ops-shopkeeper", "/ops/members/shopkeeper/", who="operator", device="desk", follow=("#result_list th a",)),
    Shot("ops-relations", "/ops/members/adviserrelation/", who="operator", device="desk"),
    Shot("ops-contests", "/ops/members/relationcontest/", who="operator", device="desk"),
    Shot("ops-contest", "/ops/members/relationcontest/", who="operator", device="desk", follow=("#result_list th a",)),
    Shot("ops-relation_terms", "/ops/members/relationpolicy/", who="operator", device="desk"),
    Shot("ops-relation_form", "/ops/members/relationpolicy/new/", who="operator", device="desk"),
    Shot("ops-orders", "/ops/orders/order/", who="operator", device="desk"),
    Shot("ops-plans", "/ops/linkage/planversion/", who="operator", device="desk"),
    Shot("ops-plan_form", "/ops/linkage/planversion/draft/", who="operator", device="desk"),
    Shot("ops-plan", "/ops/linkage/planversion/", who="operator", device="desk", follow=("#result_list th a",)),
    Shot("ops-holds", "/ops/linkage/reward/?part=holds", who="operator", device="desk"),
    Shot("ops-fund", "/ops/linkage/fund/", who="operator", device="desk"),
    Shot("ops-simulations", "/ops/linkage/simulationrun/", who="operator", device="desk"),
    Shot(
        "ops-simulation",
        "/ops/linkage/simulationrun/",
        who="operator",
        device="desk",
        follow=("#result_list a[href*='/simulationrun/']",),
    ),
    Shot("ops-simulation_form", "/ops/linkage/simulationrun/new/", who="operator", device="desk"),
    Shot("ops-compliance", "/ops/compliance/", who="operator", device="desk"),
    Shot("ops-payout_stop", "/ops/payouts/stop/", who="operator", device="desk"),
    Shot("ops-adjustments", "/ops/linkage/adjustment/", who="operator", device="desk"),
    Shot(
        "ops-adjustment",
        "/ops/linkage/adjustment/",
        who="operator",
        device="desk",
        follow=("#result_list a[href*='/adjustment/']",),
    ),
    Shot("ops-trail", "/ops/core/operatoract/", who="operator", device="desk"),
    Shot("ops-balances", "/ops/ledger/balances/", who="operator", device="desk"),
    Shot("ops-rewards", "/ops/linkage/reward/", who="operator", device="desk"),
    Shot("ops-events", "/ops/linkage/linkageevent/", who="operator", device="desk"),
    Shot("ops-ledger", "/ops/ledger/journalentry/", who="operator", device="desk"),
]
