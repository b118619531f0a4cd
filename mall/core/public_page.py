"""What a page for everybody says of itself to search engines and chats. A view that describes nothing is not indexed.

    describe(request, title=product.name, description=product.subtitle, image=product.image, crumbs=[…], linked=[…])

The frame of the page writes the description, the canonical address, the card that chats show, and the linked data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

DESCRIPTION_MAX = 120


@dataclass(frozen=True, slots=True)
class PublicPage:
    """How a page is shown elsewhere. `path` is canonical, without what only sorts, pages or counts; `image` an address
    of this site; `crumbs` lead from the front page to this one as (name, path); `linked` are JSON-LD objects.
    `share_path` is under what it is passed on where that is another path."""

    path: str
    title: str
    description: str
    image: str
    kind: str
    crumbs: tuple[tuple[str, str], ...]
    linked: tuple[Mapping[str, Any], ...]
    share_path: str = ""

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path

    @property
    def image_url(self) -> str:
        return settings.SITE_URL + self.image if self.image else ""

    @property
    def graph(self) -> list[Mapping[str, Any]]:
        """All linked data of the page: its own, and the way to it."""
        graph = list(self.linked)
        if self.crumbs:
            steps = [
                {"@type": "ListItem", "position": place, "name": name, "item": settings.SITE_URL + path}
                for place, (name, path) in enumerate(self.crumbs, 1)
            ]
            graph.append({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": steps})
        return graph


def describe(
    request: HttpRequest,
    *,
    title: str,
    description: str = "",
    image: str = "",
    kind: str = "website",
    path: str = "",
    crumbs: Iterable[tuple[str, str]] = (),
    linked: Iterable[Mapping[str, Any]] = (),
    share_path: str = "",
) -> PublicPage:
    """Say that the page is for everybody and how it is shown elsewhere. Call it before the page is rendered."""
    page = PublicPage(
        path=path or request.path,
        title=title,
        description=" ".join(description.split())[:DESCRIPTION_MAX],
        image=image,
        kind=kind,
        crumbs=tuple(crumbs),
        linked=tuple(linked),
        share_path=share_path,
    )
    request.public_page = page  # type: ignore[attr-defined]
    return page


def described(request: HttpRequest) -> PublicPage | None:
    """Return what the view said, or None: the page is nobody's but the visitor's."""
    return getattr(request, "public_page", None)


def site_data() -> list[Mapping[str, Any]]:
    """Return the linked data of the front page: who runs the mall, and how it is searched."""
    named = {"@context": "https://schema.org", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}
    target = {"@type": "EntryPoint", "urlTemplate": f"{settings.SITE_URL}/search?q={{search_term_string}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    logo = f"{settings.SITE_URL}{static('img/mark-512.png')}"
    return [{**named, "@type": "Organization", "logo": logo}, {**named, "@type": "WebSite", "potentialAction": search}]
