"""Writing the help."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from mall.core.text import clean_line
from service.models import HelpArticle, HelpTopic
from service.rules import article_html, words_in
from suppliers.queries import words_vector

SUMMARY_MAX = 120


class HelpRefused(Exception):
    """What was written cannot be kept. The text is for the operator."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What an operator writes. `text` is markup or plain text."""

    topic_id: int
    title: str
    slug: str
    text: str
    is_published: bool = True
    is_hot: bool = False
    position: int = 0


def save_topic(
    *, name: str, slug: str, icon: str = "info", under: HelpTopic | None = None, position: int = 0
) -> HelpTopic:
    """Write a heading of the help, or give the one of that slug another name and place. There are two levels."""
    if under is not None and under.under_id is not None:
        raise HelpRefused(_("帮助主题只有两级"))
    topic, _made = HelpTopic.objects.update_or_create(
        slug=slug, defaults={"name": name, "icon": icon, "under": under, "position": position}
    )
    return topic


def save_article(*, text: ArticleText, article: HelpArticle | None = None, at: datetime) -> HelpArticle:
    """Write an article, or another text of one. Its markup is cleaned, and its words are kept for the search."""
    try:
        title, markup = clean_line(text.title, 60), article_html(text.text)
    except ValueError:
        raise HelpRefused(_("标题或正文太长")) from None
    words = words_in(markup)
    if not title or not words:
        raise HelpRefused(_("标题和正文都要写"))
    known = HelpArticle.objects.filter(slug=text.slug).values_list("pk", flat=True).first()
    if known is not None and (article is None or known != article.pk):
        raise HelpRefused(_("这个网址名已经用过"))
    with transaction.atomic():
        row = article or HelpArticle()
        row.topic_id = text.topic_id
        row.title, row.slug, row.html, row.summary = title, text.slug, markup, words[:SUMMARY_MAX]
        row.is_published, row.is_hot, row.position, row.written_at = text.is_published, text.is_hot, text.position, at
        row.save()
        vector = words_vector(fields=[(title, "A"), (words, "C")], spelled=[title])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE service_helparticle SET search = %s::tsvector WHERE id = %s", [vector, row.pk])
    return row
