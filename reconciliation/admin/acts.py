"""What can be done to a day and to its items: each on a page of its own, with the words of who does it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.columns import chip, moment
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from orders.commands import ask_provider, send_refund
from reconciliation import commands
from reconciliation.commands import APPROVE, CHECK, ReconciliationRefused
from reconciliation.models import Day, How, Item
from reconciliation.queries import day_of, item_by_id
from reconciliation.rules import Cause, Part

from . import words
from .page import parsed_day

ADDRESS = "reconciliation/"


class WordsForm(forms.Form):
    """Why somebody asks for this; the other one reads it."""

    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=200,
        help_text=gettext_lazy("复核的同事会看到，永久保存。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写说明")},
    )


class SettleForm(forms.Form):
    """How a difference was settled."""

    how = forms.ChoiceField(
        label=gettext_lazy("怎么处理的"),
        choices=How,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择处理方式")},
    )
    note = forms.CharField(
        label=gettext_lazy("经过"),
        max_length=200,
        help_text=gettext_lazy("写清楚查了什么、结果怎样、凭据在哪里。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请把经过写清楚，至少 4 个字")},
    )


class NothingToFill(forms.Form):
    pass


@ops_site.page(f"{ADDRESS}<str:day>/check/", name="reconciliation_check", permission=CHECK)
def check(request: HttpRequest, day: str) -> HttpResponseBase:
    """Have a day checked anew, in the background."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now = clock.now()
    chosen = parsed_day(day, now.astimezone(SHANGHAI).date())
    try:
        commands.ask_check(day=chosen, by=operator(request), at=now)
        messages.success(request, _("开始核对，完成后这一页会更新。"))
    except ReconciliationRefused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_page_of(chosen.isoformat()))


@ops_site.page(f"{ADDRESS}<str:day>/close/", name="reconciliation_close", permission=CHECK)
def close(request: HttpRequest, day: str) -> HttpResponseBase:
    found = _day(day)

    def run(data: dict[str, Any]) -> str:
        commands.ask_to_close(day=found.date, words=data["words"], by=operator(request), at=clock.now())
        return _("已申请关账，请另一位同事复核。")

    warning = _(
        "复核之后这一天锁定：数字和未平项都不能再改。以后发现的差错记在下一个没关账的日子里；要改这一天，须两人重开。"
    )
    return _act_on_day(request, found, WordsForm(posted(request)), run, _("申请关账"), _("提交，等复核"), warning)


@ops_site.page(f"{ADDRESS}<str:day>/close/confirm/", name="reconciliation_close_confirm", permission=APPROVE)
def confirm_close(request: HttpRequest, day: str) -> HttpResponseBase:
    found = _day(day)

    def run(_data: dict[str, Any]) -> str:
        commands.close_day(day=found.date, by=operator(request), at=clock.now())
        return _("%s 已关账。") % found.date.isoformat()

    warning = _("关账之后这一天锁定，数字和未平项都不能再改。")
    return _act_on_day(request, found, NothingToFill(posted(request)), run, _("复核关账"), _("复核通过，关账"), warning)


@ops_site.page(f"{ADDRESS}<str:day>/reopen/", name="reconciliation_reopen", permission=CHECK)
def reopen(request: HttpRequest, day: str) -> HttpResponseBase:
    found = _day(day)

    def run(data: dict[str, Any]) -> str:
        commands.ask_to_reopen(day=found.date, words=data["words"], by=operator(request), at=clock.now())
        return _("已申请重开，请另一位同事复核。")

    warning = _("只有这一天自己的数字要改才需要重开。以后发现的差错会自动记在没关账的日子里，不用重开。")
    return _act_on_day(request, found, WordsForm(posted(request)), run, _("申请重开"), _("提交，等复核"), warning, True)


@ops_site.page(f"{ADDRESS}<str:day>/reopen/confirm/", name="reconciliation_reopen_confirm", permission=APPROVE)
def confirm_reopen(request: HttpRequest, day: str) -> HttpResponseBase:
    found = _day(day)

    def run(_data: dict[str, Any]) -> str:
        commands.reopen_day(day=found.date, by=operator(request), at=clock.now())
        return _("%s 已重开，请重新核对。") % found.date.isoformat()

    form = NothingToFill(posted(request))
    return _act_on_day(request, found, form, run, _("复核重开"), _("复核通过，重开"), "", True)


@ops_site.page(f"{ADDRESS}<str:day>/refuse/", name="reconciliation_refuse", permission=CHECK)
def refuse(request: HttpRequest, day: str) -> HttpResponseBase:
    found = _day(day)

    def run(data: dict[str, Any]) -> str:
        commands.refuse_request(day=found.date, words=data["words"], by=operator(request), at=clock.now())
        return _("申请已退回。")

    return _act_on_day(request, found, WordsForm(posted(request)), run, _("退回申请"), _("退回"), "", True)


