"""The help: what others asked, and how to reach people."""

from io import BytesIO

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mall.core.access import public
from mall.core.public_page import describe
from service import queries
from service.models import HelpArticle
from service.rules import article_html, words_in

QUERY_MAX = 40


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """All articles by topic, or those in which the words stand (`?q=`)."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_MAX]
    title = _("帮助与客服")
    describe(
        request,
        title=f"{title} · {settings.SITE_NAME}",
        description=_("配送、退换、支付、发票、收益：常见问题和人工客服。"),
        path=reverse("service:help"),
        crumbs=[(settings.SITE_NAME, "/"), (title, reverse("service:help"))],
    )
    page = {
        "query": text,
        "found": queries.search_help(text=text) if text else [],
        "hot": [] if text else queries.hot_articles(),
        "sections": queries.help_sections(),
        "phone": settings.SERVICE_PHONE,
        "wecom": settings.SERVICE_WECOM_URL,
        "hours": settings.TICKET_REPLY_HOURS,
    }
    return render(request, "service/help.html", page)


@public
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One question and its answer."""
    found = queries.article_by_slug(slug=slug)
    if found is None:
        raise Http404
    describe(
        request,
        title=found.title,
        description=found.summary,
        kind="article",
        crumbs=[
            (settings.SITE_NAME, "/"),
            (_("帮助与客服"), reverse("service:help")),
            (found.title, reverse("service:article", args=[found.slug])),
        ],
        linked=[_question(found)],
    )
    page = {
        "article": found,
        # Clean since it was written, and cleaned once more.
        "html": mark_safe(article_html(found.html)),
        "beside": queries.articles_beside(article=found),
    }
    return render(request, "service/article.html", page)


@public
@require_safe
@cache_control(max_age=86_400)
def wecom(request: HttpRequest) -> HttpResponse:
    """The QR code of the 企业微信 contact, where there is one."""
    if not settings.SERVICE_WECOM_URL:
        raise Http404
    out = BytesIO()
    segno.make(settings.SERVICE_WECOM_URL, error="m", micro=False).save(
        out, kind="svg", border=3, scale=4, dark="#1f1d1a", light="#ffffff", xmldecl=False
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def _question(found: HelpArticle) -> dict[str, object]:
    answer = {"@type": "Answer", "text": words_in(found.html)}
    question = {"@type": "Question", "name": found.title, "acceptedAnswer": answer}
    return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [question]}
