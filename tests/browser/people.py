"""How people come in: members by phone and code, operators by password."""

import re
from importlib import import_module

from playwright.sync_api import Page

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def log_in(page: Page, phone: str, *, then: str = "/me/") -> None:
    """Log a member in as a person does; the code is read in the demo's outbox, on a page of its own."""
    page.goto(f"/account/login/?next={then}")
    page.fill("input[name=phone]", phone.removeprefix("+86"))
    page.check("input[name=agreed]")
    with page.expect_navigation():
        page.click("main form#login button[type=submit]:not([formaction])")
    page.fill("input[name=code]", newest_code(page, phone))
    with page.expect_navigation():
        page.locator("main form:has(input[name=code]) button[type=submit]").click()


def newest_code(page: Page, phone: str) -> str:
    """Return the newest code that was sent to the phone."""
    answer = page.request.get("/demo/outbox")
    for card in re.split(r"<section", answer.text())[1:]:
        digits = re.sub(r"[\s\u2009\u00a0]", "", re.sub(r"<[^>]+>", " ", card))
        if phone.removeprefix("+86") in digits:
            found = CODE.search(re.sub(r"<[^>]+>", " ", card.split("</div>", 1)[1]))
            assert found is not None, card
            return found.group()
    raise AssertionError(f"no code was sent to {phone}")


def give_device(phone: str) -> None:
    """Enrol an operator in this process's database. Imported late: pictures are taken by a process without Django."""
    from mall.core import clock
    from mall.core.totp import new_secret
    from members.commands.staff import keep_device
    from members.models import Member

    keep_device(member=Member.objects.get(phone=phone), secret=new_secret(), at=clock.now())


def show_code_again(page: Page) -> None:
    """Let an operator's session have shown its code just now, where days have passed on the mall's clock since it came
    in. That and how it is asked for again has tests of its own."""
    from django.conf import settings

    from mall.core import clock
    from members.second_factor import SESSION_KEY

    (key,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session[SESSION_KEY] = int(clock.now().timestamp())
    session.save()


def log_in_with_password(page: Page, phone: str, password: str, *, site: str = "/ops/") -> None:
    """Log an operator or a supplier's user in on an admin site. An operator who has no device yet is given one: how
    people enrol theirs has a test of its own."""
    page.goto(f"{site}login/?next={site}")
    page.fill("input[name=username]", phone)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.click("form button[type=submit], form input[type=submit]")
    if "/second-factor/enrol/" in page.url:
        give_device(phone)
        page.goto(site)
    if "/second-factor/" in page.url:
        page.fill("input[name=code]", newest_code(page, phone))
        with page.expect_navigation():
            page.click("form:has(input[name=code]) button[type=submit]")
