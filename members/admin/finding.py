"""Members by the tail of their phone, their nickname, number or code, in the search of /ops/."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mall.core.admin import ops_site
from mall.core.admin.lists import Found
from mall.core.admin.palette import SHOWN_MAX, Result
from mall.core.names import masked_phone
from members.models import Member

BY = Found(("public_id", "referral_code"), "pk")


@ops_site.finds(_("会员"), "group", permission="members.view_member")
def members(request: HttpRequest, term: str) -> Iterator[Result]:
    for member in BY.apply(Member.objects.all(), term).order_by("-pk")[:SHOWN_MAX]:
        note = " · ".join(
            part for part in (masked_phone(member.phone) if member.phone else "", member.public_id) if part
        )
        yield Result(str(member), note, reverse("ops:members_member_change", args=[member.pk]))
