"""What a member says of itself to customers."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from agents.models import Persona
from agents.queries.selling import may_sell
from mall.core.text import clean_line, clean_text
from members.models import Member

INTRO_MAX, TAG_MAX, TAGS_MAX = 120, 8, 6


class PersonaRefused(Exception):
    """It cannot be kept; the text says why. Nothing was changed."""


def save_persona(*, member: Member, intro: str, tags: Sequence[str], at: datetime) -> Persona:
    """Write a member's card anew; tags that stand twice count once. Raises PersonaRefused."""
    if not may_sell(member=member, at=at):
        raise PersonaRefused(_("开通店主后才能做名片"))
    try:
        said = clean_text(intro, INTRO_MAX)
    except ValueError as error:
        raise PersonaRefused(_("介绍最多 120 个字")) from error
    try:
        known = [line for line in (clean_line(tag, TAG_MAX) for tag in tags) if line]
    except ValueError as error:
        raise PersonaRefused(_("每个擅长最多 8 个字")) from error
    kept = list(dict.fromkeys(known))
    if len(kept) > TAGS_MAX:
        raise PersonaRefused(_("擅长最多写 6 个"))
    persona, _made = Persona.objects.update_or_create(
        member=member, defaults={"intro": said, "tags": kept, "saved_at": at}
    )
    return persona
