"""Whom a page is for."""

from typing import cast

from django.http import HttpRequest

from members.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return who is signed in; behind `members_only` it is always a member."""
    return cast(Member, request.user)
