"""The card of the person behind a link."""

from dataclasses import dataclass
from datetime import datetime

from members.models import Member

from .selling import is_verified, may_sell
from .shops import ShownItem, persona_of, recommended


@dataclass(frozen=True, slots=True)
class PersonaCard:
    """Who recommends: what it says of itself, what it knows well, whether the mall has approved it as a shopkeeper, and
    what it would buy."""

    member: Member
    intro: str
    tags: list[str]
    is_verified: bool
    items: list[ShownItem]

    @property
    def says_something(self) -> bool:
        return bool(self.intro or self.tags or self.is_verified)


def persona_card(
    *, member: Member, with_items: bool = False, sells: bool | None = None, at: datetime
) -> PersonaCard | None:
    """Return the card of a member; none of one who may not sell. The caller may know that already (`sells`)."""
    if not (may_sell(member=member, at=at) if sells is None else sells):
        return None
    persona = persona_of(member_id=member.pk)
    return PersonaCard(
        member=member,
        intro=persona.intro if persona else "",
        tags=list(persona.tags) if persona else [],
        is_verified=is_verified(member=member),
        items=recommended(member_id=member.pk, at=at) if with_items else [],
    )
