"""Products that suppliers submit, for operators: what differs, and a decision."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, ops_site, posted, row_or_404
from mall.core.admin.columns import chip, two_lines
from suppliers import commands, queries
from suppliers.commands import ReviewRefused
from suppliers.models import ProductRevision, RevisionState

PUBLISH = "suppliers.publish_product"
TONES = {
    RevisionState.WAITING: "warn",
    RevisionState.APPROVED: "good",
    RevisionState.REJECTED: "bad",
    RevisionState.WITHDRAWN: "",
}


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("驳回原因"),
        max_length=200,
        help_text=gettext_lazy("供应商看得到，请写清楚要改什么。"),
        widget=UnfoldAdminTextareaWidget,
        error_messages={"required": gettext_lazy("请写明驳回的原因")},
    )


class NothingToFill(forms.Form):
    pass


@admin.register(ProductRevision, site=ops_site)
class RevisionAdmin(TabbedAdmin, ActingAdmin):
    """The queue, the longest waiting first."""

    list_display = ("title", "supplier_name", "kind", "submitted", "state_chip")
    list_filter = ("state",)
    list_select_related = ("product__supplier",)
    search_fields = ("product__name", "product__supplier__name")
    search_help_text = gettext_lazy("商品名、供应商")
    ordering: ClassVar[tuple[str, ...]] = ("submitted_at", "pk")

    submitted = moment_column("submitted_at", gettext_lazy("提交时间"))

    @admin.display(description=gettext_lazy("商品"))
    def title(self, revision: ProductRevision) -> SafeString:
        return two_lines(revision.product.name, revision.product.subtitle or "—")

    @admin.display(description=gettext_lazy("供应商"))
    def supplier_name(self, revision: ProductRevision) -> str:
        return str(revision.product.supplier)

    @admin.display(description=gettext_lazy("类型"))
    def kind(self, revision: ProductRevision) -> str:
        if revision.is_live:
            return _("在架修改")
        return _("重新上架") if revision.before else _("新商品")

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, revision: ProductRevision) -> SafeString:
        return chip(revision.get_state_display(), TONES[RevisionState(revision.state)])

    def tabs(self, request: HttpRequest) -> list[Tab]:
        count = str(queries.revisions_waiting().count() or "")
        waiting = Tab(RevisionState.WAITING.value, RevisionState.WAITING.label, count)
        rest = [Tab(state.value, state.label) for state in RevisionState if state != RevisionState.WAITING]
        return [waiting, *rest, Tab("", _("全部"))]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:object_id>/approve/", self._page(self.approve), name="suppliers_productrevision_approve"),
            path("<int:object_id>/reject/", self._page(self.reject), name="suppliers_productrevision_reject"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        revision = self._found(object_id)
        may = request.user.has_perm(PUBLISH) and revision.state == RevisionState.WAITING
        context = {
            "original": revision,
            "revision": revision,
            "kind": self.kind(revision),
            "tone": TONES[RevisionState(revision.state)],
            "rows": queries.differences(revision=revision),
            "skus": revision.product.skus.order_by("pk"),
            "galleries": queries.galleries(revision=revision),
            "photos": revision.product.media.all(),
            "may_decide": may,
        }
        return self.record_page(request, template="ops/revision.html", title=revision.product.name, context=context)

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Let it go on the shelf, or say there what is proposed."""
        self.require(request, PUBLISH)
        revision = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            product = commands.approve_revision(revision=revision, by=request.user, at=clock.now())
            self.log_change(request, revision, _("通过商品审核"))
            return _("%(name)s 已通过审核。") % {"name": product.name}

        warning = _("通过后在架内容马上更新。") if revision.is_live else _("通过后马上上架，可以购买。")
        form = NothingToFill(posted(request))
        return self._act(request, revision, title=_("通过审核"), form=form, run=run, warning=warning)

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Send it back with a reason."""
        self.require(request, PUBLISH)
        revision = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            product = commands.reject_revision(
                revision=revision, by=request.user, reason=data["reason"], at=clock.now()
            )
            self.log_change(request, revision, _("驳回：%s") % data["reason"])
            return _("%(name)s 已驳回。") % {"name": product.name}

        form = RejectForm(posted(request))
        return self._act(request, revision, title=_("驳回"), form=form, run=run, dangerous=True)

    def _act(
        self, request: HttpRequest, revision: ProductRevision, *, title: str, form: forms.Form, run: Any, **more: Any
    ) -> HttpResponseBase:
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(ReviewRefused,),
            done=reverse("ops:suppliers_productrevision_changelist"),
            back=reverse("ops:suppliers_productrevision_change", args=[revision.pk]),
            button=title,
            facts=[
                (_("商品"), revision.product.name),
                (_("供应商"), str(revision.product.supplier)),
                (_("类型"), self.kind(revision)),
            ],
            context={"opts": self.opts, "original": revision},
            **more,
        )

    def _found(self, object_id: Any) -> ProductRevision:
        return row_or_404(
            ProductRevision.objects.select_related("product__supplier", "submitted_by", "decided_by"), object_id
        )
