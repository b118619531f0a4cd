"""The help and the templates of answers, as operators write them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.validators import validate_slug
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, ops_site, posted
from mall.core.admin.columns import chip
from service import commands
from service.commands import ArticleText, HelpRefused, TicketRefused
from service.models import HelpArticle, HelpTopic, ReplyTemplate, Topic
from service.rules import HTML_MAX

WRITE = "service.write_help"


class ArticleForm(forms.Form):
    topic = forms.ModelChoiceField(label=gettext_lazy("主题"), queryset=HelpTopic.objects.all())
    title = forms.CharField(label=gettext_lazy("标题"), max_length=60, help_text=gettext_lazy("像顾客那样问"))
    slug = forms.CharField(
        label=gettext_lazy("网址名"),
        max_length=60,
        validators=[validate_slug],
        help_text=gettext_lazy("字母、数字和连字符，例如 refund-time。发布后不要改，别人可能存了链接"),
    )
    text = forms.CharField(
        label=gettext_lazy("正文"),
        max_length=HTML_MAX,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("空一行分段，“- ”开头的行成列表；也可以写段落、小标题、表格和链接的标记，其余会被去掉"),
    )
    position = forms.IntegerField(label=gettext_lazy("排序"), min_value=0, max_value=9999, initial=0)
    is_hot = forms.BooleanField(label=gettext_lazy("列在“大家常问”"), required=False)
    is_published = forms.BooleanField(label=gettext_lazy("发布"), required=False, initial=True)


class TemplateForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=30)
    topic = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=[("", gettext_lazy("各类都用")), *Topic.choices], required=False
    )
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "套用时自动填好：{称呼} 会员昵称、{订单} 订单号、{工单} 工单编号、{商品} 商品名、{客服} 你的名字"
        ),
    )
    position = forms.IntegerField(label=gettext_lazy("排序"), min_value=0, max_value=9999, initial=0)


class WritingAdmin(ActingAdmin):
    """Rows that operators write on a form of the mall's own. `model_name` names its addresses."""

    change_list_template = "ops/written.html"
    new_label: ClassVar[Any] = ""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [path("new/", self._page(self.new), name=f"{name}_new"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        name = f"ops:{self.opts.app_label}_{self.opts.model_name}_new"
        may = {"new_address": reverse(name) if request.user.has_perm(WRITE) else "", "new_label": self.new_label}
        found: HttpResponse = super().changelist_view(request, {**may, **(extra_context or {})})
        return found

    def new(self, request: HttpRequest) -> HttpResponseBase:
        return self.write(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return self.write(request, row)

    def write(self, request: HttpRequest, row: Any) -> HttpResponseBase:
        """Show the form; posted, keep what was written."""
        self.require(request, WRITE)
        page = reverse(f"ops:{self.opts.app_label}_{self.opts.model_name}_changelist")

        def run(data: dict[str, Any]) -> str:
            saved = self.keep(row, data)
            (self.log_change if row else self.log_addition)(request, saved, str(saved))
            return _("“%s”已保存。") % saved

        return act_page(
            request,
            site=self.admin_site,
            title=str(row) if row else str(self.new_label),
            form=self.form_of(request, row),
            run=run,
            refusals=(HelpRefused, TicketRefused),
            done=page,
            back=page,
            button=_("保存"),
            context={"opts": self.opts, "original": row},
        )

    def form_of(self, request: HttpRequest, row: Any) -> forms.Form:
        raise TypeError(f"{type(self).__name__} has no form")

    def keep(self, row: Any, data: dict[str, Any]) -> Any:
        raise TypeError(f"{type(self).__name__} keeps nothing")


@admin.register(HelpArticle, site=ops_site)
class HelpArticleAdmin(WritingAdmin):
    """Articles by topic."""

    list_display = ("title", "topic", "shown", "written")
    list_display_links = ("title",)
    list_select_related = ("topic",)
    list_filter = ("topic",)
    search_fields = ("title",)
    ordering: ClassVar[tuple[str, ...]] = ("topic__position", "position", "id")
    new_label = gettext_lazy("写一篇")
    written = moment_column("written_at", gettext_lazy("更新时间"))

    @admin.display(description=gettext_lazy("状态"))
    def shown(self, article: HelpArticle) -> SafeString:
        if not article.is_published:
            return chip(_("未发布"))
        return chip(_("常见问题"), "info") if article.is_hot else chip(_("已发布"), "good")

    def form_of(self, request: HttpRequest, row: HelpArticle | None) -> forms.Form:
        if row is None:
            return ArticleForm(posted(request))
        fields = ("topic", "title", "slug", "position", "is_hot", "is_published")
        return ArticleForm(posted(request), initial={**{name: getattr(row, name) for name in fields}, "text": row.html})

    def keep(self, row: HelpArticle | None, data: dict[str, Any]) -> HelpArticle:
        text = ArticleText(topic_id=data.pop("topic").pk, **data)
        return commands.save_article(text=text, article=row, at=clock.now())


@admin.register(ReplyTemplate, site=ops_site)
class ReplyTemplateAdmin(WritingAdmin):
    """Texts that operators answer with often."""

    list_display = ("title", "topic", "text")
    list_display_links = ("title",)
    ordering: ClassVar[tuple[str, ...]] = ("position", "id")
    new_label = gettext_lazy("加一个模板")

    def form_of(self, request: HttpRequest, row: ReplyTemplate | None) -> forms.Form:
        fields = ("title", "topic", "text", "position")
        return TemplateForm(posted(request), initial={name: getattr(row, name) for name in fields} if row else None)

    def keep(self, row: ReplyTemplate | None, data: dict[str, Any]) -> ReplyTemplate:
        return commands.save_template(template=row, **data)


class TopicForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=20)
    slug = forms.CharField(label=gettext_lazy("网址名"), max_length=40, validators=[validate_slug])
    under = forms.ModelChoiceField(
        label=gettext_lazy("属于"), queryset=HelpTopic.objects.filter(under=None), required=False
    )
    icon = forms.ChoiceField(
        label=gettext_lazy("图标"),
        choices=[
            ("truck", gettext_lazy("配送")),
            ("rotate-ccw", gettext_lazy("退换")),
            ("wallet", gettext_lazy("支付")),
            ("file-text", gettext_lazy("发票")),
            ("coins", gettext_lazy("收益")),
            ("shield-check", gettext_lazy("账号")),
            ("info", gettext_lazy("其他")),
        ],
    )
    position = forms.IntegerField(label=gettext_lazy("排序"), min_value=0, max_value=9999, initial=0)


@admin.register(HelpTopic, site=ops_site)
class HelpTopicAdmin(WritingAdmin):
    """Headings of the help, in two levels."""

    list_display = ("name", "under", "slug", "position")
    list_display_links = ("name",)
    list_select_related = ("under",)
    ordering: ClassVar[tuple[str, ...]] = ("position", "id")
    new_label = gettext_lazy("加一个主题")

    def form_of(self, request: HttpRequest, row: HelpTopic | None) -> forms.Form:
        fields = ("name", "slug", "under", "icon", "position")
        return TopicForm(posted(request), initial={name: getattr(row, name) for name in fields} if row else None)

    def keep(self, row: HelpTopic | None, data: dict[str, Any]) -> HelpTopic:
        if row is not None and row.slug != data["slug"]:
            raise HelpRefused(_("网址名定了就不能改"))
        return commands.save_topic(**data)
