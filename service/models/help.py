"""What customers can read before they ask: topics in a tree of two levels, and articles in them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HelpTopic(models.Model):
    """A heading of the help; one that stands `under` another is its part."""

    name = models.CharField(max_length=20, verbose_name=_("名称"))
    slug = models.SlugField(max_length=40, unique=True, verbose_name=_("网址名"))
    under = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", verbose_name=_("属于")
    )
    icon = models.CharField(max_length=30, default="info", verbose_name=_("图标"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))

    class Meta:
        verbose_name = _("帮助主题")
        verbose_name_plural = _("帮助主题")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(under=models.F("id")), name="service_help_topic_not_under_itself")
        ]

    def __str__(self) -> str:
        return self.name


class HelpArticle(models.Model):
    """One question with its answer. `html` was cleaned when it was written; `search` holds the words of both."""

    topic = models.ForeignKey(HelpTopic, on_delete=models.PROTECT, related_name="articles", verbose_name=_("主题"))
    title = models.CharField(max_length=60, verbose_name=_("标题"))
    slug = models.SlugField(max_length=60, unique=True, verbose_name=_("网址名"))
    html = models.TextField(verbose_name=_("正文"))
    summary = models.CharField(max_length=120, blank=True, verbose_name=_("摘要"))
    search = SearchVectorField(null=True, editable=False)
    is_published = models.BooleanField(default=False, verbose_name=_("发布"))
    is_hot = models.BooleanField(default=False, verbose_name=_("常见问题"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))
    written_at = models.DateTimeField(verbose_name=_("更新时间"))

    class Meta:
        verbose_name = _("帮助文章")
        verbose_name_plural = _("帮助文章")
        ordering = ["position", "id"]
        indexes = [GinIndex(fields=["search"], name="service_help_article_search")]

    def __str__(self) -> str:
        return self.title
