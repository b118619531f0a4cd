"""Reading pages in tests: what stands in their markup."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from members.models import Member


class Markup(HTMLParser):
    """Collects what a content security policy forbids, and the names of all fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.fields: dict[str, str] = {}
        self.images_without_size = 0
        self.ids: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        # Data for search engines are no code.
        self._in_script = tag == "script" and "src" not in found and found.get("type") != "application/ld+json"
        self.forbidden += [f"<{tag} {name}>" for name in found if name == "style" or re.match(r"on[a-z]+$", name)]
        if tag == "style":
            self.forbidden.append("<style>")
        if str(found.get("href", "")).startswith("javascript:"):
            self.forbidden.append("javascript:")
        if tag in ("input", "select", "textarea") and found.get("name"):
            self.fields[str(found["name"])] = str(found.get("value", ""))
        if tag == "img" and not (found.get("width") and found.get("height")):
            self.images_without_size += 1
        if found.get("id"):
            self.ids.append(str(found["id"]))

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.forbidden.append("inline script")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False


def markup(answer: Any) -> Markup:
    """The markup of an answer, which must be clean: no inline code or style, every image with its size, no id twice."""
    found = Markup(answer.content.decode())
    assert found.forbidden == []
    assert found.images_without_size == 0
    assert len(found.ids) == len(set(found.ids))
    return found


def signed_in(member: Member) -> Client:
    """A browser in which the member is logged in and has been here today."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/me/settings/").status_code == 200
    return client
