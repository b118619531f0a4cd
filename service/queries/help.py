"""What customers can read."""

from dataclasses import dataclass

from django.db import connection

from service.models import HelpArticle, HelpTopic
from suppliers.queries import words_query

FOUND_MAX = 20


@dataclass(frozen=True, slots=True)
class HelpSection:
    """A heading with its articles, and the headings under it."""

    topic: HelpTopic
    articles: list[HelpArticle]
    parts: list["HelpSection"]


def help_sections() -> list[HelpSection]:
    """Return the whole help as a tree, without headings under which nothing stands."""
    topics = list(HelpTopic.objects.all())
    articles: dict[int, list[HelpArticle]] = {}
    for article in HelpArticle.objects.filter(is_published=True).defer("html", "search"):
        articles.setdefault(article.topic_id, []).append(article)
    return _sections(topics, articles, None)


def hot_articles() -> list[HelpArticle]:
    """Return what most people ask."""
    return list(HelpArticle.objects.filter(is_published=True, is_hot=True).defer("html", "search")[:6])


_FOUND = """
SELECT article.id
FROM service_helparticle AS article, (SELECT %s::tsquery AS wanted) AS query
WHERE article.is_published AND article.search @@ query.wanted
ORDER BY ts_rank_cd(article.search, query.wanted) DESC, article.position, article.id
LIMIT %s
"""


def search_help(*, text: str) -> list[HelpArticle]:
    """Return articles in which the words stand, the best first; nothing where there is no word."""
    query = words_query(text=text)
    if not query:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [query, FOUND_MAX])
        ids = [row[0] for row in cursor.fetchall()]
    rows = HelpArticle.objects.defer("html", "search").in_bulk(ids)
    return [rows[number] for number in ids]


def article_by_slug(*, slug: str) -> HelpArticle | None:
    """Return an article that everybody may read."""
    found = HelpArticle.objects.select_related("topic__under").filter(slug=slug, is_published=True)
    return found.defer("search").first()


def articles_beside(*, article: HelpArticle) -> list[HelpArticle]:
    """Return other articles of the same topic."""
    beside = HelpArticle.objects.filter(topic_id=article.topic_id, is_published=True).exclude(pk=article.pk)
    return list(beside.defer("html", "search")[:4])


def _sections(
    topics: list[HelpTopic], articles: dict[int, list[HelpArticle]], under_id: int | None
) -> list[HelpSection]:
    found = [
        HelpSection(topic, articles.get(topic.pk, []), _sections(topics, articles, topic.pk))
        for topic in topics
        if topic.under_id == under_id
    ]
    return [section for section in found if section.articles or section.parts]
