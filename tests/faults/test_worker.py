"""A real Celery worker that is killed, and a queue that loses, repeats and reorders: the same books."""

import random
import subprocess
import sys

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from redis import Redis

from linkage import tasks
from linkage.models import LinkageEvent, Reward
from tests.linkage.stories import Mall, three_generations
from tests.processes import celery_worker, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 4


def waiting() -> int:
    return LinkageEvent.objects.filter(number=None, refusal="").count()


def broker() -> "Redis[bytes]":
    return Redis.from_url(settings.CELERY_BROKER_URL)


def forget_messages() -> None:
    """Lose every message of this test's queue, as a broker without a disk does when it is restarted."""
    broker().delete(settings.CELERY_TASK_DEFAULT_QUEUE)


def many_orders(mall: Mall, start: int, count: int) -> None:
    for number in range(start, start + count):
        mall.join(f"m{number}", "bob" if number % 3 else "ann")
        mall.buy(f"m{number}", f"p{number}", packs=1 + number % 2)


def test_a_worker_killed_in_the_middle_of_batches_settles_everything_once() -> None:
    mall = Mall()
    three_generations(mall)
    forget_messages()
    dice = random.Random(3)
    total = 0
    for _ in range(KILLS):
        many_orders(mall, total, 80)
        total += 80
        with celery_worker() as worker:
            before = waiting()
            # The worker holds the lock of the shard and cannot finish its batch: killed now, it leaves nothing.
            with connection.cursor() as cursor:
                cursor.execute("BEGIN; SELECT 1 FROM linkage_stream FOR UPDATE")
                tasks.sweep()
                wait_until(stuck_in_a_batch)
                worker.kill()
                cursor.execute("COMMIT")
            wait_until(lambda: not stuck_in_a_batch())
            assert waiting() == before
        forget_messages()
        if dice.random() < 0.5:
            mall.receive(f"p{total - 1}")
    with celery_worker():
        tasks.sweep()
        wait_until(lambda: waiting() == 0, seconds=60)

    assert Reward.objects.filter(order__order__number__startswith="p", kind=1).count() == total
    mall.prove()


def stuck_in_a_batch() -> bool:
    """Somebody waits for the counter of the stream, which a batch takes last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%linkage_stream%'"
        )
        return bool(cursor.fetchone()[0])


def test_lost_messages_are_found_by_the_sweeper() -> None:
    mall = Mall()
    three_generations(mall)
    many_orders(mall, 0, 10)
    forget_messages()
    with celery_worker():
        assert waiting() == 20
        assert tasks.sweep() == [mall.members["zoe"].shard]
        wait_until(lambda: waiting() == 0)

    mall.prove()


def test_repeated_and_reordered_messages_change_nothing() -> None:
    mall = Mall()
    three_generations(mall)
    shards = list(range(settings.LINKAGE_SHARDS)) * 5
    random.Random(1).shuffle(shards)
    many_orders(mall, 0, 10)
    with celery_worker(concurrency=2):
        for shard in shards:
            tasks.settle.ring(shard)
        wait_until(lambda: waiting() == 0)
        for shard in shards:
            tasks.settle.ring(shard)
        wait_until(lambda: broker().llen(settings.CELERY_TASK_DEFAULT_QUEUE) == 0)

    assert Reward.objects.filter(order__order__number__startswith="p", kind=1).count() == 10
    mall.prove()


WRITE_WITHOUT_BROKER = """
import django
django.setup()
from django.db import transaction
from django.utils.timezone import now
from linkage.models import LinkageEvent
from linkage.stream import put
with transaction.atomic():
    put([LinkageEvent(key="tick", shard=0, kind="tick", at=now())])
"""


def test_a_broker_that_does_not_answer_loses_nothing() -> None:
    """Nobody listens on that port: the row is committed all the same, and the sweeper finds it."""
    subprocess.run(
        [sys.executable, "-c", WRITE_WITHOUT_BROKER], env=environment(REDIS_URL="redis://127.0.0.1:1/0"), check=True
    )

    assert waiting() == 1


def test_a_message_that_is_not_json_is_refused_and_the_worker_lives() -> None:
    mall = Mall()
    three_generations(mall)
    many_orders(mall, 0, 1)
    forget_messages()
    with celery_worker():
        current_app.send_task("linkage.tasks.settle", args=("no shard",), retry=False)
        current_app.send_task("linkage.tasks.unheard_of", retry=False)
        tasks.sweep()
        wait_until(lambda: waiting() == 0)

    mall.prove()
