"""Writing rows whose numbers are drawn by chance (`mall.core.ids.numbered`)."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError

TRIES = 5
# As PostgreSQL names the constraint of a unique `number`; withdrawals and grants are events by a key that has it in it.
_NUMBERS = ("_number_key", "linkage_event_key_key")

Written = TypeVar("Written")


def drawn_anew(write: Callable[[], Written]) -> Written:
    """Return what `write` returns; where a number that it drew is taken already, it is called again and draws another.

    `write` is a transaction or a savepoint of its own, so that nothing is left of a try that failed. Any other
    IntegrityError is raised as it comes, and so is the last of five collisions.
    """
    for _ in range(TRIES - 1):
        try:
            return write()
        except IntegrityError as error:
            if not is_number_taken(error):
                raise
    return write()


def is_number_taken(error: IntegrityError) -> bool:
    """Say whether a row could not be written because its number is another row's."""
    said = getattr(error.__cause__, "diag", None)
    return str(getattr(said, "constraint_name", None) or "").endswith(_NUMBERS)
