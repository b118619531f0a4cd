"""The operators' navigation: only what this person may open, with how much waits there."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .waiting import waiting

# Group; title, icon, page, permission, badge.
OPS: tuple[tuple[Any, tuple[tuple[Any, str, str, str, str], ...]], ...] = (
    (
        gettext_lazy("经营"),
        (
            (gettext_lazy("驾驶舱"), "dashboard", "index", "", ""),
            (gettext_lazy("订单"), "receipt_long", "orders_order_changelist", "orders.view_order", ""),
            (gettext_lazy("退款"), "undo", "orders_refund_changelist", "orders.view_refund", ""),
            (
                gettext_lazy("整单退款"),
                "published_with_changes",
                "orders_refundrequest_changelist",
                "orders.view_refundrequest",
                "refunds",
            ),
            (gettext_lazy("售后"), "assignment_return", "orders_aftersale_changelist", "orders.view_aftersale", ""),
            (gettext_lazy("会员"), "group", "members_member_changelist", "members.view_member", ""),
            (gettext_lazy("评价审核"), "reviews", "orders_review_changelist", "orders.view_review", ""),
            (gettext_lazy("评价敏感词"), "block", "orders_heldword_changelist", "orders.view_heldword", ""),
            (gettext_lazy("首页横幅"), "view_carousel", "storefront_banner_changelist", "storefront.view_banner", ""),
            (gettext_lazy("店主素材"), "imagesmode", "agents_material_changelist", "agents.view_material", ""),
        ),
    ),
    (
        gettext_lazy("奖励"),
        (
            (
                gettext_lazy("规则方案"),
                "rule_settings",
                "linkage_planversion_changelist",
                "linkage.view_planversion",
                "",
            ),
            (
                gettext_lazy("规则试算"),
                "science",
                "linkage_simulationrun_changelist",
                "linkage.view_simulationrun",
                "",
            ),
            (gettext_lazy("合规"), "gavel", "linkage_compliance", "linkage.view_planversion", ""),
            (gettext_lazy("奖励明细"), "redeem", "linkage_reward_changelist", "linkage.view_reward", ""),
            (gettext_lazy("零售佣金"), "storefront", "linkage_commission_changelist", "linkage.view_commission", ""),
            (gettext_lazy("冻结"), "ac_unit", "linkage_reward_changelist?part=holds", "linkage.view_reward", ""),
            (
                gettext_lazy("已结算订单"),
                "task_alt",
                "linkage_settledorder_changelist",
                "linkage.view_settledorder",
                "",
            ),
            (gettext_lazy("链动身份"), "account_tree", "linkage_position_changelist", "linkage.view_position", ""),
            (gettext_lazy("结算事件"), "stream", "linkage_linkageevent_changelist", "linkage.view_linkageevent", ""),
            (gettext_lazy("帮扶基金"), "volunteer_activism", "linkage_fund", "ledger.view_account", ""),
            (gettext_lazy("申诉"), "gavel", "agents_appeal_changelist", "agents.view_appeal", "appeals"),
        ),
    ),
    (
        gettext_lazy("客户关系"),
        (
            (
                gettext_lazy("店主"),
                "storefront",
                "members_shopkeeper_changelist",
                "members.view_shopkeeper",
                "shopkeepers",
            ),
            (
                gettext_lazy("客户关系"),
                "handshake",
                "members_adviserrelation_changelist",
                "members.view_adviserrelation",
                "",
            ),
            (
                gettext_lazy("顾问异议"),
                "gavel",
                "members_relationcontest_changelist",
                "members.view_relationcontest",
                "contests",
            ),
            (
                gettext_lazy("关系规则"),
                "lock_clock",
                "members_relationpolicy_changelist",
                "members.view_relationpolicy",
                "",
            ),
        ),
    ),
    (
        gettext_lazy("财务"),
        (
            (
                gettext_lazy("提现审核"),
                "payments",
                "payouts_withdrawal_changelist",
                "payouts.view_withdrawal",
                "payouts",
            ),
            (
                gettext_lazy("打款批次"),
                "table_view",
                "payouts_payoutbatch_changelist",
                "payouts.view_payoutbatch",
                "",
            ),
            (
                gettext_lazy("提现暂停"),
                "pause_circle",
                "payouts_payouthold_changelist",
                "payouts.view_payouthold",
                "",
            ),
            (gettext_lazy("对账"), "balance", "reconciliation", "reconciliation.view_day", "differences"),
            (gettext_lazy("收款实名"), "badge", "payouts_payee_changelist", "payouts.view_payee", ""),
            (gettext_lazy("人工调整"), "tune", "linkage_adjustment_changelist", "linkage.view_adjustment", ""),
            (gettext_lazy("打款总开关"), "emergency_home", "payouts_stop", "payouts.view_withdrawal", ""),
            (gettext_lazy("付款政策"), "policy", "payouts_payoutpolicy_changelist", "payouts.view_payoutpolicy", ""),
            (gettext_lazy("平台账户"), "account_balance", "ledger_balances", "ledger.view_account", ""),
            (gettext_lazy("账本查询"), "manage_search", "ledger_explore", "ledger.view_journalentry", ""),
            (gettext_lazy("凭证"), "menu_book", "ledger_journalentry_changelist", "ledger.view_journalentry", ""),
            (gettext_lazy("账户"), "account_balance_wallet", "ledger_account_changelist", "ledger.view_account", ""),
        ),
    ),
    (
        gettext_lazy("风控"),
        (
            (gettext_lazy("风险规则"), "policy_alert", "risk", "risk.view_hit", ""),
            (gettext_lazy("风险预警"), "shield", "risk_hit_changelist", "risk.view_hit", "risks"),
        ),
    ),
    (
        gettext_lazy("供应"),
        (
            (
                gettext_lazy("供应商入驻"),
                "how_to_reg",
                "onboarding_application_changelist",
                "onboarding.view_application",
                "applications",
            ),
            (gettext_lazy("供应商"), "store", "suppliers_supplier_changelist", "suppliers.view_supplier", ""),
            (gettext_lazy("商品"), "inventory_2", "suppliers_product_changelist", "suppliers.view_product", ""),
            (
                gettext_lazy("商品审核"),
                "fact_check",
                "suppliers_productrevision_changelist",
                "suppliers.view_productrevision",
                "revisions",
            ),
            (
                gettext_lazy("企业询价"),
                "request_quote",
                "orders_enterpriserequest_changelist",
                "orders.view_enterpriserequest",
                "",
            ),
            (gettext_lazy("规格与库存"), "warehouse", "suppliers_sku_changelist", "suppliers.view_sku", ""),
            (gettext_lazy("品牌"), "sell", "suppliers_brand_changelist", "suppliers.view_brand", ""),
            (
                gettext_lazy("资质"),
                "workspace_premium",
                "suppliers_qualification_changelist",
                "suppliers.view_qualification",
                "papers",
            ),
            (
                gettext_lazy("缺证商品"),
                "gpp_maybe",
                "suppliers_permitgap_changelist",
                "suppliers.view_permitgap",
                "gaps",
            ),
            (gettext_lazy("分类"), "category", "suppliers_category_changelist", "suppliers.view_category", ""),
            (
                gettext_lazy("运费模板"),
                "local_shipping",
                "suppliers_freighttemplate_changelist",
                "suppliers.view_freighttemplate",
                "",
            ),
            (gettext_lazy("搜索词"), "search", "suppliers_searchword_changelist", "suppliers.view_searchword", ""),
        ),
    ),
    (
        gettext_lazy("供应商结算"),
        (
            (
                gettext_lazy("对账单"),
                "request_page",
                "remittance_statement_changelist",
                "remittance.view_statement",
                "statements",
            ),
            (
                gettext_lazy("对账异议"),
                "gavel",
                "remittance_statementdispute_changelist",
                "remittance.view_statementdispute",
                "",
            ),
            (
                gettext_lazy("结算条款"),
                "percent",
                "remittance_supplierterms_changelist",
                "remittance.view_supplierterms",
                "",
            ),
        ),
    ),
    (
        gettext_lazy("服务"),
        (
            (gettext_lazy("服务台"), "support_agent", "service_ticket_changelist", "service.view_ticket", "tickets"),
            (gettext_lazy("咨询统计"), "bar_chart_4_bars", "service_topics", "service.view_ticket", ""),
            (gettext_lazy("帮助"), "help", "service_helparticle_changelist", "service.view_helparticle", ""),
            (gettext_lazy("帮助主题"), "toc", "service_helptopic_changelist", "service.view_helptopic", ""),
            (
                gettext_lazy("回复模板"),
                "quickreply",
                "service_replytemplate_changelist",
                "service.view_replytemplate",
                "",
            ),
            (gettext_lazy("标签"), "label", "service_tag_changelist", "service.view_tag", ""),
        ),
    ),
    (
        gettext_lazy("记录"),
        (
            (gettext_lazy("目标和承诺"), "flag", "aims", "insights.view_target", ""),
            (gettext_lazy("设置与健康"), "monitor_heart", "health", "insights.see_health", ""),
            (gettext_lazy("员工"), "badge", "staff", "members.manage_staff", ""),
            (gettext_lazy("导出记录"), "download", "core_listexport_changelist", "core.view_listexport", ""),
            (gettext_lazy("操作记录"), "history", "core_operatoract_changelist", "core.view_operatoract", ""),
            (gettext_lazy("推广触达"), "ads_click", "members_touch_changelist", "members.view_touch", ""),
            (
                gettext_lazy("收货信息查看"),
                "visibility",
                "orders_recipientreveal_changelist",
                "orders.view_recipientreveal",
                "",
            ),
            (gettext_lazy("渠道通知"), "notifications", "orders_notice_changelist", "orders.view_notice", ""),
            (gettext_lazy("渠道账单"), "receipt", "orders_providerbill_changelist", "orders.view_providerbill", ""),
        ),
    ),
)


def ops_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the operators' navigation."""
    return _groups(request, waiting(request.user))


