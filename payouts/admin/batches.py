"""Batches for a bank's or Alipay's own desk: made, downloaded by name, and booked from the file that comes back."""

import hashlib
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, operator, ops_site, posted, row_or_404, yuan_column
from mall.core.admin.columns import chip, moment, two_lines
from mall.core.money import yuan
from payouts.commands import (
    BatchRefused,
    approve_result_file,
    drop_result_file,
    make_batch,
    note_download,
    read_result_file,
)
from payouts.models import AccountKind, PayoutBatch, ResultFile, ResultState
from payouts.queries import batch_rows, batch_waits, result_report
from payouts.rules.results import BYTES_MAX

from .batch_file import CSV, TYPES, XLSX, batch_file

RELEASE = "payouts.release_withdrawal"
VIEW = "payouts.view_withdrawal"
TONES = {ResultState.READ: "warn", ResultState.APPROVED: "info", ResultState.DONE: "good", ResultState.DROPPED: ""}


class BatchForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("打到哪里"),
        choices=[(kind.value, kind.label) for kind in (AccountKind.BANK, AccountKind.ALIPAY)],
    )


class ResultForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("结果文件（CSV）"),
        help_text=gettext_lazy("第一行要有：商户单号、结果、流水号，可以有金额（元）、失败原因。最多 2,000 行。"),
        widget=UnfoldAdminFileFieldWidget,
        error_messages={"required": gettext_lazy("请选择文件")},
    )


class NothingToFill(forms.Form):
    pass


