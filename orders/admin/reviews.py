"""Reviews on the two admin sites: operators read what was kept back and decide, suppliers answer what is seen."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    moment_column,
    ops_site,
    person,
    posted,
    supplier_site,
)
from mall.core.admin.columns import chip, link, two_lines
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.photos import photo_url
from orders.commands.reviewing import (
    REASON_MAX,
    WORD_MAX,
    ReviewRefused,
    hide_review,
    hold_word,
    release_word,
    reply_to_review,
    show_review,
)
from orders.models import HeldWord, Review, ReviewState
from orders.queries import reviews as queries
from orders.rules.reviewing import REPLY_MAX

MODERATE = "orders.moderate_review"
TONES: dict[str, str] = {ReviewState.PENDING: "warn", ReviewState.VISIBLE: "good", ReviewState.HIDDEN: "bad"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("写评价的人看得到。"),
        error_messages={"required": gettext_lazy("请填写原因")},
    )


class WordForm(forms.Form):
    word = forms.CharField(label=gettext_lazy("词"), max_length=WORD_MAX)


class NothingToFill(forms.Form):
    pass


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("回复"), max_length=REPLY_MAX, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


def _goods(review: Review) -> SafeString:
    return two_lines(review.line.product_name, review.line.spec)


def _said(review: Review) -> SafeString:
    upper = f"{'★' * review.stars}{'☆' * (5 - review.stars)} {review.text[:60]}"
    return two_lines(upper, " · ".join(filter(None, ["、".join(review.tags), review.follow_up[:60]])))


@admin.register(Review, site=ops_site)
class ReviewAdmin(TabbedAdmin, ActingAdmin):
    """Reviews by what became of them; those that wait come first."""

    list_display = ("goods", "author", "said", "photo_count", "written", "state_chip", "decide")
    list_filter = ("state",)
    list_select_related = ("member", "line")
    search_fields = ("text", "line__product_name")
    search_help_text = gettext_lazy("评价内容、商品名称")
    fields = ("goods", "author", "stars", "text", "follow_up", "reply", "written", "state_chip", "reason")
    readonly_fields: ClassVar = ["goods", "author", "written", "state_chip"]

    written = moment_column("reviewed_at", gettext_lazy("评价时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        waiting = queries.waiting_reviews(limit=100)
        count = "99+" if waiting > 99 else str(waiting or "")
        return [
            Tab(ReviewState.PENDING.value, _("待审核"), count),
            Tab(ReviewState.VISIBLE.value, ReviewState.VISIBLE.label),
            Tab(ReviewState.HIDDEN.value, ReviewState.HIDDEN.label),
        ]

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, review: Review) -> SafeString:
        return _goods(review)

    @admin.display(description=gettext_lazy("买家"))
    def author(self, review: Review) -> SafeString:
        return person(review.member, masked=True)

    @admin.display(description=gettext_lazy("评价"))
    def said(self, review: Review) -> SafeString:
        return _said(review)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, review: Review) -> SafeString:
        return chip(review.get_state_display(), TONES[review.state])

    @admin.display(description=gettext_lazy("处理"))
    def decide(self, review: Review) -> SafeString:
        return link(reverse("ops:orders_review_decide", args=[review.pk]), _("查看并处理"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:object_id>/decide/", self._page(self.decision), name="orders_review_decide"),
            path("<int:object_id>/hide/", self._page(self.hide), name="orders_review_hide"),
        ]
        return own + super().get_urls()

    def decision(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Read a review, and let others see it."""
        self.require(request, MODERATE)
        review = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            show_review(review=review, by=request.user, at=clock.now())
            self.log_change(request, review, _("展示"))
            return _("这条评价已展示。")

        return self._act(request, review, NothingToFill(posted(request)), run, title=_("展示评价"), button=_("展示"))

    def hide(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Keep a review from others, for a reason."""
        self.require(request, MODERATE)
        review = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            hide_review(review=review, reason=data["reason"], by=request.user, at=clock.now())
            self.log_change(request, review, _("不予展示：%s") % data["reason"])
            return _("这条评价不再展示。")

        form = ReasonForm(posted(request))
        return self._act(request, review, form, run, title=_("不予展示"), button=_("不予展示"), dangerous=True)

    def _act(self, request: HttpRequest, review: Review, form: forms.Form, run: Any, **words: Any) -> HttpResponseBase:
        back = reverse("ops:orders_review_changelist")
        held = queries.words_held_in(review=review)
        facts: list[tuple[Any, Any]] = [
            (_("商品"), _goods(review)),
            (_("买家"), person(review.member, masked=True)),
            (_("星级"), f"{'★' * review.stars}{'☆' * (5 - review.stars)}"),
            (_("评价"), review.text or "—"),
            (_("标签"), "、".join(review.tags) or "—"),
            (_("追评"), review.follow_up or "—"),
            (_("图片"), _photos(review)),
            (_("含敏感词"), "、".join(held) or "—"),
            (_("状态"), chip(review.get_state_display(), TONES[review.state])),
        ]
        if not words.get("dangerous"):
            facts.append((_("不合适？"), link(reverse("ops:orders_review_hide", args=[review.pk]), _("不予展示"))))
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(ReviewRefused,),
            done=back,
            back=back,
            facts=facts,
            context={"opts": self.opts, "original": review},
            **words,
        )

    def _found(self, object_id: int) -> Review:
        review = queries.review_by_id(review_id=object_id)
        if review is None:
            raise Http404
        return review


def _photos(review: Review) -> SafeString | str:
    shown = [
        (photo_url(photo.path), photo_url(photo.small_path), number)
        for number, photo in enumerate(review.photos.order_by("position"), 1)
    ]
    return format_html_join(" ", '<a href="{}"><img src="{}" alt="{}" width="96" height="96"></a>', shown) or "—"


@admin.register(HeldWord, site=ops_site)
class HeldWordAdmin(ActingAdmin):
    """Words that keep a review back."""

    list_display = ("word", "added_by", "added", "release_link")
    list_select_related = ("added_by",)
    search_fields = ("word",)
    ordering = ("word",)
    fields = ("word", "added_by", "added")
    readonly_fields: ClassVar = ["added"]
    list_before_template = "ops/list_act.html"

    added = moment_column("added_at", gettext_lazy("添加时间"))

    @admin.display(description=gettext_lazy("处理"))
    def release_link(self, word: HeldWord) -> SafeString:
        return link(reverse("ops:orders_heldword_release", args=[word.pk]), _("移除"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("hold/", self._page(self.hold), name="orders_heldword_hold"),
            path("<int:object_id>/release/", self._page(self.release), name="orders_heldword_release"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("添加敏感词"), "list_act_href": reverse("ops:orders_heldword_hold")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    def hold(self, request: HttpRequest) -> HttpResponseBase:
        """Add a word."""
        self.require(request, MODERATE)

        def run(data: dict[str, Any]) -> str:
            word = hold_word(word=data["word"], by=request.user, at=clock.now())
            return _("含“%s”的新评价会先审核。") % word.word

        return self._act(request, WordForm(posted(request)), run, title=_("添加敏感词"), button=_("添加"))

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take a word out."""
        self.require(request, MODERATE)
        word = HeldWord.objects.filter(pk=object_id).first()
        if word is None:
            raise Http404

        def run(_data: dict[str, Any]) -> str:
            release_word(word=word)
            return _("“%s”已移除。") % word.word

        form = NothingToFill(posted(request))
        return self._act(request, form, run, title=_("移除敏感词"), button=_("移除"), facts=[(_("词"), word.word)])

    def _act(self, request: HttpRequest, form: forms.Form, run: Any, **words: Any) -> HttpResponseBase:
        back = reverse("ops:orders_heldword_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(ReviewRefused,),
            done=back,
            back=back,
            context={"opts": self.opts},
            **words,
        )


@admin.register(Review, site=supplier_site)
class ReviewDesk(OwnReadOnlyAdmin):
    """What buyers say of a supplier's goods, as everybody sees it. Who says it stays masked."""

    own_path = "product__supplier"
    list_display = ("goods", "said", "written", "replied", "reply_shown")
    list_select_related = ("line",)
    search_fields = ("text", "line__product_name")
    search_help_text = gettext_lazy("评价内容、商品名称")
    fields = ("goods", "stars", "text", "follow_up", "written", "reply", "replied")
    readonly_fields = fields
    actions_row = ("answer",)
    actions_detail = ("answer",)

    written = moment_column("reviewed_at", gettext_lazy("评价时间"))
    replied = moment_column("replied_at", gettext_lazy("回复时间"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(state=ReviewState.VISIBLE)

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, review: Review) -> SafeString:
        return _goods(review)

    @admin.display(description=gettext_lazy("评价"))
    def said(self, review: Review) -> SafeString:
        return _said(review)

    @admin.display(description=gettext_lazy("商家回复"))
    def reply_shown(self, review: Review) -> str:
        return review.reply or "—"

    @action(description=gettext_lazy("回复"), url_path="answer")
    def answer(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Answer a review; a second answer takes the place of the first."""
        review = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            reply_to_review(review=review, text=given["text"], by=request.user, at=clock.now())
            return _("回复已发布")

        back = reverse("supplier:orders_review_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("回复评价"),
            form=ReplyForm(request.POST or None, initial={"text": review.reply}),
            run=run,
            refusals=(ReviewRefused,),
            done=back,
            back=back,
            button=_("发布回复"),
            facts=((_("商品"), _goods(review)), (_("评价"), _said(review))),
        )
