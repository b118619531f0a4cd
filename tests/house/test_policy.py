"""What every answer of the mall says to the browser."""

import pytest
from django.test import Client


@pytest.fixture
def shop(client: Client, db: None) -> dict[str, str]:
    return dict(client.get("/account/login/").headers)


def test_shop_pages_run_nothing_inline(shop):
    policy = shop["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "style-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_only_the_admin_sites_are_looser(client, db):
    for path in ["/ops/login/", "/supplier/login/"]:
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-inline' 'unsafe-eval'" in policy
        assert "default-src 'none'" in policy


def test_a_path_that_only_looks_like_an_admin_site_is_strict(client, db):
    assert "unsafe" not in client.get("/opsx/").headers["Content-Security-Policy"]


def test_answers_are_not_sniffed_framed_or_leaked(shop):
    assert shop["X-Content-Type-Options"] == "nosniff"
    assert shop["X-Frame-Options"] == "DENY"
    assert shop["Referrer-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts(client, db):
    cookies = client.get("/account/login/").cookies
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in cookies.values())
    assert "csrftoken" in cookies


def test_the_health_page_asks_both_servers(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer.headers["Cache-Control"]
