"""Chinese full text for other apps: the same words that products are found by."""

from collections.abc import Iterable

from suppliers.rules import HTML_MAX, clean_html, groups_of, query_of, vector


def words_vector(*, fields: Iterable[tuple[str, str]], spelled: Iterable[str] = ()) -> str:
    """Return the literal of a `tsvector` (cast it): `fields` are (text, weight A to D), `spelled` words to be found by
    their pinyin too."""
    return vector(fields, spelled=spelled)


def words_query(*, text: str) -> str:
    """Return the literal of a `tsquery` (cast it) for what somebody typed; empty where there is no word in it."""
    return query_of(groups_of(text))


def shown_html(*, block: dict[str, str]) -> str:
    """Return the markup of one block of a detail. It was clean when it was kept, and is cleaned once more."""
    return clean_html(block.get("html", "")[:HTML_MAX])