def ops_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the same groups without how much waits: nothing is counted."""
    return _groups(request, {})


def _groups(request: HttpRequest, badges: dict[str, str]) -> list[dict[str, Any]]:
    groups = [
        {"title": title, "items": [_item(request, entry, badges) for entry in entries if _may(request, entry[3])]}
        for title, entries in OPS
    ]
    if settings.DEMO:
        outbox = {"title": _("演示短信"), "icon": "sms", "link": reverse("members:outbox"), "active": False}
        groups[-1]["items"].append(outbox)
    return groups


def _item(request: HttpRequest, entry: tuple[Any, str, str, str, str], badges: dict[str, str]) -> dict[str, Any]:
    title, icon, page, _permission, badge = entry
    name, mark, query = page.partition("?")
    address = reverse(f"ops:{name}")
    item: dict[str, Any] = {
        "title": str(title),
        "icon": icon,
        "link": address + mark + query,
        "active": _is_open(request, address, query),
    }
    if badge and badges.get(badge):
        item |= {"badge": badges[badge], "badge_variant": "primary"}
    return item


def _is_open(request: HttpRequest, address: str, query: str) -> bool:
    """Say whether the page that is open belongs to an item; holds are a part of the rewards with an item of its own."""
    here = request.path == address if address == reverse("ops:index") else request.path.startswith(address)
    return here and (request.GET.get("part") == "holds") == (query == "part=holds")


def _may(request: HttpRequest, permission: str) -> bool:
    return not permission or request.user.has_perm(permission)