@ops_site.page(f"{ADDRESS}item/<int:item_id>/settle/", name="reconciliation_settle", permission=CHECK)
def settle(request: HttpRequest, item_id: int) -> HttpResponseBase:
    item = _item(item_id)

    def run(data: dict[str, Any]) -> str:
        commands.propose_item(item_id=item.pk, how=data["how"], note=data["note"], by=operator(request), at=clock.now())
        return _("已提交，请另一位同事复核。")

    warning = _("这里只写下怎么处理的，不会动钱：退款、补记、打款请先在各自的页面做完。")
    return _act_on_item(request, item, SettleForm(posted(request)), run, _("处理这一笔"), _("提交，等复核"), warning)


@ops_site.page(f"{ADDRESS}item/<int:item_id>/confirm/", name="reconciliation_confirm", permission=APPROVE)
def confirm(request: HttpRequest, item_id: int) -> HttpResponseBase:
    item = _item(item_id)

    def run(_data: dict[str, Any]) -> str:
        commands.confirm_item(item_id=item.pk, by=operator(request), at=clock.now())
        return _("已复核，这一笔了结。")

    return _act_on_item(request, item, NothingToFill(posted(request)), run, _("复核这一笔"), _("复核通过"), "")


@ops_site.page(f"{ADDRESS}item/<int:item_id>/return/", name="reconciliation_return", permission=CHECK)
def send_back(request: HttpRequest, item_id: int) -> HttpResponseBase:
    item = _item(item_id)

    def run(_data: dict[str, Any]) -> str:
        commands.return_item(item_id=item.pk, by=operator(request))
        return _("已退回，这一笔重新变为未平。")

    return _act_on_item(request, item, NothingToFill(posted(request)), run, _("退回处理"), _("退回"), "")


@ops_site.page(f"{ADDRESS}item/<int:item_id>/ask/", name="reconciliation_ask", permission=CHECK)
def ask(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Have the provider asked about a payment or refund that it says it has: what it answers is taken in as usual."""
    item = _item(item_id)
    if item.cause != Cause.LATE_NOTICE:
        raise Http404

    def run(_data: dict[str, Any]) -> str:
        if item.part == Part.PAYMENT:
            ask_provider(payment_number=item.number, at=clock.now())
        else:
            send_refund(number=item.number, at=clock.now())
        return _("已向渠道查询，渠道的答复已按正常规则处理。重新核对看结果。")

    warning = _("渠道说已收款，就照常补记：订单还等着付款的变为已付款，已关闭的自动原路退回。不会重复入账。")
    return _act_on_item(request, item, NothingToFill(posted(request)), run, _("向渠道再查一次"), _("查询"), warning)


def _act_on_day(
    request: HttpRequest,
    day: Day,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    title: str,
    button: str,
    warning: str,
    dangerous: bool = False,
) -> HttpResponseBase:
    page = _page_of(day.date.isoformat())
    asked = f"{day.asked_by}，{moment(day.asked_at)}" if day.asked_by else _("还没有")
    facts = [
        (_("日期"), day.date.isoformat()),
        (_("当前状态"), day.get_state_display()),
        (_("核对时间"), moment(day.checked_at)),
        (_("申请"), asked),
        *([(_("说明"), day.words)] if day.words else []),
    ]
    return act_page(
        request,
        site=ops_site,
        title=title,
        form=form,
        run=run,
        refusals=(ReconciliationRefused,),
        done=page,
        back=page,
        facts=facts,
        button=button,
        warning=warning,
        dangerous=dangerous,
        context={"original": day},
    )


def _act_on_item(
    request: HttpRequest,
    item: Item,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    title: str,
    button: str,
    warning: str,
) -> HttpResponseBase:
    page = f"{_page_of(item.day.date.isoformat())}&item={item.pk}"
    facts = [
        (_("单号"), item.title or item.number or "—"),
        (_("类别"), words.part_name(item.part, item.provider)),
        (_("可能的原因"), chip(words.CAUSES[Cause(item.cause)], "warn")),
        (_("业务单据"), _fen(item.document_fen)),
        (_("渠道"), _fen(item.channel_fen)),
        (_("账本"), _fen(item.ledger_fen)),
        *([(_("处理方式"), item.get_how_display()), (_("经过"), item.note)] if item.how else []),
        *([(_("处理人"), f"{item.proposed_by}，{moment(item.proposed_at)}")] if item.proposed_by else []),
    ]
    return act_page(
        request,
        site=ops_site,
        title=title,
        form=form,
        run=run,
        refusals=(ReconciliationRefused,),
        done=page,
        back=page,
        facts=facts,
        button=button,
        warning=warning,
        context={"original": item},
    )


def _fen(amount_fen: int | None) -> str:
    return "—" if amount_fen is None else yuan(amount_fen)


def _page_of(day: str) -> str:
    return f"{reverse('ops:reconciliation')}?day={day}"


def _day(text: str) -> Day:
    found = day_of(day=parsed_day(text, clock.now().astimezone(SHANGHAI).date()))
    if found is None:
        raise Http404
    return found


def _item(item_id: int) -> Item:
    found = item_by_id(item_id=item_id) if item_id < 2**62 else None
    if found is None:
        raise Http404
    return found
