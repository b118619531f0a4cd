"""A supplier's interface at `/supplier/`: its owner makes keys, sets the webhook and sees what came of it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

import suppliers.queries
from integration import commands, queries, rules
from integration.commands import IntegrationRefused
from integration.models import ApiKey, DeliveryState, EventKind, Scope, Webhook
from mall.core import clock, stepping
from mall.core.admin import ActingAdmin, Tab, act_page, posted, supplier_site
from mall.core.admin.columns import moment
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from suppliers.models import Supplier

from .forms import KeyForm, NothingToFill, WebhookForm
from .reference import reference

DELIVERIES_PER_PAGE = 30
ACTS_SHOWN = 30
TONES = {"waiting": "warn", "delivered": "good", "stopped": "bad"}


@admin.register(ApiKey, site=supplier_site)
class InterfaceDesk(OwnReadOnlyAdmin, ActingAdmin):
    """Keys, webhook and trail on one page; deliveries and the reference on their own."""

    list_display = ("__str__",)
    ordering: ClassVar[tuple[str, ...]] = ("id",)

    def get_urls(self) -> list[URLPattern]:
        name = "integration_apikey"
        own = [
            path(f"{act}/", self._page(getattr(self, act)), name=f"{name}_{act}")
            for act in ("new", "webhook", "rotate", "off", "ping", "deliveries", "reference")
        ]
        own += [
            path("deliveries/<int:delivery_id>/", self._page(self.redeliver), name=f"{name}_redeliver"),
            path("<int:object_id>/revoke/", self._page(self.revoke), name=f"{name}_revoke"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        supplier, now = self._supplier(request), clock.now()
        webhook = queries.webhook_of(supplier=supplier)
        context = {
            "heading": _("接口"),
            "keys": [(key, *_standing(key, now), _scopes(key)) for key in queries.keys_of(supplier=supplier)],
            "webhook": webhook,
            "events": [EventKind(event).label for event in webhook.events] if webhook else [],
            "stopped": queries.stopped_count(supplier=supplier),
            "stopped_value": DeliveryState.STOPPED.value,
            "acts": queries.acts_of(supplier=supplier)[:ACTS_SHOWN],
            "address": request.build_absolute_uri(reverse("supplier-api:openapi")).removesuffix("openapi.json"),
            "now": now,
        }
        return self.record_page(request, template="supplier/api.html", title=_("接口"), context=context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A key has no page of its own: its acts stand in the list."""
        self.own_row(request, object_id)
        return self.changelist_view(request)

    @sensitive_variables("made")
    def new(self, request: HttpRequest) -> HttpResponseBase:
        """Make a key and show it, once."""
        made: list[str] = []

        def run(given: dict[str, Any]) -> str:
            found = commands.make_key(supplier=self._supplier(request), by=request.user, at=clock.now(), **given)
            made.append(found.text)
            return _("密钥已创建")

        form = KeyForm(posted(request), initial={"days": 180})
        title = _("创建密钥")
        return self._confirmed(request, lambda: self._told_once(request, form, run, made, title, _("创建")))

    def revoke(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Close a key. That is never put off by a question of who asks."""
        key = queries.key_of(supplier=self._supplier(request), key_id=object_id)
        if key is None:
            raise Http404

        def run(_given: dict[str, Any]) -> str:
            commands.revoke_key(key=key, by=request.user, at=clock.now())
            return _("密钥已停用，用它的系统马上连不上")

        facts = [(_("名称"), key.name), (_("密钥"), f"{key.prefix}…"), (_("最近使用"), moment(key.last_used_at))]
        return self._act(
            request,
            NothingToFill(posted(request)),
            run,
            title=_("停用密钥"),
            button=_("停用"),
            facts=facts,
            dangerous=True,
        )

    def webhook(self, request: HttpRequest) -> HttpResponseBase:
        """Say where to push and what; the first time the secret is shown, once."""
        supplier = self._supplier(request)
        before, told = queries.webhook_of(supplier=supplier), list[str]()

        def run(given: dict[str, Any]) -> str:
            _webhook, secret = commands.set_webhook(supplier=supplier, by=request.user, at=clock.now(), **given)
            if secret:
                told.append(secret)
            return _("推送地址已保存，发一条测试消息试试")

        initial = {"url": before.url, "events": before.events} if before else {"events": list(rules.EVENTS)}
        form = WebhookForm(posted(request), initial=initial)
        title = _("设置推送")
        return self._confirmed(request, lambda: self._told_once(request, form, run, told, title, _("保存")))

    def rotate(self, request: HttpRequest) -> HttpResponseBase:
        """Change the secret and show the new one, once."""
        webhook, told = self._webhook(request), list[str]()

        def run(_given: dict[str, Any]) -> str:
            told.append(commands.rotate_secret(webhook=webhook, by=request.user, at=clock.now()))
            return _("签名密钥已更换，旧的再用 24 小时")

        form = NothingToFill(posted(request))
        warning = _("新旧密钥会同时签名 24 小时，请在这之前让接收方换好。")
        title = _("更换签名密钥")
        return self._confirmed(
            request, lambda: self._told_once(request, form, run, told, title, _("更换"), warning=warning)
        )

    def off(self, request: HttpRequest) -> HttpResponseBase:
        """Push no more."""
        webhook = self._webhook(request)

        def run(_given: dict[str, Any]) -> str:
            commands.switch_off(webhook=webhook, by=request.user, at=clock.now())
            return _("推送已关闭")

        warning = _("关闭后发生的事不会补推；还没送达的先留着，三天内重新启用会接着推。")
        form = NothingToFill(posted(request))
        facts = [(_("推送地址"), webhook.url)]
        return self._act(
            request, form, run, title=_("关闭推送"), button=_("关闭"), facts=facts, warning=warning, dangerous=True
        )

    def ping(self, request: HttpRequest) -> HttpResponseBase:
        """Have a test message sent."""
        webhook = self._webhook(request)

        def run(_given: dict[str, Any]) -> str:
            commands.send_ping(webhook=webhook, by=request.user, at=clock.now())
            return _("测试消息已发出，稍等刷新看结果")

        form = NothingToFill(posted(request))
        facts = [(_("推送地址"), webhook.url)]
        done = reverse("supplier:integration_apikey_deliveries")
        return self._act(request, form, run, title=_("发送测试消息"), button=_("发送"), facts=facts, done=done)

    def deliveries(self, request: HttpRequest) -> HttpResponse:
        """What was pushed, with every try."""
        supplier, state = self._supplier(request), request.GET.get("state", "")
        found = queries.deliveries_of(supplier=supplier, state=state)
        context = {
            "heading": _("推送记录"),
            "page": Paginator(found, DELIVERIES_PER_PAGE).get_page(request.GET.get("page")),
            "tones": TONES,
            "ops_tabs": [Tab("", _("全部")), *(Tab(one.value, one.label) for one in DeliveryState)],
            "ops_tab": state,
            "ops_tab_parameter": "state",
            "waiting": DeliveryState.WAITING.value,
        }
        return self.record_page(request, template="supplier/api_deliveries.html", title=_("推送记录"), context=context)

    def redeliver(self, request: HttpRequest, delivery_id: int) -> HttpResponseBase:
        """Begin anew with a delivery."""
        delivery = queries.delivery_of(supplier=self._supplier(request), delivery_id=delivery_id)
        if delivery is None:
            raise Http404

        def run(_given: dict[str, Any]) -> str:
            commands.redeliver(delivery=delivery, by=request.user, at=clock.now())
            return _("已重新推送，消息编号不变")

        facts = [(_("消息编号"), delivery.message_id), (_("单号"), delivery.subject)]
        done = reverse("supplier:integration_apikey_deliveries")
        form = NothingToFill(posted(request))
        return self._act(request, form, run, title=_("重新推送"), button=_("重新推送"), facts=facts, done=done)

    def reference(self, request: HttpRequest) -> HttpResponse:
        """How the interface is spoken to, made from the same document as openapi.json."""
        base = request.build_absolute_uri(reverse("supplier-api:openapi")).removesuffix("openapi.json")
        context = {"heading": _("接口说明"), **reference(base=base)}
        return self.record_page(request, template="supplier/api_reference.html", title=_("接口说明"), context=context)

    def _supplier(self, request: HttpRequest) -> Supplier:
        found = suppliers.queries.supplier_of(member=request.user)
        if found is None:
            raise Http404
        return found

    def _webhook(self, request: HttpRequest) -> Webhook:
        found = queries.webhook_of(supplier=self._supplier(request))
        if found is None:
            raise Http404
        return found

    def _confirmed(self, request: HttpRequest, page: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Show a page to who has just confirmed who it is, as before other things that open doors."""
        if stepping.is_confirmed(request, at=clock.now()):
            return page()
        return stepping.to_confirm(request.path)

    def _told_once(
        self,
        request: HttpRequest,
        form: forms.Form,
        run: Callable[[dict[str, Any]], str],
        told: list[str],
        title: str,
        button: str,
        *,
        warning: str = "",
    ) -> HttpResponseBase:
        """Do the act; where it makes a secret, show it in the answer itself, which nobody keeps."""
        answer = self._act(request, form, run, title=title, button=button, warning=warning)
        if not told:
            return answer
        return self.record_page(
            request,
            template="supplier/api_secret.html",
            title=title,
            context={"heading": title, "secret": told[0], "is_key": not told[0].startswith(rules.SECRET_PREFIX)},
        )

    def _act(
        self, request: HttpRequest, form: forms.Form, run: Callable[[dict[str, Any]], str], done: str = "", **words: Any
    ) -> HttpResponseBase:
        back = reverse("supplier:integration_apikey_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(IntegrationRefused,),
            done=done or back,
            back=done or back,
            context={"opts": self.opts},
            **words,
        )


def _standing(key: ApiKey, now: Any) -> tuple[str, str]:
    """Return in a word whether a key opens anything, with its tone."""
    if key.revoked_at is not None:
        return _("已停用"), ""
    return (_("已过期"), "bad") if key.expires_at <= now else (_("可用"), "good")


def _scopes(key: ApiKey) -> list[Any]:
    return [Scope(scope).label for scope in key.scopes]
