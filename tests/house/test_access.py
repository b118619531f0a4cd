"""Every address of the mall says who may open it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from mall.core.access import Rule, demo_only, members_only, only, operators_only, public

# Other people's views, which bring their own rule.
THIRD_PARTY = {"allauth.", "django.views.static", "django.views.i18n", "rest_framework.schemas"}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield where, entry.callback
        else:
            yield from addresses(entry, where)


def rule_of(view: Any) -> str:
    """Return the name of the rule that guards a view, or nothing."""
    if isinstance(getattr(view, "access", None), Rule):
        return str(view.access.name)
    if hasattr(view, "admin_site") or hasattr(view, "model_admin"):
        return "admin site"
    module = getattr(view, "__module__", "")
    if module.startswith(tuple(THIRD_PARTY)):
        return "third party"
    if module.startswith(("django.contrib.admin", "unfold.")):
        return "admin site"
    return ""


def test_every_address_has_a_permission_rule():
    without = [where for where, view in addresses(get_resolver()) if not rule_of(view)]
    assert without == []


@pytest.fixture
def page():
    def view(request, **kwargs):
        return HttpResponse("inside")

    return view


class Person:
    is_authenticated = True

    def __init__(self, *, is_active: bool = True, is_staff: bool = False) -> None:
        self.is_active, self.is_staff = is_active, is_staff


def ask(view, user, **headers):
    request = RequestFactory().get("/orders/?page=2", headers=headers)
    request.user = user
    return view(request)


def test_a_stranger_opens_public_pages_and_is_sent_to_log_in_by_others(page):
    assert ask(public(page), AnonymousUser()).content == b"inside"
    answer = ask(members_only(page), AnonymousUser())
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/orders/%3Fpage%3D2")


def test_a_fragment_moves_the_whole_page_to_log_in_and_only_back_to_this_mall(page):
    answer = ask(
        members_only(page), AnonymousUser(), **{"HX-Request": "true", "HX-Current-URL": "https://evil.example//x"}
    )
    assert answer["HX-Redirect"].endswith("?next=/x")


def test_a_member_is_no_operator(page):
    assert ask(members_only(page), Person()).content == b"inside"
    with pytest.raises(PermissionDenied):
        ask(operators_only(page), Person())
    with pytest.raises(PermissionDenied):
        ask(operators_only(page), Person(is_staff=True, is_active=False))
    assert ask(operators_only(page), Person(is_staff=True)).content == b"inside"


def test_an_app_makes_its_own_rule(page):
    seven_only = only(Rule("seven", lambda member: getattr(member, "number", 0) == 7))
    with pytest.raises(PermissionDenied):
        ask(seven_only(page), Person())


def test_pages_of_the_demo_do_not_exist_elsewhere(page, settings):
    settings.DEMO = False
    with pytest.raises(Http404):
        ask(demo_only(page), AnonymousUser())
