"""What products are found by, and what people look for."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .product import Product


class SearchDocument(models.Model):
    """The words of one product: as a vector with weights, and its name in pinyin for typos.

    Written by the command that writes the product, so it is never behind.
    """

    product = models.OneToOneField(
        Product, primary_key=True, on_delete=models.CASCADE, related_name="search", verbose_name=_("商品")
    )
    vector = SearchVectorField(verbose_name=_("词"))
    pinyin = models.TextField(verbose_name=_("拼音"))
    initials = models.TextField(verbose_name=_("拼音首字母"))

    class Meta:
        verbose_name = _("搜索文档")
        verbose_name_plural = _("搜索文档")
        indexes = [
            # Entries are written at once: products change seldom, and a search never wades through a pending list.
            GinIndex(fields=["vector"], name="suppliers_search_vector", fastupdate=False),
            # Parts of a name in pinyin, and names written nearly right.
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="suppliers_search_pinyin", fastupdate=False),
        ]

    def __str__(self) -> str:
        return str(self.product_id)


class SearchTerm(models.Model):
    """A word that products are found by, with its pinyin: what is suggested, and what a typo is corrected to."""

    word = models.CharField(max_length=20, primary_key=True, verbose_name=_("词"))
    pinyin = models.CharField(max_length=120, verbose_name=_("拼音"))
    initials = models.CharField(max_length=20, verbose_name=_("拼音首字母"))
    products = models.PositiveIntegerField(default=0, verbose_name=_("商品数"))

    class Meta:
        verbose_name = _("搜索词")
        verbose_name_plural = _("搜索词")
        indexes = [
            # How a word begins, in characters, pinyin or initials.
            models.Index(fields=["pinyin"], opclasses=["text_pattern_ops"], name="suppliers_term_pinyin"),
            models.Index(fields=["initials"], opclasses=["text_pattern_ops"], name="suppliers_term_initials"),
            GinIndex(fields=["pinyin"], opclasses=["gin_trgm_ops"], name="suppliers_term_typos", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.word


class SearchWord(models.Model):
    """What people search for. `heat` grows by every searcher and fades by the day; a blocked word is never shown."""

    word = models.CharField(max_length=20, primary_key=True, verbose_name=_("词"))
    heat = models.PositiveIntegerField(default=0, verbose_name=_("热度"))
    searches = models.PositiveIntegerField(default=0, verbose_name=_("搜索次数"))
    is_blocked = models.BooleanField(default=False, verbose_name=_("屏蔽"))
    searched_at = models.DateTimeField(verbose_name=_("最近搜索"))

    class Meta:
        verbose_name = _("热搜词")
        verbose_name_plural = _("热搜词")
        indexes = [
            models.Index(
                fields=["-heat", "word"], condition=models.Q(is_blocked=False), name="suppliers_searchword_hot"
            ),
        ]

    def __str__(self) -> str:
        return self.word


class SearchHistory(models.Model):
    """A member's own last searches, which the member can clear."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="searches",
        verbose_name=_("会员"),
    )
    word = models.CharField(max_length=20, verbose_name=_("词"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("搜索历史")
        verbose_name_plural = _("搜索历史")
        constraints = [models.UniqueConstraint(fields=["member", "word"], name="suppliers_searchhistory_once")]

    def __str__(self) -> str:
        return self.word
