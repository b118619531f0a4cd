"""The queue, and on one page all work that recurs.

Rows are the truth and a task is only a doorbell: a message may be lost, repeated or late, and the next sweep finds
the row.
"""

import gc
import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from mall.core.named_task import NamedTask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings.local")

# Whoever rings a broker that does not answer tries twice, so long each time, without a pause.
RING_SECONDS = 0.8
IMPATIENT = {
    "socket_timeout": RING_SECONDS,
    "socket_connect_timeout": RING_SECONDS,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


class Mall(Celery):
    """Whoever puts something into the queue waits for less long than a worker that takes from it."""

    def connection_for_write(self, url: str | None = None, **options: Any) -> Any:
        options["transport_options"] = {**IMPATIENT, **(options.get("transport_options") or {})}
        return super().connection_for_write(url, **options)


app = Mall("mall", task_cls=NamedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def keep_what_is_loaded(**signal: Any) -> None:
    """Take what a worker has loaded when it starts out of the collector's way, for good: going through all of it in the
    midst of a batch costs as much as settling hundreds of orders."""
    gc.collect()
    gc.freeze()


def _every(period: timedelta, task: str) -> dict[str, Any]:
    """Return a beat entry; a ring nobody answered before the next one is dropped."""
    return {"task": task, "schedule": period, "options": {"expires": period.total_seconds()}}


app.conf.beat_schedule = {
    "settle what waits": _every(timedelta(minutes=1), "linkage.tasks.sweep"),
    "mature rewards and end holds": _every(timedelta(minutes=1), "linkage.tasks.advance"),
    "find simulations whose worker is gone": _every(timedelta(minutes=1), "linkage.tasks.sweep_simulations"),
    "count for the compliance page": _every(timedelta(hours=1), "linkage.tasks.count_compliance"),
    "forget sums of days that are over": _every(timedelta(days=1), "linkage.tasks.forget_matured_sums"),
    "close unpaid orders": _every(timedelta(minutes=1), "orders.tasks.expire_orders"),
    "ask about payments nobody heard of": _every(timedelta(minutes=1), "orders.tasks.ask_providers"),
    "fetch yesterday's bills": _every(timedelta(hours=3), "orders.tasks.fetch_bills"),
    "check yesterday's books": _every(timedelta(hours=1), "reconciliation.tasks.check_yesterday"),
    "find checks whose worker is gone": _every(timedelta(minutes=1), "reconciliation.tasks.sweep_checks"),
    "give back what was refunded": _every(timedelta(minutes=1), "orders.tasks.send_refunds"),
    "send the stand-ins' notices again": _every(timedelta(seconds=15), "sandbox.payments.tasks.send_what_is_due"),
    "send the sandbox's notices again": _every(timedelta(seconds=15), "sandbox.tasks.resend_notices"),
    "let new prices come into force": _every(timedelta(minutes=1), "suppliers.tasks.apply_price_changes"),
    "find imports whose worker is gone": _every(timedelta(minutes=1), "suppliers.tasks.sweep_imports"),
    "follow parcels": _every(timedelta(minutes=5), "orders.tasks.follow_parcels"),
    "act on overdue after-sale cases": _every(timedelta(minutes=1), "orders.tasks.act_on_overdue_cases"),
    "push the sandbox's tracks": _every(timedelta(minutes=1), "sandbox.tasks.push_tracks"),
    "receive parcels after ten days": _every(timedelta(minutes=10), "orders.tasks.receive_overdue"),
    "end quotes past their day": _every(timedelta(minutes=10), "orders.tasks.expire_enterprise_requests"),
    "complete orders": _every(timedelta(minutes=10), "orders.tasks.complete_orders"),
    "book results of transfers made by hand": _every(timedelta(minutes=1), "payouts.tasks.sweep_results"),
    "ask for unknown payouts": _every(timedelta(minutes=1), "payouts.tasks.settle_unknown_payouts"),
    "gather copies of personal data": _every(timedelta(minutes=1), "members.tasks.gather_exports"),
    "change phones whose rest is over": _every(timedelta(minutes=10), "members.tasks.finish_phone_changes"),
    "close accounts whose time has come": _every(timedelta(minutes=10), "members.tasks.close_accounts"),
    "end relations whose time is over": _every(timedelta(minutes=10), "members.tasks.end_lapsed_relations"),
    "forget devices that are logged out": _every(timedelta(hours=1), "members.tasks.sweep_sessions"),
    "forget guests' carts": _every(timedelta(hours=6), "orders.tasks.prune_guest_carts"),
    "forget old login codes": _every(timedelta(hours=1), "members.tasks.sweep_codes"),
    "end quiet tickets": _every(timedelta(minutes=10), "service.tasks.close_quiet_tickets"),
    "tell of lower prices": _every(timedelta(days=1), "service.tasks.tell_price_drops"),
    "sum up earnings": _every(timedelta(minutes=1), "agents.tasks.sum_up_earnings"),
    "tell what was earned": _every(timedelta(minutes=1), "service.tasks.tell_earnings"),
    "tell what is due": _every(timedelta(hours=6), "service.tasks.tell_due_holds"),
    "tell of new rules": _every(timedelta(minutes=1), "service.tasks.tell_rules"),
    "forget old messages": _every(timedelta(hours=1), "service.tasks.forget_messages"),
    "tell shopkeepers of prices and stock": _every(timedelta(minutes=5), "agents.tasks.notice_changes"),
    "drop posters nobody looks at": _every(timedelta(hours=6), "agents.tasks.sweep_posters"),
    "draw pictures that are missing": _every(timedelta(minutes=5), "mall.tasks.draw_missing_pictures"),
    "empty what the law asks for no longer": _every(timedelta(days=1), "mall.tasks.end_terms"),
    "count the ranks of shopkeepers": _every(timedelta(hours=1), "agents.tasks.count_ranks"),
    "count budgets of commissions": _every(timedelta(minutes=1), "agents.tasks.keep_budgets"),
    "forget where samples went": _every(timedelta(days=1), "agents.tasks.forget_sample_recipients"),
    "forget former customers": _every(timedelta(days=1), "agents.tasks.forget_former_customers"),
    "count what goes together": _every(timedelta(days=1), "storefront.tasks.refresh_pairs"),
    "count what each word finds": _every(timedelta(days=1), "suppliers.tasks.refresh_search"),
    "let hot words fade": _every(timedelta(days=1), "suppliers.tasks.cool_words"),
    "forget what was looked at long ago": _every(timedelta(days=1), "suppliers.tasks.prune_views"),
    "look for signs of fraud": _every(timedelta(hours=1), "risk.tasks.scan"),
    "send what webhooks wait for": _every(timedelta(minutes=1), "integration.tasks.sweep"),
    "forget old answers, deliveries and acts of keys": _every(timedelta(days=1), "integration.tasks.forget"),
    "forget files of rows": _every(timedelta(days=1), "suppliers.tasks.prune_sheets"),
    "forget whom seats were offered": _every(timedelta(days=1), "suppliers.tasks.prune_offers"),
    "forget applications of firms": _every(timedelta(days=1), "onboarding.tasks.prune_applications"),
    "check papers of suppliers": _every(timedelta(hours=1), "suppliers.tasks.check_papers"),
    "close periods of suppliers": _every(timedelta(hours=1), "remittance.tasks.close_periods"),
    "confirm what suppliers said nothing of": _every(timedelta(hours=1), "remittance.tasks.confirm_overdue"),
    "sum up the days": _every(timedelta(minutes=5), "insights.tasks.make_days"),
    "make anew days that differ": _every(timedelta(days=1), "insights.tasks.mend_days"),
    "sum busy accounts": _every(timedelta(hours=1), "ledger.tasks.roll_up"),
    "chain the books and publish the day's root": _every(timedelta(hours=1), "ledger.tasks.chain"),
}
