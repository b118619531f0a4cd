"""The pages of /ops/ as a whole: they open with no data, speak Chinese, and show each operator their part alone."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from mall import messages
from mall.core.admin import ops_site
from mall.core.rights import PLANS, RELEASE, REVIEW, SERVICE
from tests.factories import a_member
from tests.operators import as_, operator, superuser, text

pytestmark = pytest.mark.django_db

LISTS = [
    reverse(f"ops:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in sorted(ops_site._registry, key=lambda model: model._meta.label)
]
PAGES = ["/ops/", "/ops/ledger/balances/", "/ops/linkage/fund/", "/ops/linkage/fund/grant/"]
PAGES += ["/ops/linkage/planversion/draft/", "/ops/linkage/planversion/switch-off/", "/ops/compliance/"]
PAGES += ["/ops/linkage/simulationrun/new/", "/ops/payouts/stop/", "/ops/payouts/stop/place/"]
PAGES += ["/ops/compliance/evidence/", "/ops/linkage/adjustment/ask/"]
PAGES += ["/ops/staff/", "/ops/staff/matrix/", "/ops/second-factor/"]
PAGES += ["/ops/risk/rules/", "/ops/risk/rules/same_device/"]
PAGES += ["/ops/compliance/evidence/", "/ops/linkage/adjustment/ask/", "/ops/reconciliation/"]
PAGES += ["/ops/ledger/explore/", "/ops/service/topics/"]
PAGES += ["/ops/payouts/payoutbatch/make/", "/ops/payouts/many/approve/", "/ops/payouts/many/release/"]
PAGES += ["/ops/payouts/stop/ask/", "/ops/payouts/stop/lift/"]
PAGES += ["/ops/aims/", "/ops/aims/targets/gmv/", "/ops/aims/goals/members/", "/ops/cockpit/repeat-buyers/"]
PAGES += ["/ops/search/", "/ops/health/"]
# What is no word: the keyboard's key, the mall's versions.
ALLOWED = {"esc", "SKU", "CSV", "XLSX", "PostgreSQL"}


class Reader(HTMLParser):
    """Collects what people see or hear of a page: its text without scripts and icons, and spoken attributes."""

    SPOKEN = ("placeholder", "title", "alt", "aria-label")
    EMPTY = ("input", "img", "link", "meta", "br", "hr", "path", "rect", "use")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.said += [found[name] or "" for name in self.SPOKEN if name in found]
        silent = tag in ("script", "style", "template", "head", "code") or "material-symbols" in (
            found.get("class") or ""
        )
        if tag not in self.EMPTY:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self.open):
            self.said.append(data)


def words(page: str) -> set[str]:
    """Return the Latin words that people see or hear on a page."""
    reader = Reader()
    reader.feed(page)
    return set(re.findall(r"\b[A-Za-z]{3,}\b", " ".join(reader.said))) - ALLOWED


@pytest.mark.parametrize("address", [*LISTS, *PAGES])
def test_a_page_opens_without_any_data_and_has_no_english_word(address):
    answer = as_(superuser()).get(address, follow=True)
    assert answer.status_code == 200
    assert words(text(answer)) == set()


@pytest.mark.parametrize("group", [REVIEW, RELEASE, PLANS, SERVICE])
def test_every_item_of_the_navigation_opens_for_whom_it_is_shown(group):
    client = as_(operator("同事", group))
    page = text(client.get("/ops/"))
    navigation = page.split('id="nav-sidebar-apps"')[1].split("</nav>")[0]
    items = re.findall(r'href="(/ops/[^"]*)"', navigation)
    assert len(items) > 15
    for item in items:
        assert client.get(item, follow=True).status_code == 200


def test_staff_without_a_group_see_no_list_in_the_navigation():
    page = text(as_(operator("新同事")).get("/ops/"))
    navigation = page.split('id="nav-sidebar-apps"')[1].split("</nav>")[0]
    assert re.findall(r'href="(/ops/[^"]*)"', navigation) == ["/ops/"]


def test_the_cockpit_counts_what_waits_and_leads_there():
    page = text(as_(operator("苏敏", REVIEW)).get("/ops/"))
    for figure in (
        "提现待初审",
        "提现待复核",
        "打款中",
        "付款订单",
        "退款在途",
        "生效方案",
        "待结算事件",
        "帮扶基金",
    ):
        assert figure in page
    assert "没有方案，订单不产生奖励" in page
    assert 'href="/ops/payouts/withdrawal/?state__exact=approved"' in page


def test_members_are_sent_to_log_in_at_every_page():
    client = as_(a_member())
    for address in [*LISTS, *PAGES]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/ops/login/")


def test_the_words_of_the_theme_are_compiled_from_their_source():
    path = messages.catalogue_path("zh_Hans")
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.kept("zh_Hans"))
