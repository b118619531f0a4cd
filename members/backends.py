"""Who is signed in: as allauth has it, found by a query that is built once, since nearly every page asks."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from mall.core.built import Built

from .models import Member

_BY_ID = Built(lambda member_id: Member.objects.filter(pk=member_id), member_id=int)


class MemberBackend(AuthenticationBackend):
    """The backend of members' sessions."""

    def get_user(self, user_id: Any) -> Member | None:
        """Return the member of a session; none for one that may not sign in any more."""
        member = _BY_ID.first(member_id=int(user_id))
        return member if member is not None and self.user_can_authenticate(member) else None
