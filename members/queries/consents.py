"""What is asked about consents."""

from dataclasses import dataclass

from django.db.models import QuerySet

from members.consent_texts import Wording, shipped_wording
from members.models import Consent, ConsentKind, ConsentText, Member


@dataclass(frozen=True, slots=True)
class TextInForce:
    """The words that somebody would agree to now."""

    kind: str
    version: int
    wording: Wording


def text_in_force(*, kind: str) -> TextInForce:
    """Return the newest version of one text; where none was published or agreed to yet, the one that comes along."""
    return texts_in_force(kinds=[kind])[kind]


def texts_in_force(*, kinds: list[str] | None = None) -> dict[str, TextInForce]:
    """Return the newest version of each text."""
    wanted = kinds or list(ConsentKind.values)
    found = {kind: TextInForce(kind, 1, shipped_wording(kind)) for kind in wanted}
    for text in ConsentText.objects.filter(kind__in=wanted).order_by("kind", "version"):
        found[text.kind] = TextInForce(text.kind, text.version, Wording(text.title, text.purpose, text.body))
    return found


def newest_consents(*, member: Member) -> dict[str, Consent]:
    """Return what a member last decided about each kind, with its text."""
    rows = Consent.objects.filter(member=member).select_related("text").order_by("at", "id")
    return {row.text.kind: row for row in rows}


def consent_history(*, member: Member) -> QuerySet[Consent]:
    """Return all that a member ever agreed to and took back, newest first."""
    return Consent.objects.filter(member=member).select_related("text").order_by("-at", "-id")


def personalises(*, member: Member) -> bool:
    """Say whether what the member sees may follow what the member looked at and bought. Asks nothing."""
    return member.personalised


def has_signed(*, member: Member, kind: str) -> bool:
    """Say whether a member agreed to a text in its newest version."""
    newest = newest_consents(member=member).get(kind)
    return newest is not None and newest.is_given and newest.text.version == text_in_force(kind=kind).version


def allows_marketing(*, member: Member) -> bool:
    """Say whether the member wants to hear of offers."""
    newest = newest_consents(member=member).get(ConsentKind.MARKETING)
    return newest is not None and newest.is_given
