"""Words for ids of apps above: a list of a lower floor may show a member's rank or a supplier's name and know neither.

`settings.LABELS` names for each kind of id the query of the app that knows: `{"member_title": "app.queries.name"}`.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

Query = Callable[[list[int]], dict[int, str]]


def labels(kind: str, ids: Iterable[int | None]) -> dict[int, str]:
    """Return a word for each id that is known, in one question; nothing where nobody answers for that kind."""
    wanted = sorted({number for number in ids if number is not None})
    answering = settings.LABELS.get(kind)
    if answering is None or not wanted:
        return {}
    query: Query = import_string(answering)
    return query(wanted)
