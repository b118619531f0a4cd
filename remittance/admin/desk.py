"""A supplier's statements at `/supplier/`: read to the last line, confirmed, disputed, invoiced, exported."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import Tab, TabbedAdmin, act_page, moment_column, posted, supplier_site, yuan_column
from mall.core.admin.acting import ActingAdmin
from mall.core.admin.columns import chip, moment, two_lines
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.money import percent, yuan
from mall.core.photos import kept_photos, private_photo
from mall.core.seats import may
from remittance import commands, queries
from remittance.commands import RemittanceRefused
from remittance.models import Statement, StatementInvoice, StatementState
from suppliers.queries import supplier_of

from .exports import STATEMENT_COLUMNS
from .forms import AccountForm, DisputeForm, InvoiceForm, NothingToFill

TONES = {"open": "warn", "confirmed": "info", "approved": "info", "paid": "good", "carried": ""}
LINES_PER_PAGE = 50
FOLDER = "supplier-invoices"


def period_words(statement: Statement) -> str:
    """`2026-11-01 至 2026-11-30`."""
    return _("%(first)s 至 %(last)s") % {
        "first": statement.start_date.isoformat(),
        "last": (statement.end_date - timedelta(days=1)).isoformat(),
    }


def statement_context(statement: Statement, request: HttpRequest) -> dict[str, Any]:
    """Return what both sites show of a statement."""
    page = Paginator(queries.lines_of(statement=statement), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "original": statement,
        "statement": statement,
        "period": period_words(statement),
        "state": chip(statement.get_state_display(), TONES[statement.state]),
        "sums": [(label, yuan(fen), fen < 0) for label, fen in queries.sums_of(statement=statement)],
        "gross": yuan(statement.gross_fen),
        "fee": percent(statement.fee_bps),
        "share": percent(statement.commission_bps),
        "page": page,
        "invoices": statement.invoices.order_by("id"),
    }


@admin.register(Statement, site=supplier_site)
class StatementDesk(OwnKeptList, OwnReadOnlyAdmin, TabbedAdmin, ActingAdmin):
    """Statements, newest first."""

    period_field = "closed_at"
    export_columns = STATEMENT_COLUMNS
    list_display = ("number_and_period", "lines", "supply_yuan", "refund_yuan", "borne", "payable_yuan", "state_chip")
    list_filter = ("state",)
    search_fields = ("number__exact",)
    search_help_text = gettext_lazy("对账单号")
    ordering: ClassVar[tuple[str, ...]] = ("-start_date", "-pk")
    list_before_template = "supplier/statements_top.html"

    supply_yuan = yuan_column("supply_fen", gettext_lazy("供货款"))
    refund_yuan = yuan_column("refund_fen", gettext_lazy("退款"))
    payable_yuan = yuan_column("payable_fen", gettext_lazy("应付"))
    closed = moment_column("closed_at", gettext_lazy("出账时间"))

    @admin.display(description=gettext_lazy("账期"))
    def number_and_period(self, statement: Statement) -> SafeString:
        return two_lines(period_words(statement), statement.number)

    @admin.display(description=gettext_lazy("笔数"))
    def lines(self, statement: Statement) -> int:
        return statement.line_count

    @admin.display(description=gettext_lazy("服务费和佣金"))
    def borne(self, statement: Statement) -> str:
        return yuan(statement.fee_fen + statement.commission_fen)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, statement: Statement) -> SafeString:
        return chip(statement.get_state_display(), TONES[statement.state])

    def tabs(self, request: HttpRequest) -> list[Tab]:
        supplier = self._supplier(request)
        counts = queries.statement_counts(supplier=supplier) if supplier else {}
        return [Tab("", _("全部"))] + [
            Tab(state.value, state.label, str(counts.get(state) or "")) for state in StatementState
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        return super().get_queryset(request).select_related("account")

    def get_urls(self) -> list[URLPattern]:
        name = "remittance_statement"
        own = [
            path("account/", self._page(self.account), name=f"{name}_account"),
            path("<int:object_id>/confirm/", self._page(self.confirm), name=f"{name}_confirm"),
            path("<int:object_id>/invoice/", self._page(self.invoice), name=f"{name}_invoice"),
            path("<int:object_id>/invoice/<int:photo_id>/", self._page(self.photo), name=f"{name}_photo"),
            path("<int:object_id>/lines/<int:line_id>/dispute/", self._page(self.dispute), name=f"{name}_dispute"),
            path("<int:object_id>/csv/", self._page(self.csv), name=f"{name}_csv"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        account = queries.account_of(supplier=self._supplier(request))
        words = _("收款账户：%s") % account if account else _("填写收款账户")
        more: dict[str, Any] = {}
        if may(request, self.page, "account"):
            more = {"account_words": words, "account_href": reverse("supplier:remittance_statement_account")}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        statement = self.own_row(request, object_id)
        context = {
            **statement_context(statement, request),
            "may_confirm": statement.state == StatementState.OPEN and may(request, self.page, "confirm"),
            "may_dispute": may(request, self.page, "dispute"),
            "account": statement.account or queries.account_of(supplier=statement.supplier),
            "now": clock.now(),
        }
        return self.record_page(
            request, template="supplier/statement.html", title=period_words(statement), context=context
        )

    def confirm(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take the statement as right."""
        statement = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.confirm_statement(statement=statement, by=request.user, at=clock.now())
            return _("已确认，平台审核后打款")

        warning = _("确认之后仍可对单笔提异议，更正计入下一张对账单。")
        form = NothingToFill(posted(request))
        return self._act(request, statement, form, run, title=_("确认对账单"), button=_("确认无误"), warning=warning)

    def dispute(self, request: HttpRequest, object_id: int, line_id: int) -> HttpResponseBase:
        """Say that a line is wrong."""
        statement = self.own_row(request, str(object_id))
        line = queries.line_of(statement=statement, line_id=min(line_id, 2**63 - 1))
        if line is None:
            raise Http404

        def run(given: dict[str, Any]) -> str:
            commands.open_dispute(line=line, reason=given["reason"], by=request.user, at=clock.now())
            return _("异议已提交，平台核对后在这里答复")

        facts = [
            (_("类型"), line.get_kind_display()),
            (_("订单"), line.order.number if line.order else line.reference),
            (_("金额"), yuan(line.amount_fen)),
            (_("时间"), moment(line.at)),
        ]
        form = DisputeForm(posted(request))
        return self._act(request, statement, form, run, title=_("提出异议"), button=_("提交"), facts=facts)

    def invoice(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Upload the invoice for a statement."""
        statement = self.own_row(request, str(object_id))

        def run(given: dict[str, Any]) -> str:
            at = clock.now()
            with kept_photos(given["photos"], folder=FOLDER, at=at, private=True) as names:
                commands.add_invoice(
                    statement=statement,
                    number=given["number"],
                    amount_fen=given["amount_fen"],
                    photo=names[0],
                    by=request.user,
                    at=at,
                )
            return _("发票已上传")

        files = request.FILES if request.method == "POST" else None
        form = InvoiceForm(posted(request), files)
        return self._act(request, statement, form, run, title=_("上传发票"), button=_("上传"))

    def photo(self, request: HttpRequest, object_id: int, photo_id: int) -> HttpResponseBase:
        """The photo of an invoice."""
        statement = self.own_row(request, str(object_id))
        found = StatementInvoice.objects.filter(statement=statement, pk=min(photo_id, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return private_photo(found.photo)

    def csv(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """The statement as a CSV file."""
        statement = self.own_row(request, str(object_id))
        answer = HttpResponse("".join(queries.csv_lines(statement=statement)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{statement.number}.csv"'
        return answer

    def account(self, request: HttpRequest) -> HttpResponseBase:
        """Say where the supplier is paid."""
        supplier = self._supplier(request)
        known = queries.account_of(supplier=supplier)

        def run(given: dict[str, Any]) -> str:
            commands.set_account(supplier=supplier, by=request.user, at=clock.now(), **given)
            return _("收款账户已保存，72 小时后可以打款")

        facts = [(_("现在的账户"), known), (_("户名"), known.holder)] if known else []
        back = reverse("supplier:remittance_statement_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("收款账户"),
            form=AccountForm(posted(request)),
            run=run,
            refusals=(RemittanceRefused,),
            done=back,
            back=back,
            button=_("保存"),
            facts=facts,
            warning=_("换了账户之后 72 小时内不能打款，防止账号被人冒用。"),
            context={"opts": self.opts},
        )

    def _supplier(self, request: HttpRequest) -> Any:
        return supplier_of(member=request.user)

    def _act(
        self, request: HttpRequest, statement: Statement, form: forms.Form, run: Any, **words: Any
    ) -> HttpResponseBase:
        back = reverse("supplier:remittance_statement_change", args=[statement.pk])
        facts = words.pop("facts", [])
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(RemittanceRefused,),
            done=back,
            back=back,
            facts=[(_("账期"), period_words(statement)), (_("应付"), yuan(statement.payable_fen)), *facts],
            context={"opts": self.opts, "original": statement},
            **words,
        )
