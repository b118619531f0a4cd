"""Settings and health: what is set, what answers, what runs and what waits. Nothing can be changed here."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import linkage.queries
import orders.queries
from insights.queries import health
from insights.queries.providers import Provider, providers
from mall.core import clock
from mall.core.admin import ops_site
from mall.core.admin.columns import age, moment
from payouts.queries import standing_stop

SEE = "insights.see_health"
STATES = {
    health.OK: ("good", gettext_lazy("正常")),
    health.FAILING: ("bad", gettext_lazy("出错")),
    health.LATE: ("bad", gettext_lazy("超时没跑")),
    health.NEVER: ("", gettext_lazy("还没有跑过")),
}
CERTIFICATE_DAYS = 30


@ops_site.page("health/", name="health", permission=SEE)
def page(request: HttpRequest) -> HttpResponseBase:
    """Show how the machinery stands."""
    at, now = clock.now(), clock.device_now()
    jobs, queue, database = health.jobs(now=now), health.queue(now=now), health.database(now=now)
    waiting = health.waiting(at=at)
    shown = [_provider(one, now) for one in providers()]
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("设置与健康"),
        "lights": _lights(jobs, queue, database, waiting, shown),
        "providers": shown,
        "jobs": [_job(job, now) for job in jobs],
        "waiting": [_waiting(one, at) for one in waiting],
        "queue": _queue(queue, now),
        "database": _database(database, now),
        "profile": _profile(request, at),
    }
    return TemplateResponse(request, "ops/health.html", context)


def _lights(jobs: Any, queue: Any, database: Any, waiting: Any, shown: Any) -> list[dict[str, str]]:
    """Return what one glance should tell: a light for each part, with what is wrong of it."""
    wrong = [job for job in jobs if job.state in (health.FAILING, health.LATE)]
    late = [one.label for one in waiting if one.is_late]
    lacking = [one["label"] for one in shown if one["tone"] == "bad"]
    return [
        _light(_("渠道"), "、".join(lacking), _("在用的渠道都正常")),
        _light(_("队列和进程"), _queue_wrong(queue), _("%d 个工作进程在线") % len(queue.workers)),
        _light(_("定时任务"), _("%d 个任务出错或超时") % len(wrong) if wrong else "", _("都按时跑完")),
        _light(_("等待处理的行"), "、".join(late), _("没有积压")),
        _light(_("数据库"), _database_wrong(database), _("迁移齐全，备份在期")),
    ]


def _light(label: str, wrong: str, fine: str) -> dict[str, str]:
    tone, icon = ("bad", "error") if wrong else ("good", "check")
    return {"label": label, "words": wrong or fine, "tone": tone, "icon": icon}


def _queue_wrong(queue: health.Queue) -> str:
    if queue.waiting is None:
        return _("队列没有应答")
    if not queue.workers:
        return _("没有工作进程应答")
    return _("定时器没有动静") if queue.is_beat_late else ""


def _database_wrong(database: health.Database) -> str:
    if database.unapplied:
        return _("%d 个迁移没有执行") % database.unapplied
    if database.archive_failed_at:
        return _("日志归档失败")
    return _("备份过期或没有记录") if database.is_backup_late else ""


def _provider(one: Provider, now: datetime) -> dict[str, Any]:
    silent = one.heard is not None and one.heard.is_silent
    expiring = one.certificate_until is not None and (one.certificate_until - now).days < CERTIFICATE_DAYS
    if not one.is_used:
        tone, state = "", _("未启用")
    elif one.missing:
        tone, state = "bad", _("缺配置")
    elif silent:
        tone, state = "bad", _("没有应答")
    elif expiring:
        tone, state = "bad", _("证书快到期")
    else:
        tone, state = "good", _("已配置")
    heard = one.heard
    return {
        "label": one.label,
        "tone": tone,
        "state": state,
        "names": [(name, name not in one.missing) for name in one.names],
        "answered": age(heard.answered_at, now) if heard and heard.answered_at else "—",
        "failed": f"{age(heard.failed_at, now)} · {heard.failure}" if heard and heard.failed_at else "—",
        "certificate": moment(one.certificate_until) if one.certificate_until else "—",
    }


def _job(job: health.Job, now: datetime) -> dict[str, Any]:
    run = job.run
    tone, state = STATES[job.state]
    return {
        "task": job.task,
        "app": _app(job.task),
        "every": _every(int(job.every.total_seconds())),
        "tone": tone,
        "state": state,
        "ended": age(run.ended_at, now) if run else "—",
        "took": _took(run.milliseconds) if run else "—",
        "failed": f"{age(run.failed_at, now)} · {run.failure}" if run and run.failed_at else "—",
    }


def _app(task: str) -> str:
    """Return what people call the app that a task belongs to."""
    app = task.partition(".")[0]
    return _("商城") if app == "mall" else str(apps.get_app_config(app).verbose_name)


def _waiting(one: health.Waiting, at: datetime) -> dict[str, Any]:
    return {
        "label": one.label,
        "count": f"{one.count}+" if one.count >= health.COUNTED_MAX else str(one.count),
        "oldest": age(one.oldest_at, at) if one.oldest_at else "—",
        "patience": _every(int(one.patience.total_seconds())),
        "tone": "bad" if one.is_late else "info" if one.count else "good",
        "state": _("积压") if one.is_late else _("处理中") if one.count else _("没有"),
    }


def _queue(queue: health.Queue, now: datetime) -> list[tuple[str, str]]:
    unknown = _("没有应答")
    return [
        (_("排队的消息"), unknown if queue.waiting is None else f"{queue.waiting:,}"),
        (_("正在处理的消息"), unknown if queue.at_work is None else f"{queue.at_work:,}"),
        (_("工作进程"), "、".join(queue.workers) or unknown),
        (_("定时器最近一次"), age(queue.beat_at, now) if queue.beat_at else _("没有记录")),
    ]


def _database(database: health.Database, now: datetime) -> list[tuple[str, str]]:
    if not settings.BACKUP_STAMP:
        backup = _("没有设置备份标记（BACKUP_STAMP）")
    else:
        backup = age(database.backup_at, now) if database.backup_at else _("没有找到备份标记")
    failed = f"，{_('最近失败')} {age(database.archive_failed_at, now)}" if database.archive_failed_at else ""
    archived = age(database.archived_at, now) if database.archived_at else _("没有归档")
    return [
        (_("版本"), f"PostgreSQL {database.version}"),
        (_("大小"), f"{database.bytes / 1024**2:,.0f} MB"),
        (_("连接"), f"{database.connections} / {database.connections_max}"),
        (_("副本"), _("这是只读副本") if database.is_replica else _("%d 个在线") % database.replicas),
        (_("日志归档"), f"{archived}{failed}"),
        (_("最近备份"), backup),
        (_("迁移"), _("%d 个没有执行") % database.unapplied if database.unapplied else _("全部已执行")),
    ]


def _profile(request: HttpRequest, at: datetime) -> list[dict[str, str]]:
    """Return how the mall is set, each with the page that changes it, for those who may open that."""
    version, stop = linkage.queries.version_in_force(at=at), standing_stop()
    names = orders.queries.provider_names()
    plan = _("没有方案") if version is None else f"v{version.version}" if version.params else _("已关闭")
    rows = [
        (_("2+1 奖励"), plan, "linkage_planversion_changelist", "linkage.view_planversion"),
        (_("打款总开关"), _("暂停中") if stop else _("正常打款"), "payouts_stop", "payouts.view_withdrawal"),
        (_("支付方式"), "、".join(names.get(name, name) for name in settings.PAYMENT_PROVIDERS), "", ""),
        (_("零钱打款"), _on(settings.PAYOUT_WECHAT), "", ""),
        (_("物流查询"), _on(bool(settings.CARRIER_GATEWAY)), "", ""),
        (_("演示模式"), _on(settings.DEMO), "", ""),
        (_("维护页"), _on(bool(settings.MAINTENANCE_MINUTES)), "", ""),
    ]
    return [
        {
            "label": label,
            "value": value,
            "address": reverse(f"ops:{name}") if name and request.user.has_perm(right) else "",
        }
        for label, value, name, right in rows
    ]


def _on(value: bool) -> str:
    return _("开") if value else _("关")


def _every(seconds: int) -> str:
    if seconds < 60:
        return _("%d 秒") % seconds
    if seconds < 3_600:
        return _("%d 分钟") % (seconds // 60)
    return _("%d 小时") % (seconds // 3_600) if seconds < 86_400 else _("%d 天") % (seconds // 86_400)


def _took(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < 1_000 else f"{milliseconds // 1_000}.{milliseconds % 1_000 // 100} s"
