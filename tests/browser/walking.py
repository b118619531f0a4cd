"""One person with a phone, who comes to every page by tapping, and finds each of them in order."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Response, expect

from members.models import Member
from tests.browser.people import newest_code

NARROW = {"width": 320, "height": 640}


@dataclass
class Walk:
    """One person with a phone. `seen` are the pages that were reached and found in order."""

    page: Page
    accessible: Callable[[Page], None]
    status: int = 0
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        request = answer.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.status = answer.status

    def link(self, name: str, *, within: str = "body") -> Locator:
        return self.page.locator(within).get_by_role("link", name=name).first

    def go(self, name: str, *, within: str = "body") -> None:
        """Tap a link by what it says, and follow it to another page."""
        self.follow(self.link(name, within=within))

    def press(self, name: str, *, within: str = "body") -> None:
        """Tap a button by what it says, and come to another page."""
        self.follow(self.page.locator(within).get_by_role("button", name=name).first)

    def follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()

    def tab(self, name: str) -> None:
        """Tap a tab at the foot of the page."""
        self.go(name, within=".tabbar")

    def back(self) -> None:
        """Tap the arrow at the head of the page."""
        self.follow(self.page.locator(".top-back"))

    def me(self) -> None:
        """Come to 我的 from anywhere: by the tab where there is one, else from the front page."""
        if not self.page.locator(".tabbar").is_visible():
            self.page.goto("/")
        self.tab("我的")
        expect(self.page.get_by_role("heading", name="我的订单")).to_be_visible()

    def arrive(self, number: str, heading: str, *, status: int = 200) -> None:
        """Be on the page of this number: with its heading, of this status, and of use for everybody."""
        expect(self.page.get_by_role("heading", name=heading).first).to_be_attached()
        assert self.status == status, self.page.url
        self.look()
        self.seen.append(number)

    def look(self) -> None:
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], self.page.url
        self.page.set_viewport_size(size)
        self.accessible(self.page)


def log_in(walk: Walk, member: Member) -> None:
    """Log in on the page where one is asked to."""
    walk.page.fill("input[name=phone]", str(member.phone).removeprefix("+86"))
    walk.page.check("input[name=agreed]")
    walk.press("获取验证码")
    expect(walk.page.get_by_role("heading", name="输入验证码")).to_be_visible()
    walk.page.fill("input[name=code]", newest_code(walk.page, str(member.phone)))
    with walk.page.expect_navigation():
        walk.page.locator("main form:has(input[name=code]) button[type=submit]").click()
