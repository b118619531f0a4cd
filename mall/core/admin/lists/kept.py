"""The mixin of lists: what it adds stands above the list, and works without scripts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList as DjangoChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.views import ChangeList

from mall.core import clock, request_id
from mall.core.admin.acting import posted
from mall.core.admin.reading import PreparedAdmin, ReadOnlyAdmin, operator
from mall.core.ids import SHANGHAI
from mall.core.models import ListExport, SavedView
from mall.core.trail import Told, tell

from .exporting import ExportColumn, exported
from .searching import Found

UNMASKED = "core.export_unmasked"
EXPORT = "core.export_list"
COUNTED_MAX = 999
VIEWS_MAX = 8
QUERY_MAX = 600
OWN_PARAMETERS = ("since", "until")
# What is no part of a view: which page of it, and where a popup came from.
PASSING = ("p", "all", "_popup", "_to_field", "_changelist_filters", "e")


class ExportForm(forms.Form):
    """Which file, and why somebody needs to see whole what is masked otherwise."""

    file_kind = forms.ChoiceField(
        label=gettext_lazy("格式"),
        choices=[("xlsx", gettext_lazy("Excel 工作簿")), ("csv", gettext_lazy("CSV 文本"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    unmasked = forms.BooleanField(label=gettext_lazy("显示完整的姓名和手机号"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("导出完整的个人信息必须写明用途；写进导出记录，永久保存。"),
    )

    def __init__(self, data: Any = None, *, may_unmask: bool) -> None:
        super().__init__(data)
        if not may_unmask:
            del self.fields["unmasked"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unmasked") and not " ".join(str(data.get("reason") or "").split()):
            self.add_error("reason", _("导出完整的个人信息，请写明用途"))
        return data


class KeptChangeList(ChangeList):
    """A list that may be narrowed to a period."""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = super().get_filters_params(params)
        for name in OWN_PARAMETERS:
            found.pop(name, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        admin: KeptTools = self.model_admin
        return admin.within(rows, request)


class UncountedChangeList(KeptChangeList):
    """The same list where only its rows are wanted, not a page of them."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_count = self.full_result_count = 0
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = False
        self.result_list: list[Any] = []
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a tab: its address, how many rows it has as far as anybody counts, and whether it is open."""

    row: SavedView
    count: str
    is_open: bool


class KeptTools(PreparedAdmin):
    """Adds saved views, chosen columns, a period (`period_field`), a search by index (`found_by`) and an export
    (`export_columns`) to a list. Stands before the other bases, so that it is asked first."""

    period_field: ClassVar[str] = ""
    found_by: ClassVar[Found | None] = None
    export_columns: ClassVar[tuple[ExportColumn, ...]] = ()
    list_before_template = "ops/tabs.html"

    def may_export(self, request: HttpRequest) -> bool:
        """Say whether this person may take the list away as a file."""
        return bool(request.user.has_perm(EXPORT))

    def file_columns(self, request: HttpRequest) -> tuple[ExportColumn, ...]:
        """Return the columns that a file has for this person."""
        return self.export_columns

    def export_form(self, request: HttpRequest) -> forms.Form:
        """Return the form that asks in which form, and why."""
        return ExportForm(posted(request), may_unmask=request.user.has_perm(UNMASKED))

    def supplier_id(self, request: HttpRequest) -> int | None:
        """Return the supplier whose list it is; none where it is the mall's."""
        return None

    @property
    def page_name(self) -> str:
        """How saved views and exports call this list."""
        return f"{self.admin_site.name}.{self.opts.app_label}.{self.opts.model_name}"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DjangoChangeList]:
        return KeptChangeList

    def get_list_display(self, request: HttpRequest) -> Any:
        every = list(super().get_list_display(request))
        chosen = self._chosen(request)
        return [every[0], *(name for name in every[1:] if not chosen or name in chosen)]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        if self.found_by is None:
            return super().get_search_results(request, queryset, search_term)
        return self.found_by.apply(queryset, search_term), False

    def within(self, rows: "QuerySet[Any]", request: HttpRequest) -> "QuerySet[Any]":
        """Narrow rows to the period that the address names: from one day (Asia/Shanghai) to another, both included."""
        if not self.period_field:
            return rows
        since, until = (_day(request.GET.get(name)) for name in OWN_PARAMETERS)
        if since:
            rows = rows.filter(**{f"{self.period_field}__gte": _midnight(since)})
        if until:
            rows = rows.filter(**{f"{self.period_field}__lt": _midnight(until + timedelta(days=1))})
        return rows

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        every = list(super().get_list_display(request))
        chosen = self._chosen(request)
        query = _query(request.GET)
        tools = {
            "views": self._views(request, query),
            "query": query,
            "period": bool(self.period_field),
            "since": request.GET.get("since", ""),
            "until": request.GET.get("until", ""),
            "others": [
                (name, value)
                for name, values in request.GET.lists()
                for value in values
                if name not in (*OWN_PARAMETERS, *PASSING)
            ],
            "columns": [(name, self._label(name), not chosen or name in chosen) for name in every[1:]],
            "export_href": f"{self._list_page('export')}?{query}" if self._may_export(request) else "",
            "save_href": self._list_page("views"),
            "columns_href": self._list_page("columns"),
        }
        return super().changelist_view(request, {"ops_list": tools, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("views/", self._own(self.save_view), name=self._url_name("views")),
            path("columns/", self._own(self.choose_columns), name=self._url_name("columns")),
            path("export/", self._own(self.export), name=self._url_name("export")),
        ]
        found: list[URLPattern] = own + super().get_urls()
        return found

    def save_view(self, request: HttpRequest) -> HttpResponseBase:
        """Keep a view under a name, or forget one."""
        query = _query(QueryDict(request.POST.get("query", "")[:QUERY_MAX]))
        back = f"{self._list_page('changelist')}?{query}"
        mine = self._kept(request).exclude(name="")
        if forget := request.POST.get("forget", ""):
            mine.filter(name=forget[:20]).delete()
            return HttpResponseRedirect(back)
        name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:20]
        if not name:
            messages.error(request, _("请给视图起个名字"))
        elif mine.exclude(name=name).count() >= VIEWS_MAX:
            messages.error(request, _("最多保存 %d 个视图，请先删掉一个") % VIEWS_MAX)
        else:
            self._keep(request, name, query=query)
        return HttpResponseRedirect(back)

    def choose_columns(self, request: HttpRequest) -> HttpResponseBase:
        """Keep which columns somebody wants to see."""
        every = list(super().get_list_display(request))[1:]
        chosen = [name for name in every if name in request.POST.getlist("column")]
        self._keep(request, "", columns=[] if len(chosen) == len(every) else chosen or every[:1])
        query = _query(QueryDict(request.POST.get("query", "")[:QUERY_MAX]))
        return HttpResponseRedirect(f"{self._list_page('changelist')}?{query}")

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Ask in which form; then answer with the file."""
        if not self._may_export(request):
            raise PermissionDenied
        title = str(self.opts.verbose_name_plural)
        form = self.export_form(request)
        try:
            rows = self.rows_of(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._list_page("changelist"))
        if request.method == "POST" and form.is_valid():
            data, user = form.cleaned_data, operator(request)
            record = ListExport.objects.create(
                at=clock.now(),
                supplier_id=self.supplier_id(request),
                by_id=user.pk,
                by_name=str(user)[:64],
                page=self.page_name,
                title=title[:60],
                query=_query(request.GET),
                file_kind=data["file_kind"],
                unmasked=bool(data.get("unmasked")),
                reason=" ".join(data["reason"].split()),
                request_id=request_id.current()[:64],
            )
            tell(request, Told(_("导出列表"), title))
            return exported(
                record=record,
                rows=rows,
                columns=self.file_columns(request),
                prepare=lambda rows: self.prepare(request, rows),
            )
        return self._export_page(request, form, title, _capped(rows))

    def rows_of(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows that the list shows for this address, all pages of them."""
        rows: QuerySet[Any] = self._list(request).queryset.order_by()
        return rows

    def _export_page(self, request: HttpRequest, form: forms.Form, title: str, count: str) -> HttpResponse:
        request.current_app = self.admin_site.name
        columns = "、".join(str(one.label) for one in self.file_columns(request))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导出：%s") % title,
            "form": form,
            "facts": [(_("行数"), count), (_("列"), columns)],
            "button": _("导出"),
            "back": f"{self._list_page('changelist')}?{_query(request.GET)}",
        }
        return TemplateResponse(request, "ops/act.html", context)

    def _views(self, request: HttpRequest, query: str) -> list[View]:
        mine = self._kept(request).exclude(name="")
        return [View(row, self._count(request, row.query), row.query == query) for row in mine.order_by("pk")]

    def _count(self, request: HttpRequest, query: str) -> str:
        kept = request.GET
        request.GET = QueryDict(query)
        try:
            # A question that the database cannot answer must not take the rest of the page with it.
            with transaction.atomic():
                return _capped(self.rows_of(request))
        except Exception:
            return "?"
        finally:
            request.GET = kept

    def _list(self, request: HttpRequest) -> Any:
        return UncountedChangeList(
            request,
            self.model,
            self.get_list_display(request),
            self.get_list_display_links(request, self.get_list_display(request)),
            self.get_list_filter(request),
            self.date_hierarchy,
            self.get_search_fields(request),
            self.get_list_select_related(request),
            self.list_per_page,
            self.list_max_show_all,
            (),
            self,
            self.get_sortable_by(request),
            self.search_help_text,
        )

    def _chosen(self, request: HttpRequest) -> list[str]:
        known = vars(request).setdefault("_chosen_columns", {})
        if self.page_name not in known:
            kept = self._kept(request).filter(name="")
            known[self.page_name] = kept.values_list("columns", flat=True).first() or []
        found: list[str] = known[self.page_name]
        return found

    def _label(self, name: str) -> str:
        return str(getattr(getattr(self, name, None), "short_description", "") or self._field_label(name))

    def _field_label(self, name: str) -> str:
        return str(self.opts.get_field(name).verbose_name)

    def _may_export(self, request: HttpRequest) -> bool:
        return bool(self.export_columns) and self.may_export(request) and bool(self.has_view_permission(request))

    def _kept(self, request: HttpRequest) -> "QuerySet[SavedView]":
        """Return what this person has kept of this list."""
        return SavedView.objects.filter(
            owner_id=operator(request).pk, supplier_id=self.supplier_id(request), page=self.page_name
        )

    def _keep(self, request: HttpRequest, name: str, **kept: Any) -> None:
        SavedView.objects.update_or_create(
            owner_id=operator(request).pk,
            supplier_id=self.supplier_id(request),
            page=self.page_name,
            name=name,
            defaults={**kept, "saved_at": clock.now()},
        )

    def _own(self, view: Any) -> Any:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            def seen(asked: HttpRequest) -> HttpResponseBase:
                if not self.has_view_permission(asked):
                    raise PermissionDenied
                answer: HttpResponseBase = view(asked)
                return answer

            posts = seen if view == self.export else require_POST(seen)
            found: HttpResponseBase = self.admin_site.admin_view(posts)(request, *args, **kwargs)
            return found

        guarded.model_admin = self  # type: ignore[attr-defined]
        return guarded

    def _url_name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _list_page(self, what: str) -> str:
        return reverse(f"{self.admin_site.name}:{self._url_name(what)}")


class KeptList(KeptTools, ReadOnlyAdmin):
    """A list of the back office with all of this, which nobody changes."""


def _capped(rows: "QuerySet[Any]") -> str:
    count = rows[: COUNTED_MAX + 1].count()
    return f"{COUNTED_MAX}+" if count > COUNTED_MAX else str(count)


def _query(parameters: QueryDict) -> str:
    """Return the part of an address that makes a view, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in sorted(parameters):
        values = [value for value in parameters.getlist(name) if value]
        if values and name not in PASSING:
            kept.setlist(name, values)
    return kept.urlencode()[:QUERY_MAX]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
