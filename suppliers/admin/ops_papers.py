"""Papers of suppliers for operators: what waits is decided, what runs out is seen; which categories ask for which."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, ops_site, posted, row_or_404
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.photos import private_photo
from suppliers import commands, queries
from suppliers.commands import PaperRefused
from suppliers.commands.papers import REASON_MAX
from suppliers.models import Category, PaperState, Permit, Qualification
from suppliers.rules import papers as rules

from .paper_words import state_shown, today, until_shown

CHECK = "suppliers.check_paper"
KEEP_CATEGORY = "suppliers.keep_category"
WAITING, SOON, EXPIRED, VALID = "waiting", "soon", "expired", "valid"
PARTS = {
    WAITING: gettext_lazy("待审核"),
    SOON: gettext_lazy("60 天内到期"),
    EXPIRED: gettext_lazy("已过期"),
    VALID: gettext_lazy("有效"),
}


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""


class RejectForm(forms.Form):
    """Why a paper is not taken."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("供应商会原样看到这句话"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明原因")},
    )


class PartFilter(admin.SimpleListFilter):
    """The tab that is open."""

    title = gettext_lazy("状态")
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PARTS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return part_of(queryset, self.value())


def part_of(papers: QuerySet[Qualification], part: str | None) -> QuerySet[Qualification]:
    """Return the papers of one tab."""
    if part == WAITING:
        return papers.filter(state=PaperState.WAITING)
    if part == SOON:
        last = today() + timedelta(days=rules.LATER_DAYS)
        return papers.filter(state=PaperState.APPROVED, valid_until__gte=today(), valid_until__lte=last)
    if part == EXPIRED:
        return papers.filter(state=PaperState.APPROVED, valid_until__lt=today())
    return papers.filter(state=PaperState.APPROVED) if part == VALID else papers


@admin.register(Qualification, site=ops_site)
class QualificationAdmin(TabbedAdmin, ActingAdmin):
    """The papers of suppliers and goods; what waits comes first, what runs out next stands on top."""

    tab_parameter = "part"
    list_display = ("what", "supplier", "product", "number", "until", "submitted", "state_chip", "act_link")
    list_display_links = ("what",)
    list_filter = (PartFilter, "kind", "supplier")
    list_select_related = ("supplier", "product")
    search_fields = ("title", "number", "supplier__name")
    search_help_text = gettext_lazy("名称、编号、供应商")
    ordering: ClassVar[tuple[str, ...]] = ("valid_until", "pk")

    submitted = moment_column("submitted_at", gettext_lazy("提交时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        everything = Qualification.objects.all()
        counted = [
            Tab(part, PARTS[part], str(part_of(everything, part).count() or "")) for part in (WAITING, SOON, EXPIRED)
        ]
        return [*counted, Tab(VALID, PARTS[VALID]), Tab("", _("全部"))]

    @admin.display(description=gettext_lazy("资质"))
    def what(self, paper: Qualification) -> SafeString:
        kind = paper.get_kind_display()
        return two_lines(paper.title, kind if kind != paper.title else "")

    @admin.display(description=gettext_lazy("有效期至"))
    def until(self, paper: Qualification) -> SafeString | str:
        return until_shown(paper)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, paper: Qualification) -> SafeString:
        return state_shown(paper)

    @admin.display(description=gettext_lazy("处理"))
    def act_link(self, paper: Qualification) -> SafeString | str:
        words = _("查看并审核") if paper.state == PaperState.WAITING else _("查看")
        return link(reverse("ops:suppliers_qualification_change", args=[paper.pk]), words)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:object_id>/{act}/", self._page(view), name=f"suppliers_qualification_{act}")
            for act, view in (("approve", self.approve), ("reject", self.reject), ("photo", self.photo))
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "suppliers.view_qualification")
        paper = self._found(object_id)
        context = {
            "original": paper,
            "paper": paper,
            "chip": state_shown(paper),
            "facts": _facts(paper),
            "lapses": paper.permit_lapses.select_related("product").order_by("-at", "-pk"),
            "may_decide": request.user.has_perm(CHECK) and paper.state == PaperState.WAITING,
        }
        return self.record_page(request, template="ops/paper.html", title=paper.title, context=context)

    def photo(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """The picture of a paper."""
        self.require(request, "suppliers.view_qualification")
        return private_photo(self._found(object_id).picture)

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Let a paper count."""
        paper = self._found(object_id)

        def run(_given: dict[str, Any]) -> str:
            commands.approve_paper(paper=paper, by=request.user, at=clock.now())
            self.log_change(request, paper, _("通过资质"))
            return _("%(title)s 已生效") % {"title": paper.title}

        warning = _("通过后替换旧证，旧证不再生效。") if paper.replaces_id else _("通过后马上生效，商品页会显示编号。")
        form = NothingToFill(posted(request))
        return self._act(request, paper, form, run, title=_("通过资质"), warning=warning)

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Send a paper back with a reason."""
        paper = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            commands.reject_paper(paper=paper, reason=given["reason"], by=request.user, at=clock.now())
            self.log_change(request, paper, _("退回资质：%s") % given["reason"])
            return _("%(title)s 已退回") % {"title": paper.title}

        return self._act(request, paper, RejectForm(posted(request)), run, title=_("退回资质"), dangerous=True)

    def _act(
        self, request: HttpRequest, paper: Qualification, form: forms.Form, run: Any, *, title: str, **words: Any
    ) -> HttpResponseBase:
        self.require(request, CHECK)
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(PaperRefused,),
            done=reverse("ops:suppliers_qualification_changelist"),
            back=reverse("ops:suppliers_qualification_change", args=[paper.pk]),
            button=title,
            facts=_facts(paper)[:6],
            context={"opts": self.opts, "original": paper},
            **words,
        )

    def _found(self, object_id: Any) -> Qualification:
        related = ("supplier", "product", "replaces", "submitted_by", "decided_by")
        return row_or_404(Qualification.objects.select_related(*related), object_id)


