from datetime import timedelta

import pytest

from linkage import inbox, seed_tasks
from linkage.models import Hold, LinkageEvent, Reward, TaskProgress
from linkage.rules import plan as terms
from members.events import DayVisited, ProfileCompleted
from tests.linkage.stories import Mall, three_generations

pytestmark = pytest.mark.django_db(transaction=True)


def done_by(mall: Mall, name: str) -> bool:
    return LinkageEvent.objects.filter(kind="tasks_done", member_id=mall.members[name].pk).exists()


def complete_profile(mall: Mall, name: str) -> None:
    mall.pass_time()
    inbox.record_profile(ProfileCompleted(mall.members[name].pk, mall.at))


def test_the_last_task_releases_the_holds_of_the_seed() -> None:
    mall = Mall()
    three_generations(mall)
    held = mall.balances("zoe").held_fen
    complete_profile(mall, "bob")
    mall.settle()
    assert not done_by(mall, "bob")
    assert mall.balances("zoe").held_fen == held
    mall.receive("o-bob")
    mall.settle()

    assert done_by(mall, "bob")
    assert mall.position("bob").tasks_done
    released = Reward.objects.get(seed_id=mall.members["bob"].pk, hold=Hold.RELEASED)
    assert mall.balances("zoe").held_fen == held - released.held_fen
    mall.prove()


def test_doing_a_task_again_changes_nothing() -> None:
    mall = Mall(tasks=[{"kind": "profile_completed"}])
    three_generations(mall)
    complete_profile(mall, "bob")
    complete_profile(mall, "bob")
    mall.settle()

    assert LinkageEvent.objects.filter(kind="tasks_done").count() == 1
    assert TaskProgress.objects.filter(member=mall.members["bob"]).count() == 1
    mall.prove()


def test_days_visited_count_up_to_what_the_plan_asks_for() -> None:
    mall = Mall(tasks=[{"kind": "days_visited", "n": 3}])
    three_generations(mall)
    for day in (1, 2):
        inbox.record_visit(DayVisited(mall.members["bob"].pk, day, mall.at + timedelta(days=day)))
    assert not done_by(mall, "bob")
    [task] = seed_tasks.tasks_of(member_id=mall.members["bob"].pk, at=mall.at)
    assert (task.needed, task.reached, task.done) == (3, 2, False)
    inbox.record_visit(DayVisited(mall.members["bob"].pk, 3, mall.at + timedelta(days=3)))

    assert done_by(mall, "bob")


def test_the_first_referral_is_somebody_who_bought_a_gift_pack() -> None:
    mall = Mall(tasks=[{"kind": "first_referral"}])
    three_generations(mall)
    assert done_by(mall, "ann")
    mall.join("cat", "bob")
    mall.buy("cat", "goods", packs=0, total_fen=5_000)
    assert not done_by(mall, "bob")
    mall.buy("cat", "o-cat")

    assert done_by(mall, "bob")


def test_a_repeat_purchase_counts_from_the_amount_that_the_plan_asks_for() -> None:
    mall = Mall(tasks=[{"kind": "repeat_purchase", "min_fen": 10_000}])
    three_generations(mall)
    mall.buy("bob", "small", packs=0, total_fen=9_999)
    assert not done_by(mall, "bob")
    mall.buy("bob", "enough", packs=0, total_fen=10_000)

    assert done_by(mall, "bob")


def test_a_first_purchase_of_ordinary_goods_is_no_repeat() -> None:
    mall = Mall(tasks=[{"kind": "repeat_purchase", "min_fen": 100}])
    mall.join("zoe")
    mall.buy("zoe", "goods", packs=0, total_fen=10_000)

    assert not done_by(mall, "zoe")
    assert TaskProgress.objects.count() == 0


def test_without_a_plan_nobody_has_tasks() -> None:
    mall = Mall()
    mall.join("zoe")
    mall.pass_time()
    mall.publish(None)

    assert seed_tasks.tasks_of(member_id=mall.members["zoe"].pk, at=mall.at) == []
    complete_profile(mall, "zoe")
    assert not done_by(mall, "zoe")
    assert terms.PROFILE_COMPLETED in TaskProgress.objects.values_list("kind", flat=True)
