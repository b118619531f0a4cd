"""Real threads and commits against one visitor, one account, one WeChat identity."""

from typing import Any

import pytest

from members.commands import (
    ExportTooSoon,
    PhoneTaken,
    WechatTaken,
    bind_wechat,
    change_phone,
    follow_link,
    meet_wechat,
    merge_members,
    register_member,
    request_closing,
    request_export,
)
from members.commands.merging import MergeRefused
from members.gateways.wechat import WechatPerson
from members.models import AccountClosing, DataExport, Member, Touch, WechatIdentity
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_link_that_is_opened_many_times_at_once_is_one_touch(_round: int) -> None:
    owner = a_member()

    def follow(_: int) -> Any:
        return follow_link(
            code=owner.referral_code, visitor=None, visitor_hash="v", channel="qr", target_path="/", at=AT
        )

    assert len({touch.pk for touch in at_once(follow, 8)}) == 1
    assert Touch.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_wechat_identity_is_bound_to_one_of_many_members(_round: int) -> None:
    people = [a_member() for _ in range(6)]
    identity = meet_wechat(person=WechatPerson("oRacing0123456"), at=AT)
    results = at_once(
        lambda number: bind_wechat(identity=identity, member=people[number], at=AT), 6, refusals=(WechatTaken,)
    )
    assert sum(isinstance(result, WechatTaken) for result in results) == 5
    assert WechatIdentity.objects.get().member in people


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_person_who_is_met_many_times_at_once_is_one_identity(_round: int) -> None:
    at_once(lambda _: meet_wechat(person=WechatPerson("oRacing0123456"), at=AT), 8)
    assert WechatIdentity.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_phone_goes_to_one_of_many_members(_round: int) -> None:
    people = [a_member() for _ in range(6)]
    results = at_once(
        lambda number: change_phone(member=people[number], phone="+8613800001111", at=AT), 6, refusals=(PhoneTaken,)
    )
    assert sum(isinstance(result, PhoneTaken) for result in results) == 5
    assert Member.objects.filter(phone="+8613800001111").count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_account_is_merged_once(_round: int) -> None:
    target, source = a_member(), register_member(phone=None, nickname="可可", referrer=None, at=AT)
    bind_wechat(identity=meet_wechat(person=WechatPerson("oRacing0123456"), at=AT), member=source, at=AT)
    results = at_once(lambda _: merge_members(source=source, target=target, at=AT), 4, refusals=(MergeRefused,))
    assert sum(isinstance(result, MergeRefused) for result in results) == 3
    assert WechatIdentity.objects.get().member == target


@pytest.mark.parametrize("_round", ROUNDS)
def test_asking_many_times_at_once_makes_one_copy_and_one_closing(_round: int) -> None:
    member = a_member()
    results = at_once(lambda _: request_export(member=member, at=AT), 6, refusals=(ExportTooSoon,))
    assert sum(isinstance(result, ExportTooSoon) for result in results) == 5
    assert DataExport.objects.count() == 1
    at_once(lambda _: request_closing(member=member, gives_up_rewards=False, at=AT), 6)
    assert AccountClosing.objects.count() == 1
