"""A visit by a member's link leaves a touch, and a stranger's session remembers it until it joins."""

from datetime import datetime

from django.http import HttpRequest

import members.commands
from agents.channels import clean_channel
from mall.core.visitor import is_person, keep_touch, visitor_hash
from members.models import Member


def note_touch(request: HttpRequest, *, code: str, target_path: str, at: datetime) -> None:
    """Write down that a person came by the link of `code`, with the channel in its address. Bots, previews and pages
    that are fetched ahead leave no trace."""
    if request.method != "GET" or not is_person(request):
        return
    visitor = request.user if isinstance(request.user, Member) else None
    touch = members.commands.follow_link(
        code=code,
        visitor=visitor,
        visitor_hash=visitor_hash(request),
        channel=clean_channel(request.GET.get("ch", "")),
        target_path=target_path,
        at=at,
    )
    if touch is not None and visitor is None:
        keep_touch(request, touch.pk)
