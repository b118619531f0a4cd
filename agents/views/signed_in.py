"""The member behind a request, once `members_only` has let it in."""

from django.http import HttpRequest

from members.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return the signed-in member."""
    member = request.user
    assert isinstance(member, Member)
    return member
