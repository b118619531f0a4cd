"""What a supplier does with a product: submit, take back, put on the shelf and off it, copy; and prices that rest."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from mall.core import clock
from mall.core.admin import act_page, posted
from mall.core.admin.columns import chip
from mall.core.own_supplier import as_the_mall
from suppliers import commands, queries
from suppliers.commands import CommissionRefused, Prices, ReviewRefused
from suppliers.commands.pricing import PRICES
from suppliers.models import Product, ReviewState, RevisionState, Sku
from suppliers.rules import PRICE_REST_HOURS


class NothingToFill(forms.Form):
    pass


class ProductActs:
    """Acts on a product of the own supplier, each a page with a question."""

    admin_site: Any
    opts: Any
    own_row: Callable[[HttpRequest, str], Any]
    actions_row = ("submit", "withdraw", "shelf", "copy")
    actions_detail = ("submit", "withdraw", "shelf", "copy")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what can be done with this product now."""
        shown: list[Any] = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        product = self.get_object(request, str(object_id))  # type: ignore[attr-defined]
        if product is None:
            return []
        possible = {"copy"}
        waits = any(revision.state == RevisionState.WAITING for revision in product.revisions.all())
        if waits:
            possible.add("withdraw")
        if product.is_published or product.review == ReviewState.APPROVED:
            possible.add("shelf")
        if not product.is_published and product.review != ReviewState.REVIEWING:
            possible.add("submit")
        return [each for each in shown if each.action_name.rpartition("_")[2] in possible]

    @admin.display(description=_("状态"))
    def state_shown(self, product: Product) -> SafeString | str:
        """The state as a chip, with what waits beside it, or why it came back."""
        if not product.pk:
            return chip(gettext("草稿"))
        waits = any(revision.state == RevisionState.WAITING for revision in product.revisions.all())
        if product.is_published:
            shown = chip(gettext("上架"), "good")
            return shown + SafeString(" ") + chip(gettext("改动审核中"), "warn") if waits else shown
        if product.review == ReviewState.REVIEWING:
            return chip(gettext("审核中"), "warn")
        if product.review == ReviewState.DRAFT:
            return chip(gettext("草稿"))
        if product.review == ReviewState.REJECTED:
            last = queries.last_rejection(product=product)
            why = last.reason if last else ""
            return format_html("{} <small>{}</small>", chip(gettext("驳回"), "bad"), why)
        return chip(gettext("下架"))

    @action(description=_("提交审核"), url_path="submit")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Hand a draft to the operators."""
        product = self.own_row(request, object_id)

        def run(_data: dict[str, Any]) -> str:
            commands.submit_product(product=product, by=request.user, at=clock.now())
            return gettext("%s 已提交审核") % product.name

        warning = gettext("审核通过后自动上架。提交后再改内容，要重新提交。")
        return self._ask(request, product, title=gettext("提交审核"), run=run, warning=warning)

    @action(description=_("撤回审核"), url_path="withdraw")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Take back what waits for the operators."""
        product = self.own_row(request, object_id)

        def run(_data: dict[str, Any]) -> str:
            if not commands.withdraw_revision(product=product, at=clock.now()):
                raise ReviewRefused(gettext("没有在审核的内容"))
            return gettext("%s 已撤回审核") % product.name

        return self._ask(request, product, title=gettext("撤回审核"), run=run)

    @action(description=_("上架 / 下架"), url_path="shelf")
    def shelf(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Take a product off the shelf, or put an approved one back."""
        product = self.own_row(request, object_id)
        is_up = product.is_published

        def run(_data: dict[str, Any]) -> str:
            if is_up:
                commands.take_off_shelf(product=product)
                return gettext("%s 已下架") % product.name
            commands.put_back_on_shelf(product=product)
            return gettext("%s 已上架") % product.name

        title = gettext("下架") if is_up else gettext("上架")
        warning = gettext("下架后不能再下单，已下的订单不受影响。") if is_up else gettext("上架后马上可以购买。")
        return self._ask(request, product, title=title, run=run, warning=warning, dangerous=is_up)

    @action(description=_("复制"), url_path="copy")
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Make a draft that says the same."""
        product = self.own_row(request, object_id)

        def run(_data: dict[str, Any]) -> str:
            made = commands.copy_product(product=product, supplier=product.supplier, at=clock.now())
            return gettext("已复制成草稿：%s") % made.name

        warning = gettext("规格会用新编码，库存从 0 开始。")
        return self._ask(request, product, title=gettext("复制商品"), run=run, warning=warning)

    def _ask(
        self, request: HttpRequest, product: Product, *, title: str, run: Callable[[dict[str, Any]], str], **more: Any
    ) -> HttpResponseBase:
        back = reverse("supplier:suppliers_product_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(ReviewRefused,),
            done=back,
            back=back,
            button=title,
            facts=((_("商品"), product.name), (_("状态"), self.state_shown(product))),
            context={"opts": self.opts},
            **more,
        )


def save_sku(request: HttpRequest, sku: Sku, columns: list[str]) -> None:
    """Write what a form changed of a SKU; its prices rest where its product is on the shelf."""
    others = [name for name in columns if name not in PRICES]
    if others:
        sku.save(update_fields=others)
    if len(others) == len(columns):
        return
    wanted = Prices(sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen)
    (locked,) = commands.locked_skus([sku.pk])
    try:
        with as_the_mall():
            _at_once, later = commands.change_prices(wanted=[(locked, wanted)], by=request.user, at=clock.now())
    except CommissionRefused as refusal:
        messages.error(request, str(refusal))
        return
    if later:
        said = {"code": sku.code, "hours": PRICE_REST_HOURS}
        messages.info(request, gettext("%(code)s 在架：新价格 %(hours)d 小时后生效，在卖的店主已收到通知") % said)
