"""Settings and health: what is wrong stands first, no secret ever stands there, and monitors learn only yes or no."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from celery.signals import after_task_publish, beat_init
from django.db import connection
from django.test import Client

from insights import listening
from insights.models import JobRun
from insights.queries import health
from insights.queries.providers import providers
from insights.tasks import make_days
from linkage.models import EventKind, LinkageEvent
from mall.core import clock
from mall.core.providers import GatewayError, heard, http
from mall.core.rights import PLANS, SERVICE
from orders.models import Purchase
from tests.factories import a_placed_order
from tests.operators import as_, operator, superuser, text

pytestmark = pytest.mark.django_db

SECRET = "sk-never-shown-4827"


def test_a_key_is_set_or_missing_and_never_shown(settings):
    settings.PAYMENT_PROVIDERS = ["wechat", "alipay"]
    settings.WECHAT_PAY_API_KEY = settings.WECHAT_PAY_PRIVATE_KEY = settings.ALIPAY_PRIVATE_KEY = SECRET
    settings.ALIPAY_PUBLIC_KEY = ""
    settings.WECHAT_PAY_MERCHANT_ID, settings.WECHAT_PAY_MERCHANT_SERIAL = "1900000001", "ABCDEF"
    settings.WECHAT_APP_ID = "wx123"
    found = {one.label: one for one in providers()}
    assert found["微信支付"].missing == []
    assert "ALIPAY_PUBLIC_KEY" in found["支付宝"].missing
    answer = as_(superuser()).get("/ops/health/")
    shown = {one["label"]: one for one in answer.context["providers"]}
    assert (shown["支付宝"]["tone"], shown["支付宝"]["state"]) == ("bad", "缺配置")
    assert shown["微信支付"]["state"] == "已配置"
    page = text(answer)
    for secret in (SECRET, "1900000001", "ABCDEF", "wx123", settings.SECRET_KEY, settings.DATABASES["default"]["NAME"]):
        assert secret not in page, secret


def test_a_host_that_stops_answering_is_seen_until_it_answers_again(settings):
    heard.answered("https://a.example/x")
    assert heard.heard("https://a.example/y").is_silent is False
    with pytest.raises(GatewayError):
        http.send("GET", "http://127.0.0.1:9/nothing")
    silent = heard.heard("http://127.0.0.1:9")
    assert (silent.is_silent, silent.failure) == (True, "ConnectError")
    heard.answered("http://127.0.0.1:9", 503)
    assert heard.heard("http://127.0.0.1:9").failure == "HTTP 503"
    heard.answered("http://127.0.0.1:9")
    assert heard.heard("http://127.0.0.1:9").is_silent is False
    until = clock.device_now() + timedelta(days=5)
    heard.certified(settings.WECHAT_PAY_MERCHANT_ID, until)
    assert {one.label: one.certificate_until for one in providers()}["微信支付"] == until


def test_a_run_is_written_down_with_its_end_and_its_error(monkeypatch):
    make_days.apply()
    run = JobRun.objects.get(task="insights.tasks.make_days")
    assert (run.failures, run.failure, run.failed_at) == (0, "", None)
    monkeypatch.setattr("insights.commands.make_days", _fail)
    make_days.apply()
    make_days.apply()
    run.refresh_from_db()
    assert (run.failures, run.failure) == (2, "ZeroDivisionError")
    assert "secret detail" not in str(JobRun.objects.values().get())
    (job,) = [job for job in health.jobs(now=clock.device_now()) if job.task == run.task]
    assert job.state == health.FAILING
    assert health.jobs(now=clock.device_now())[0].task == run.task
    monkeypatch.undo()
    make_days.apply()
    run.refresh_from_db()
    assert (run.failures, run.failure) == (0, "ZeroDivisionError")
    assert health.jobs(now=clock.device_now() + timedelta(hours=1))[0].state == health.LATE


def _fail(**given: Any) -> int:
    raise ZeroDivisionError("secret detail")


def test_what_waits_too_long_is_named_with_its_oldest_row():
    now = clock.now()
    order = a_placed_order(at=now - timedelta(hours=3))
    Purchase.objects.filter(pk=order.purchase_id).update(expires_at=now - timedelta(hours=2))
    LinkageEvent.objects.all().delete()
    LinkageEvent.objects.create(key="k", shard=0, kind=EventKind.JOIN, at=now, member_id=1)
    found = {one.label: one for one in health.waiting(at=now)}
    assert (found["过期未付的订单"].count, found["过期未付的订单"].is_late) == (1, True)
    assert found["过期未付的订单"].oldest_at == now - timedelta(hours=2)
    assert (found["待结算事件"].count, found["待结算事件"].is_late) == (1, False)
    assert found["规则试算"].count == 0
    page = as_(superuser()).get("/ops/health/")
    lights = {light["label"]: light for light in page.context["lights"]}
    assert lights["等待处理的行"]["words"] == "过期未付的订单"


def test_the_database_tells_its_size_its_backup_and_what_is_not_applied(settings, tmp_path):
    now = clock.device_now()
    found = health.database(now=now)
    assert found.bytes > 0
    assert found.unapplied == 0
    assert (found.backup_at, found.is_backup_late) == (None, True)
    stamp = tmp_path / "last-backup"
    settings.BACKUP_STAMP = str(stamp)
    assert health.database(now=now).is_backup_late
    stamp.touch()
    assert health.database(now=now).is_backup_late is False
    assert health.database(now=now + timedelta(days=2)).is_backup_late
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'insights'")
    assert health.database(now=now).unapplied >= 1


def test_a_queue_that_does_not_answer_is_said_so(settings):
    now = clock.device_now()
    assert health.queue(now=now).waiting == 0
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    found = health.queue(now=now)
    assert (found.waiting, found.workers, found.is_beat_late) == (None, [], True)
    answer = as_(superuser()).get("/ops/health/")
    assert {light["label"]: light["words"] for light in answer.context["lights"]}["队列和进程"] == "队列没有应答"


def test_beat_is_heard_where_it_rings_and_missed_when_it_stops(monkeypatch):
    now = clock.device_now()
    after_task_publish.send(sender="orders.tasks.expire_orders")
    assert health.queue(now=now).beat_at is None
    monkeypatch.setattr(listening, "_is_beat", False)
    beat_init.send(sender=None)
    after_task_publish.send(sender="orders.tasks.expire_orders")
    found = health.queue(now=clock.device_now())
    assert found.beat_at is not None
    assert found.beat_at >= now
    assert found.is_beat_late is False
    assert health.queue(now=now + timedelta(minutes=5)).is_beat_late


def test_only_those_who_may_see_the_page(django_assert_max_num_queries):
    assert as_(operator("客服", SERVICE)).get("/ops/health/").status_code == 403
    planner = as_(operator("规划", PLANS))
    with django_assert_max_num_queries(60):
        page = text(planner.get("/ops/health/"))
    assert "/ops/payouts/stop/" in page
    assert all(task in page for task in {entry["task"] for entry in current_app.conf.beat_schedule.values()})


def test_monitors_learn_yes_or_no_and_nothing_else(monkeypatch, django_assert_num_queries):
    client = Client()
    with django_assert_num_queries(0):
        answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    answer = client.get("/readyz")
    good = {"database": "ok", "cache": "ok", "migrations": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": good})
    assert "no-store" in answer["Cache-Control"]

    def broken() -> None:
        raise RuntimeError("host=10.0.0.7 password=x")

    monkeypatch.setitem(readiness(), "database", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "checks": good | {"database": "failed"}}
    assert "10.0.0.7" not in answer.content.decode()


def readiness() -> dict[str, Any]:
    from mall import health as monitors

    return monitors.CHECKS
