import os
from pathlib import Path
import pytest
from tests.browser.conftest import DESK
from tests.linkage.stories import Mall
from tests.operators import as_, operator, superuser
from linkage import commands
from members.models import Member
from mall.core import clock
from datetime import timedelta
from payouts.models import Withdrawal
from payouts import commands as pay
from orders.models import Order
import tests.factories as f

OUT = Path("/tmp/team/ops-shots")


@pytest.mark.django_db(transaction=True)
def test_look(open_page, site):
    OUT.mkdir(exist_ok=True)
    now = clock.now()
    import tests.linkage.stories as st

    st.START = now - timedelta(days=60)
    mall = Mall(name="标准 2+1")
    mall.at = st.START
    for name, ref in [
        ("周敏", None),
        ("陈立", "周敏"),
        ("苏婉", "周敏"),
        ("何琳", "周敏"),
        ("林岚", "陈立"),
        ("顾青", "陈立"),
        ("梁静", "陈立"),
        ("彭越", "苏婉"),
    ]:
        mall.join(name, ref)
    phones = iter(range(10000001, 10000100))
    for m in Member.objects.all():
        Member.objects.filter(pk=m.pk).update(phone=f"+86138{next(phones)}")
    for i, name in enumerate(["周敏", "陈立", "苏婉", "何琳", "林岚", "顾青", "梁静"]):
        mall.pass_time(days=1)
        mall.buy(name, f"HJ26110100{i:08d}")
        if i != 6:
            mall.receive(f"HJ26110100{i:08d}")
    commands.settle_waiting(at=mall.at)
    mall.pass_time(days=9)
    commands.advance_shards(at=mall.at)
    commands.settle_waiting(at=mall.at)
    ops = operator("苏敏", "operator_review", "operator_plans", "operator_service")
    rel = operator("陈复核", "operator_release")
    boss = superuser()
    for p, m in ((f"+8613700000001", ops), ("+8613700000002", rel), ("+8613700000003", boss)):
        m.phone = p
        m.set_password("correct-horse-1")
        m.save()
    zhou = mall.members["周敏"]
    ws = []
    for amount in (5000, 3000, 2000, 1500, 1200):
        mall.pass_time(hours=5)
        ws.append(commands.request_withdrawal(member=zhou, amount_fen=amount, at=mall.at))
    chen = mall.members["陈立"]
    ws.append(commands.request_withdrawal(member=chen, amount_fen=8000, at=mall.at))
    pay.approve_withdrawal(number=ws[1].number, by=ops, at=mall.at)
    pay.approve_withdrawal(number=ws[2].number, by=rel, at=mall.at)
    pay.approve_withdrawal(number=ws[3].number, by=ops, at=mall.at)
    Withdrawal.objects.filter(pk=ws[3].pk).update(state="sending", released_by=rel, released_at=mall.at)
    pay.reject_withdrawal(number=ws[4].number, by=ops, reason="收款账户与实名不一致，请先核对后再申请。", at=mall.at)
    draft = commands.draft_plan(
        name="冬季方案",
        params={
            "direct_fen": {"agent": 11000, "partner": 11000},
            "see_point_fen": 13000,
            "hold_days": 45,
            "tasks": [{"kind": "goods_received"}, {"kind": "days_visited", "n": 3}],
        },
        by=ops,
    )
    f.gift_pack_terms(starts_at=now - timedelta(days=90))
    o = f.a_paid_order(at=now - timedelta(hours=3))
    o2 = f.a_shipped_order(at=now - timedelta(days=1))
    from orders.commands import refund_order

    refund_order(order=o2, reason="破损", at=now - timedelta(hours=2))
    from linkage.models import Reward
    from ledger.models import JournalEntry, Account

    r = Reward.objects.filter(member=zhou).first()
    pages = {
        "index": "/ops/",
        "payouts": "/ops/payouts/withdrawal/",
        "payouts-approved": "/ops/payouts/withdrawal/?state__exact=approved",
        "payouts-paid": "/ops/payouts/withdrawal/?state__exact=paid",
        "payouts-rejected": "/ops/payouts/withdrawal/?state__exact=rejected",
        "payout": f"/ops/payouts/withdrawal/{ws[0].pk}/change/",
        "payout-mine": f"/ops/payouts/withdrawal/{ws[1].pk}/change/",
        "payout-sending": f"/ops/payouts/withdrawal/{ws[3].pk}/change/",
        "payout-rejected": f"/ops/payouts/withdrawal/{ws[4].pk}/change/",
        "approve": f"/ops/payouts/withdrawal/{ws[0].pk}/approve/",
        "reject": f"/ops/payouts/withdrawal/{ws[0].pk}/reject/",
        "policies": "/ops/payouts/payoutpolicy/",
        "policy": "/ops/payouts/payoutpolicy/1/change/",
        "plans": "/ops/linkage/planversion/",
        "plan": "/ops/linkage/planversion/1/change/",
        "plan-draft": f"/ops/linkage/planversion/{draft.version}/change/",
        "plan-form": "/ops/linkage/planversion/draft/",
        "plan-publish": f"/ops/linkage/planversion/{draft.version}/publish/",
        "plan-off": "/ops/linkage/planversion/switch-off/",
        "events": "/ops/linkage/linkageevent/",
        "event": "/ops/linkage/linkageevent/%d/change/" % 3,
        "settled": "/ops/linkage/settledorder/",
        "settled-one": f"/ops/linkage/settledorder/{r.order_id}/change/",
        "rewards": "/ops/linkage/reward/",
        "holds": "/ops/linkage/reward/?part=holds",
        "reward": f"/ops/linkage/reward/{r.pk}/change/",
        "positions": "/ops/linkage/position/",
        "position": f"/ops/linkage/position/{zhou.pk}/change/",
        "fund": "/ops/linkage/fund/",
        "grant": "/ops/linkage/fund/grant/",
        "balances": "/ops/ledger/balances/",
        "entries": "/ops/ledger/journalentry/",
        "entry": f"/ops/ledger/journalentry/{JournalEntry.objects.first().pk}/change/",
        "accounts": "/ops/ledger/account/",
        "account": f"/ops/ledger/account/{zhou.pk * 32 + 3}/change/",
        "orders": "/ops/orders/order/",
        "order": f"/ops/orders/order/{o.pk}/change/",
        "order-refund": f"/ops/orders/order/{o.pk}/refund/",
        "refunds": "/ops/orders/refund/",
        "notices": "/ops/orders/notice/",
        "members": "/ops/members/member/",
        "member": f"/ops/members/member/{zhou.pk}/change/",
        "touches": "/ops/members/touch/",
        "suppliers": "/ops/suppliers/supplier/",
        "products": "/ops/suppliers/product/",
        "product": f"/ops/suppliers/product/{o.lines.first().sku.product_id}/change/",
        "skus": "/ops/suppliers/sku/",
        "sku": f"/ops/suppliers/sku/{o.lines.first().sku_id}/change/",
        "shelf": f"/ops/suppliers/product/{o.lines.first().sku.product_id}/shelf/",
    }
    only = os.environ.get("ONLY", "").split()
    wanted = {k: v for k, v in pages.items() if not only or k in only}
    who = {"boss": boss, "ops": ops}[os.environ.get("WHO", "boss")]
    for k, v in wanted.items():
        print(k, as_(who).get(v).status_code)
    from django.conf import settings as dj

    for scheme in os.environ.get("LOOKS", "light dark").split():
        for width in [int(w) for w in os.environ.get("WIDTHS", "1440").split()]:
            page = open_page({"viewport": {"width": width, "height": 900}}, color_scheme=scheme)
            client = as_(who)
            page.context.add_cookies(
                [{"name": dj.SESSION_COOKIE_NAME, "value": client.cookies[dj.SESSION_COOKIE_NAME].value, "url": site}]
            )
            for k, v in wanted.items():
                page.goto(v)
                page.wait_for_timeout(150)
                page.screenshot(path=str(OUT / f"{k}-{scheme}-{width}.png"))
    if "BAD" in os.environ or not only:
        page.goto("/ops/linkage/planversion/draft/")
        page.fill("[name=direct_agent_fen]", "300")
        page.click("button[name=read]")
        page.screenshot(path=str(OUT / "plan-form-bad.png"))
        page.fill("[name=direct_agent_fen]", "105.50")
        page.click("button[name=read]")
        page.screenshot(path=str(OUT / "plan-form-read.png"), full_page=True)


import re


@pytest.fixture(autouse=True)
def words(monkeypatch):
    from playwright.sync_api import Page

    old = Page.screenshot

    def shot(self, **k):
        text = self.evaluate(
            """() => { const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let out=[]; while (w.nextNode()) { const n=w.currentNode, p=n.parentElement; if (p.closest('.material-symbols-outlined,script,style,template')) continue; const t=n.textContent.trim(); if (/[A-Za-z]{3,}/.test(t)) out.push(t) } for (const e of document.querySelectorAll('[placeholder],[aria-label],[title],[alt]')) for (const a of ['placeholder','aria-label','title','alt']) { const t=e.getAttribute(a)||''; if (/[A-Za-z]{3,}/.test(t)) out.push('@'+a+': '+t) } return [...new Set(out)] }"""
        )
        print(
            ">>",
            k["path"].split("/")[-1],
            [t for t in text if not re.fullmatch(r"(R?PY|HJ|TX|SKU)?\d+.*|[A-Z0-9]{8,10}", t)],
        )
        sw = self.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sw > 0:
            print("   OVERFLOW", sw)
        return old(self, **k)

    monkeypatch.setattr(Page, "screenshot", shot)
