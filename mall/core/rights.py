"""What operators may do beyond looking, and the groups that give it to them.

`ensure_groups` writes both into the database; `manage.py ensure_operator_groups` calls it, and so may a demo or a test.
Four eyes hold whatever rights somebody has: they are the withdrawal's own rule.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

# App, model, right, its name for people.
RIGHTS = (
    ("payouts", "withdrawal", "approve_withdrawal", "初审提现"),
    ("payouts", "withdrawal", "release_withdrawal", "复核打款"),
    ("payouts", "payouthold", "hold_payouts", "暂停提现"),
    ("payouts", "payoutpolicy", "set_payout_policy", "制定付款政策"),
    ("payouts", "withdrawal", "stop_payouts", "暂停打款"),
    ("payouts", "payee", "correct_payee", "更正实名"),
    ("linkage", "planversion", "draft_plan", "起草规则方案"),
    ("linkage", "planversion", "publish_plan", "发布规则方案"),
    ("linkage", "linkageevent", "grant_from_fund", "发放帮扶基金"),
    ("linkage", "planversion", "export_evidence", "导出合规材料"),
    ("linkage", "adjustment", "ask_adjustment", "申请人工调整"),
    ("linkage", "adjustment", "approve_adjustment", "复核人工调整"),
    ("orders", "order", "refund_order", "申请整单退款"),
    ("orders", "refundrequest", "approve_refund", "确认整单退款"),
    ("suppliers", "product", "publish_product", "上下架商品"),
    ("suppliers", "brand", "keep_brand", "维护品牌"),
    ("onboarding", "application", "decide_application", "审核供应商入驻"),
    ("suppliers", "qualification", "check_paper", "审核供应商资质"),
    ("suppliers", "category", "keep_category", "设置分类要求的许可证"),
    ("suppliers", "searchword", "block_word", "屏蔽搜索词"),
    ("service", "ticket", "answer_ticket", "回复工单"),
    ("service", "helparticle", "write_help", "编写帮助和回复模板"),
    ("orders", "review", "moderate_review", "审核评价"),
    ("orders", "aftersale", "decide_aftersale", "裁定售后纠纷"),
    ("storefront", "banner", "keep_banner", "维护首页横幅"),
    ("agents", "material", "keep_material", "编写店主素材"),
    ("agents", "material", "check_material", "审核店主素材"),
    ("members", "shopkeeper", "decide_shopkeeper", "审核店主"),
    ("members", "relationcontest", "decide_contest", "裁定顾问异议"),
    ("members", "relationpolicy", "publish_relation_policy", "发布客户关系规则"),
    ("agents", "appeal", "decide_appeal", "答复申诉"),
    ("remittance", "statement", "approve_supplier_payout", "初审供应商付款"),
    ("remittance", "statement", "release_supplier_payout", "复核供应商付款"),
    ("remittance", "statementdispute", "answer_dispute", "答复对账异议"),
    ("remittance", "supplierterms", "set_supplier_terms", "制定供应商结算条款"),
    ("reconciliation", "day", "check_day", "对账"),
    ("reconciliation", "day", "approve_day", "复核对账"),
    ("members", "member", "manage_staff", "管理员工"),
    ("core", "listexport", "export_list", "导出列表"),
    ("core", "listexport", "export_unmasked", "导出完整个人信息"),
    ("risk", "hit", "decide_risk", "处理风险预警"),
    ("risk", "ruleversion", "set_risk_rule", "设置风险规则"),
    ("insights", "target", "set_target", "设定目标和承诺"),
    ("insights", "jobrun", "see_health", "查看设置与健康"),
)
REVIEW, RELEASE, PLANS, SERVICE = "operator_review", "operator_release", "operator_plans", "operator_service"
STAFF = "operator_staff"
# Whoever has one of these signs in with a second factor.
MONEY_RIGHTS = (
    *("payouts.approve_withdrawal", "payouts.release_withdrawal", "payouts.hold_payouts"),
    *("payouts.set_payout_policy", "payouts.stop_payouts", "linkage.draft_plan", "linkage.publish_plan"),
    *("linkage.grant_from_fund", "linkage.ask_adjustment", "linkage.approve_adjustment"),
    *("orders.refund_order", "orders.approve_refund", "orders.decide_aftersale", "members.manage_staff"),
    "reconciliation.approve_day",
    "payouts.correct_payee",
    *("remittance.approve_supplier_payout", "remittance.release_supplier_payout"),
    *("remittance.answer_dispute", "remittance.set_supplier_terms"),
    # Approval says where a new supplier is paid.
    "onboarding.decide_application",
)
# Pages at which money is moved, or who may move it is changed: they ask for a code of the last ten minutes.
MONEY_ACTS = frozenset(
    {
        *("payouts_withdrawal_approve", "payouts_withdrawal_release", "payouts_withdrawal_recall"),
        *("payouts_withdrawal_record", "payouts_payouthold_release", "payouts_payoutpolicy_new", "payouts_many"),
        *("payouts_payoutbatch_make", "payouts_payoutbatch_file", "payouts_payoutbatch_approve"),
        "payouts_payee_correct",
        *("payouts_stop_ask", "payouts_stop_lift", "linkage_fund_grant", "linkage_adjustment_ask"),
        *("linkage_adjustment_approve", "orders_order_refund", "risk_hit_release"),
        *("orders_refundrequest_approve", "orders_aftersale_decide"),
        *("staff_groups", "staff_access", "staff_reset"),
        *("remittance_statement_approve", "remittance_statement_release", "remittance_statementdispute_check"),
        "remittance_terms_set",
        *("reconciliation_confirm", "reconciliation_close_confirm", "reconciliation_reopen_confirm"),
        "linkage_planversion_publish",
    }
)
# What takes two people: its name, the right of who begins it, the right of who checks it.
CHECKS = (
    ("提现", "approve_withdrawal", "release_withdrawal"),
    ("规则方案", "draft_plan", "publish_plan"),
    ("供应商付款", "approve_supplier_payout", "release_supplier_payout"),
    ("对账更正", "answer_dispute", "answer_dispute"),
    ("人工调整", "ask_adjustment", "approve_adjustment"),
    ("恢复打款", "stop_payouts", "stop_payouts"),
    ("对账", "check_day", "approve_day"),
    ("整单退款", "refund_order", "approve_refund"),
    ("店主素材", "keep_material", "check_material"),
    ("重置动态口令", "manage_staff", "manage_staff"),
)
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    REVIEW: (
        "提现初审",
        (
            "approve_supplier_payout",
            "answer_dispute",
            "approve_withdrawal",
            "hold_payouts",
            "stop_payouts",
            "decide_risk",
            "check_day",
            "export_list",
        ),
    ),
    RELEASE: (
        "提现复核",
        (
            "release_supplier_payout",
            "answer_dispute",
            "release_withdrawal",
            "approve_refund",
            "hold_payouts",
            "stop_payouts",
            "correct_payee",
            "decide_risk",
            "check_day",
            "approve_day",
            "see_health",
            "export_list",
        ),
    ),
    PLANS: (
        "规则与基金",
        (
            *(
                "set_supplier_terms",
                "draft_plan",
                "publish_plan",
                "publish_relation_policy",
                "set_payout_policy",
                "export_evidence",
            ),
            *("grant_from_fund", "stop_payouts", "ask_adjustment", "approve_adjustment", "decide_appeal"),
            *("set_risk_rule", "decide_risk", "export_list", "export_unmasked", "set_target", "see_health"),
        ),
    ),
    SERVICE: (
        "订单与商品",
        (
            "refund_order",
            "approve_refund",
            "publish_product",
            "keep_brand",
            "decide_application",
            "check_paper",
            "keep_category",
            "block_word",
            "answer_ticket",
            "write_help",
            "moderate_review",
            "keep_banner",
            "decide_aftersale",
            "keep_material",
            "check_material",
            "decide_shopkeeper",
            "decide_contest",
            "export_list",
        ),
    ),
    STAFF: ("员工管理", ("manage_staff", "see_health")),
}
# Every operator sees these.
SEEN = {
    "core": ("listexport", "operatoract"),
    "agents": ("appeal", "material"),
    "ledger": ("account", "journalentry", "posting"),
    "linkage": (
        "adjustment",
        "commission",
        "linkageevent",
        "planversion",
        "position",
        "reward",
        "settledorder",
        "simulationrun",
    ),
    "members": ("adviserrelation", "member", "relationcontest", "relationpolicy", "shopkeeper", "touch"),
    "orders": (
        *("aftersale", "contactreveal", "enterpriseline", "enterpriserequest", "heldword", "notice", "order"),
        *("recipientreveal", "refund", "refundrequest", "review"),
    ),
    "payouts": ("payee", "payoutbatch", "payouthold", "payoutpolicy", "withdrawal"),
    "remittance": ("statement", "statementdispute", "supplierterms"),
    "onboarding": ("application",),
    "insights": ("target",),
    "reconciliation": ("day",),
    "risk": ("hit", "ruleversion"),
    "storefront": ("banner",),
    "service": ("dispute", "helparticle", "helptopic", "replytemplate", "tag", "ticket"),
    "suppliers": (
        *(
            "brand",
            "category",
            "freightrule",
            "freighttemplate",
            "product",
            "productmedia",
            "productrevision",
            "qualification",
            "permitgap",
        ),
        *("searchword", "sku", "stockmovement", "supplier"),
    ),
}


def ensure_groups() -> dict[str, Group]:
    """Write the rights and groups that are missing, give each group exactly its rights, and return the groups."""
    with transaction.atomic():
        rights = {code: _permission(app, model, code, name) for app, model, code, name in RIGHTS}
        seen = [
            _permission(app, model, f"view_{model}", f"查看{apps.get_model(app, model)._meta.verbose_name}")
            for app, models in SEEN.items()
            for model in models
        ]
        groups = {}
        for name, (_label, codes) in GROUPS.items():
            groups[name], _created = Group.objects.get_or_create(name=name)
            groups[name].permissions.set([*seen, *(rights[code] for code in codes)])
    return groups


def group_label(name: str) -> str:
    """Return what people call a group."""
    return GROUPS[name][0] if name in GROUPS else name


def _permission(app: str, model: str, code: str, name: str) -> Permission:
    content_type = ContentType.objects.get_for_model(apps.get_model(app, model))
    found, _created = Permission.objects.get_or_create(
        content_type=content_type, codename=code, defaults={"name": name}
    )
    return found