def _facts(paper: Qualification) -> list[tuple[Any, Any]]:
    facts = [
        (_("供应商"), paper.supplier.name),
        (_("类型"), paper.get_kind_display()),
        (_("名称"), paper.title),
        (_("编号"), paper.number or "—"),
        (_("有效期至"), until_shown(paper)),
        (_("商品"), paper.product.name if paper.product else _("全店")),
    ]
    if paper.replaces is not None:
        before = paper.replaces
        until = before.valid_until.isoformat() if before.valid_until else _("长期")
        facts.append((_("替换"), two_lines(before.number or before.title, until)))
    if paper.submitted_at is not None:
        facts.append((_("提交"), f"{paper.submitted_by or '—'} · {moment(paper.submitted_at)}"))
    if paper.decided_at is not None:
        facts.append((_("审核"), f"{paper.decided_by or '—'} · {moment(paper.decided_at)}"))
    return facts


class PermitForm(forms.Form):
    """Which permit the goods of a category need."""

    permit = forms.ChoiceField(
        label=gettext_lazy("要求的许可证"),
        choices=[("", gettext_lazy("不要求")), *Permit.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Category, site=ops_site)
class CategoryAdmin(ActingAdmin):
    """The tree of categories, and which permit each asks for."""

    list_display = ("name_shown", "permit_shown", "count_goods", "act_link")
    list_display_links = None
    search_fields = ("name",)
    search_help_text = gettext_lazy("分类名称")
    ordering: ClassVar[tuple[str, ...]] = ("tree_id", "lft")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).annotate(goods_count=Count("products"))
        return found

    def prepare(self, request: HttpRequest, rows: list[Any]) -> None:
        asked = queries.categories_by_permit()
        for row in rows:
            row.asked = [permit for permit in Permit if row.pk in asked.get(permit.value, ())]

    @admin.display(description=gettext_lazy("分类"))
    def name_shown(self, category: Category) -> str:
        return f"{'　' * category.level}{category.name}"

    @admin.display(description=gettext_lazy("要求的许可证"))
    def permit_shown(self, category: Any) -> SafeString:
        shown = [chip(permit.label, "info" if permit.value == category.permit else "") for permit in category.asked]
        return SafeString(" ".join(shown)) if shown else SafeString("—")

    @admin.display(description=gettext_lazy("商品"))
    def count_goods(self, category: Any) -> int:
        return int(category.goods_count)

    @admin.display(description=gettext_lazy("处理"))
    def act_link(self, category: Category) -> SafeString:
        return link(reverse("ops:suppliers_category_permit", args=[category.pk]), _("改要求"))

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if request.user.has_perm(KEEP_CATEGORY) else [name for name in shown if name != "act_link"]

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:object_id>/permit/", self._page(self.permit), name="suppliers_category_permit")]
        return own + super().get_urls()

    def permit(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say which permit a category asks for."""
        self.require(request, KEEP_CATEGORY)
        category = row_or_404(Category.objects.all(), object_id)

        def run(given: dict[str, Any]) -> str:
            commands.set_category_permit(category=category, permit=given["permit"])
            self.log_change(request, category, _("改分类要求的许可证"))
            return _("%(name)s 的要求已保存") % {"name": category.name}

        lacking = [
            _("%(permit)s：%(count)d 件在架商品的供应商还没有这张证") % {"permit": permit.label, "count": count}
            for permit in Permit
            if (count := queries.goods_lacking(category=category, permit=permit.value))
        ]
        back = reverse("ops:suppliers_category_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("改分类要求的许可证"),
            form=PermitForm(posted(request), initial={"permit": category.permit}),
            run=run,
            refusals=(PaperRefused,),
            done=back,
            back=back,
            button=_("保存"),
            facts=[(_("分类"), category.name), *((_("现状"), words) for words in lacking)],
            warning=_("下面的分类一起要求。在架又没有证的商品会通知供应商，%d 天里没有有效的证就下架。")
            % rules.GRACE_DAYS,
            context={"opts": self.opts, "original": category},
        )
