"""C-25: the help is found by its words, and holds nothing that runs."""

import pytest
from django.test import Client, override_settings

from service.commands import ArticleText, HelpRefused, save_article, save_topic
from service.models import HelpArticle
from service.queries import help_sections, search_help
from service.rules import HTML_MAX, article_html
from tests.factories import AT, a_member
from tests.operators import as_, operator, text
from tests.pages.reading import markup
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def test_articles_are_found_by_words_that_stand_in_them_title_first(an_article):
    by_text = an_article("怎么开发票", "开票信息里可以写退款后的处理")
    by_title = an_article("退款多久到账？")
    assert [found.pk for found in search_help(text="退款")] == [by_title.pk, by_text.pk]
    assert [found.pk for found in search_help(text="发票")] == [by_text.pk]


@pytest.mark.parametrize("words", ["", "   ", "！？", "火星", "' | !", "a:*", "\\", "(", "退" * 5000])
def test_words_that_find_nothing_are_answered_all_the_same(an_article, client: Client, words):
    an_article()
    answer = client.get("/help", {"q": words})
    assert answer.status_code == 200
    markup(answer)


def test_a_search_that_finds_nothing_leads_to_people(an_article, client: Client):
    an_article()
    page = client.get("/help", {"q": "火星"}).content.decode()
    assert "没有找到答案" in page
    assert "/support/new" in page


def test_the_page_shows_topics_in_two_levels_with_few_queries(
    an_article, client: Client, django_assert_max_num_queries
):
    first = an_article()
    below = save_topic(name="换货", slug="exchange", under=first.topic)
    save_article(text=ArticleText(below.pk, "怎么换货", "exchange-how", "在订单里申请"), at=AT)
    save_topic(name="空的", slug="nothing")
    with django_assert_max_num_queries(4):
        page = client.get("/help").content.decode()
    assert "换货" in page
    assert "空的" not in page
    assert [section.topic.slug for section in help_sections()] == ["returns"]
    with pytest.raises(HelpRefused):
        save_topic(name="第三级", slug="third", under=below)


def test_an_article_is_public_described_and_followed_by_its_like(an_article, client: Client):
    article, other = an_article(), an_article("退货运费谁出")
    answer = client.get(f"/help/{article.slug}")
    markup(answer)
    page = answer.content.decode()
    assert '"@type":"FAQPage"' in page
    assert other.title in page
    assert answer["X-Page"] == "public"


def test_an_article_that_is_not_published_is_nobodys(an_article, client: Client):
    article = an_article(is_published=False)
    assert client.get(f"/help/{article.slug}").status_code == 404
    assert search_help(text="退款") == []
    assert client.get("/help/no-such").status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        "<p>x</p><script>alert(1)</script>",
        '<p onclick="x()">x</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p><a href="//evil.example/">x</a></p>',
        '<p><a href="data:text/html,x">x</a></p>',
        "<p>x</p><svg onload=alert(1)>",
        '<p style="position:fixed">x</p>',
        "<p>x</p><iframe src=/ops/></iframe>",
        '<p>x<img src="https://evil.example/x.gif"></p>',
    ],
)
def test_markup_that_runs_loads_or_leads_astray_is_dropped(an_article, client: Client, bad):
    article = an_article(text=bad)
    page = client.get(f"/help/{article.slug}").content.decode().partition("<article")[2].partition("</article>")[0]
    for word in ("script", "onclick", "javascript:", "evil", "data:", "svg", "style=", "iframe", "<img"):
        assert word not in page


def test_plain_text_becomes_paragraphs_and_lists():
    assert (
        article_html("一\n二\n\n- 甲\n- <b>乙</b>")
        == "<p>一<br>二</p><ul><li>甲</li><li>&lt;b&gt;乙&lt;/b&gt;</li></ul>"
    )


def test_what_cannot_be_kept_is_refused(an_article):
    article = an_article()
    with nothing_changes():
        for title, slug, words in [
            ("", "x", "正文"),
            ("标题", "x", "<p></p>"),
            ("标题", article.slug, "正文"),
            ("长" * 61, "x", "正文"),
            ("标题", "x", "长" * (HTML_MAX + 1)),
        ]:
            with pytest.raises(HelpRefused):
                save_article(text=ArticleText(article.topic_id, title, slug, words), at=AT)


def test_people_can_be_reached_as_far_as_they_can_be(client: Client):
    page = client.get("/help").content.decode()
    assert "tel:" not in page
    assert "wecom.svg" not in page
    assert client.get("/help/wecom.svg").status_code == 404
    with override_settings(SERVICE_PHONE="400-800-1234", SERVICE_WECOM_URL="https://work.weixin.qq.com/u/x"):
        page = client.get("/help").content.decode()
        assert 'href="tel:400-800-1234"' in page
        assert client.get("/help/wecom.svg").content.startswith(b"<svg")


def test_operators_with_the_right_write_the_help():
    topic = save_topic(name="支付", slug="payment")
    browser = as_(operator("客服", "operator_service"))
    fields = {"topic": topic.pk, "title": "怎么付款", "slug": "how-to-pay", "text": "微信或支付宝", "position": 0}
    assert browser.post("/ops/service/helparticle/new/", {**fields, "is_published": "on"}).status_code == 302
    article = HelpArticle.objects.get()
    assert article.html == "<p>微信或支付宝</p>"
    assert "怎么付款" in text(browser.get("/ops/service/helparticle/"))
    changed = {**fields, "title": "可以怎么付款", "is_published": "on"}
    assert browser.post(f"/ops/service/helparticle/{article.pk}/change/", changed).status_code == 302
    assert HelpArticle.objects.get().title == "可以怎么付款"


def test_others_only_read_it(an_article):
    article = an_article()
    for person in (operator("复核", "operator_release"), a_member()):
        browser = as_(person)
        with nothing_changes():
            assert browser.get("/ops/service/helparticle/new/").status_code in (302, 403)
            assert browser.post(f"/ops/service/helparticle/{article.pk}/change/", {"title": "x"}).status_code in (
                302,
                403,
            )
