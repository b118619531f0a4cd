"""A phone in a real Chromium, and the mall it looks at, with a real Celery worker where a journey needs one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.accessibility import violations
from tests.browser.pages import DEVICES
from tests.processes import Worker, celery_worker
from tests.stand_ins import point_to

# Playwright's own loop runs in the test's thread; the ORM is used there between its steps, never inside them.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(chromium.node()))

PHONE, DESK = DEVICES["phone"], DEVICES["desk"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.find()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found.path, args=chromium.ARGUMENTS, env={**os.environ, **found.environment}
        )
        yield running
        running.close()


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of a running mall; its payment providers are reached there too."""
    point_to(settings, str(live_server.url))
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Any]:
    """Open pages of separate people: `open_page()` is a phone, `open_page(DESK)` a desk. Page errors fail the test."""
    contexts = []
    complaints: list[str] = []

    def open_new(device: dict[str, Any] = PHONE, **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", **device, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: complaints.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        return page

    yield open_new
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(open_page: Any) -> Page:
    page: Page = open_page()
    return page


@pytest.fixture
def worker(transactional_db: None, site: str) -> Iterator[Worker]:
    """A Celery worker on the test database, as in production."""
    with celery_worker(SITE_URL=site, SANDBOX_URL=f"{site}/sandbox") as running:
        yield running


@pytest.fixture
def accessible() -> Any:
    """`accessible(page)` fails with what axe finds on the page as it is now."""

    def check(page: Page, *, leave_out: tuple[str, ...] = ()) -> None:
        found = violations(page, leave_out=leave_out)
        assert found == [], "\n".join(map(str, found))

    return check