@admin.register(PayoutBatch, site=ops_site)
class PayoutBatchAdmin(ActingAdmin):
    """Batches, newest first."""

    list_display = ("numbered", "channel_name", "count", "total_yuan", "maker")
    list_display_links = ("numbered",)
    list_select_related = ("made_by",)
    search_fields = ("number__exact", "rows__withdrawal__number__exact")
    search_help_text = gettext_lazy("批次号、提现单号")
    change_list_template = "ops/written.html"
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    total_yuan = yuan_column("total_fen", gettext_lazy("合计"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        new = {}
        if request.user.has_perm(RELEASE):
            new = {"new_address": reverse("ops:payouts_payoutbatch_make"), "new_label": _("生成批次")}
        return super().changelist_view(request, {**new, **(extra_context or {})})

    @admin.display(description=gettext_lazy("批次号"))
    def numbered(self, batch: PayoutBatch) -> SafeString:
        return two_lines(batch.number, moment(batch.made_at))

    @admin.display(description=gettext_lazy("收款方式"))
    def channel_name(self, batch: PayoutBatch) -> str:
        return batch.get_channel_display()

    @admin.display(description=gettext_lazy("生成人"))
    def maker(self, batch: PayoutBatch) -> str:
        return str(batch.made_by)

    def get_urls(self) -> list[URLPattern]:
        name = "payouts_payoutbatch_"
        own = [
            path("make/", self._page(self.make), name=f"{name}make"),
            path("<int:object_id>/file/<str:form>/", self._page(self.download), name=f"{name}file"),
            path("<int:object_id>/results/", self._page(self.read_results), name=f"{name}results"),
            path("results/<int:file_id>/", self._page(self.report), name=f"{name}report"),
            path("results/<int:file_id>/approve/", self._page(self.approve), name=f"{name}approve"),
            path("results/<int:file_id>/drop/", self._page(self.drop), name=f"{name}drop"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, VIEW)
        batch = self._found(object_id)
        rows = batch_rows(batch=batch)
        context = {
            "original": batch,
            "batch": batch,
            "rows": rows,
            "is_own": any(row.withdrawal.member_id == request.user.pk for row in rows),
            "downloads": list(batch.downloads.select_related("by").order_by("-id")[:20]),
            "results": [
                {"file": file, "state": chip(file.get_state_display(), TONES[ResultState(file.state)])}
                for file in batch.results.select_related("read_by", "approved_by").order_by("-id")
            ],
            "may_release": request.user.has_perm(RELEASE),
        }
        return self.record_page(request, template="ops/payout_batch.html", title=batch.number, context=context)

    def make(self, request: HttpRequest) -> HttpResponseBase:
        self.require(request, RELEASE)
        made: list[PayoutBatch] = []

        def run(data: dict[str, Any]) -> str:
            batch = make_batch(channel=data["channel"], by=operator(request), at=clock.now())
            self.log_addition(request, batch, _("生成打款批次"))
            made.append(batch)
            return _("批次 %(number)s 已生成：%(count)d 笔，合计 %(total)s。") % {
                "number": batch.number,
                "count": batch.count,
                "total": yuan(batch.total_fen),
            }

        page = reverse("ops:payouts_payoutbatch_changelist")
        waits = [
            (AccountKind(kind).label, _("%(count)d 笔，合计 %(total)s") % {"count": count, "total": yuan(total)})
            for kind, (count, total) in batch_waits(but_of=request.user.pk or 0).items()
        ]
        answer = act_page(
            request,
            site=self.admin_site,
            title=_("生成打款批次"),
            form=BatchForm(posted(request)),
            run=run,
            refusals=(BatchRefused,),
            done=page,
            back=page,
            facts=waits or [(_("等着打款的"), _("没有"))],
            button=_("生成批次"),
            warning=_("把已经两人审核、等着打款的提现放进一个批次。一笔提现只会进一个批次，重复点也不会生成第二份。"),
            context={"opts": self.opts},
        )
        if made:
            return HttpResponseRedirect(reverse("ops:payouts_payoutbatch_change", args=[made[0].pk]))
        return answer

    def download(self, request: HttpRequest, object_id: int, form: str) -> HttpResponseBase:
        """Give the file, with whole account numbers, to somebody who is written down."""
        self.require(request, RELEASE)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = self._found(object_id)
        if form not in (CSV, XLSX):
            raise Http404
        try:
            note_download(batch=batch, form=form, by=operator(request), at=clock.now())
        except BatchRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("ops:payouts_payoutbatch_change", args=[batch.pk]))
        self.log_change(request, batch, _("下载打款文件 %s") % form.upper())
        content = batch_file(batch=batch, form=form)
        answer = HttpResponse(content, content_type=TYPES[form])
        answer["Content-Disposition"] = f'attachment; filename="{batch.number}.{form}"'
        answer["X-Content-SHA256"] = hashlib.sha256(content).hexdigest()
        return answer

    def read_results(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Read a file in; nothing is booked."""
        self.require(request, RELEASE)
        batch = self._found(object_id)
        form = ResultForm(posted(request), request.FILES if request.method == "POST" else None)
        record = reverse("ops:payouts_payoutbatch_change", args=[batch.pk])
        read: list[ResultFile] = []

        def run(data: dict[str, Any]) -> str:
            if data["file"].size > BYTES_MAX:
                raise BatchRefused(_("文件太大，最多 1 MB"))
            file = read_result_file(
                batch=batch, content=data["file"].read(BYTES_MAX + 1), by=operator(request), at=clock.now()
            )
            read.append(file)
            return _("已读入，还没有入账。请核对每一行，再由另一位同事复核。")

        answer = act_page(
            request,
            site=self.admin_site,
            title=_("导入打款结果"),
            form=form,
            run=run,
            refusals=(BatchRefused,),
            done=record,
            back=record,
            facts=[
                (_("批次号"), batch.number),
                (_("笔数"), batch.count),
                (_("合计"), yuan(batch.total_fen)),
            ],
            button=_("读入，先看报告"),
            warning=_("先只读入、逐行检查，不入账。同一份文件读多少次都是同一份。"),
            context={"opts": self.opts, "original": batch},
        )
        if read:
            return HttpResponseRedirect(reverse("ops:payouts_payoutbatch_report", args=[read[0].pk]))
        return answer

    def report(self, request: HttpRequest, file_id: int) -> HttpResponseBase:
        """What would be booked, row by row, or was."""
        self.require(request, VIEW)
        file = self._file(file_id)
        context = {
            "original": file.batch,
            "file": file,
            "state": chip(file.get_state_display(), TONES[ResultState(file.state)]),
            "report": result_report(file=file),
            "may_release": request.user.has_perm(RELEASE),
            "is_reader": file.read_by_id == request.user.pk,
        }
        title = _("%s 的打款结果") % file.batch.number
        return self.record_page(request, template="ops/payout_results.html", title=title, context=context)

    def approve(self, request: HttpRequest, file_id: int) -> HttpResponseBase:
        self.require(request, RELEASE)
        file = self._file(file_id)
        report = result_report(file=file)

        def run(_data: dict[str, Any]) -> str:
            approve_result_file(file=file, by=operator(request), at=clock.now())
            return _("已复核，正在入账，稍后刷新看结果。")

        return self._decide(
            request,
            file,
            run,
            _("复核入账"),
            _("入账：成功 %(paid)d 笔 %(total)s，失败 %(failed)d 笔")
            % {"paid": report.paid, "total": yuan(report.paid_fen), "failed": report.failed},
            _("成功的记为已完成，失败的驳回、金额退回会员。入账后不能撤回。"),
        )

    def drop(self, request: HttpRequest, file_id: int) -> HttpResponseBase:
        self.require(request, RELEASE)
        file = self._file(file_id)

        def run(_data: dict[str, Any]) -> str:
            drop_result_file(file=file, by=operator(request))
            return _("这份结果已作废，没有入账。")

        return self._decide(request, file, run, _("作废这份结果"), _("作废"), "")

    def _decide(
        self, request: HttpRequest, file: ResultFile, run: Any, title: str, button: str, warning: str
    ) -> HttpResponseBase:
        record = reverse("ops:payouts_payoutbatch_report", args=[file.pk])
        report = result_report(file=file)
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(BatchRefused,),
            done=record,
            back=record,
            facts=[
                (_("批次号"), file.batch.number),
                (_("导入人"), f"{file.read_by}，{moment(file.read_at)}"),
                (_("成功"), _("%(count)d 笔，%(total)s") % {"count": report.paid, "total": yuan(report.paid_fen)}),
                (_("失败"), _("%d 笔") % report.failed),
                (_("不入账"), _("%d 行") % report.hindered),
            ],
            button=button,
            warning=warning,
            context={"opts": self.opts, "original": file},
        )

    def _found(self, object_id: Any) -> PayoutBatch:
        return row_or_404(PayoutBatch.objects.select_related("made_by"), object_id)

    def _file(self, file_id: int) -> ResultFile:
        people = ("batch", "read_by", "approved_by")
        found = ResultFile.objects.select_related(*people).filter(pk=file_id).first() if file_id < 2**62 else None
        if found is None:
            raise Http404
        return found
