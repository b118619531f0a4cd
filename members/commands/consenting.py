"""Agreeing, and taking it back: one row each time, with the words it was about."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from members import queries
from members.consent_texts import Wording
from members.models import Address, Consent, ConsentKind, ConsentText, Member

AGREED_AT_LOGIN = (ConsentKind.TERMS, ConsentKind.PRIVACY)
# What can be taken back without closing the account.
OPTIONAL = (ConsentKind.PERSONALISATION, ConsentKind.MARKETING, ConsentKind.SHARING)


class ConsentRefused(Exception):
    """This consent cannot be taken back alone: the account stands on it."""


def publish_consent_text(*, kind: str, wording: Wording, at: datetime) -> ConsentText:
    """Put new words in force; the same words again are no new version."""
    with transaction.atomic():
        kept = _kept_text(kind, at)
        if kept.text_hash == wording.text_hash:
            return kept
        return _new_text(kind, kept.version + 1, wording, at)


def agree_at_login(*, member: Member, at: datetime) -> None:
    """Write down that the member ticked the box: agreement and privacy policy, in the versions in force."""
    for kind in AGREED_AT_LOGIN:
        record_consent(member=member, kind=kind, is_given=True, at=at)


def record_consent(*, member: Member, kind: str, is_given: bool, at: datetime) -> bool:
    """Write down what a member decided; returns whether that is news. Taken back, `SHARING` empties the address book.

    Raises ConsentRefused where an account cannot do without it.
    """
    if not is_given and kind not in OPTIONAL:
        raise ConsentRefused
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        newest = queries.newest_consents(member=member).get(kind)
        if not is_given and (newest is None or not newest.is_given):
            return False
        text = _kept_text(kind, at)
        if newest is not None and newest.is_given == is_given and newest.text_id == text.pk:
            return False
        Consent.objects.create(member=locked, text=text, is_given=is_given, at=at)
        if kind == ConsentKind.PERSONALISATION:
            Member.objects.filter(pk=locked.pk).update(personalised=is_given)
        if kind == ConsentKind.SHARING and not is_given:
            Address.objects.filter(member=locked, deleted_at=None).update(deleted_at=at, is_default=False)
    return True


def import_consents(*, kind: str, members: Sequence[Member], at: datetime) -> None:
    """Write down that many members agreed when they joined: how a mall with a past begins. They decided nothing yet."""
    with transaction.atomic():
        text = _kept_text(kind, at)
        Consent.objects.bulk_create(
            [Consent(member=member, text=text, is_given=True, at=member.joined_at) for member in members]
        )
        if kind == ConsentKind.PERSONALISATION:
            Member.objects.filter(pk__in=[member.pk for member in members]).update(personalised=True)


def record_visitors_consent(*, visitor_hash: str, kind: str, is_given: bool, at: datetime) -> None:
    """Write down what somebody decided who is not logged in."""
    with transaction.atomic():
        Consent.objects.create(visitor_hash=visitor_hash, text=_kept_text(kind, at), is_given=is_given, at=at)


def _kept_text(kind: str, at: datetime) -> ConsentText:
    """Return the text in force as a row; what comes with the mall becomes one when it is first agreed to."""
    kept = ConsentText.objects.filter(kind=kind).order_by("-version").first()
    return kept or _new_text(kind, 1, queries.text_in_force(kind=kind).wording, at)


def _new_text(kind: str, version: int, wording: Wording, at: datetime) -> ConsentText:
    text, _ = ConsentText.objects.get_or_create(
        kind=kind,
        version=version,
        defaults={
            "title": wording.title,
            "purpose": wording.purpose,
            "body": wording.body,
            "text_hash": wording.text_hash,
            "in_force_at": at,
        },
    )
    return text
