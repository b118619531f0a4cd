"""The queue is set so that a lost worker loses nothing, and every recurring job exists."""

import pytest
from celery import current_app
from django.conf import settings

from mall.celery import app
from tests.house.project import APPS


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_process_publishes_through_this_queue():
    assert current_app._get_current_object() is app


def test_every_recurring_job_is_a_task(tasks):
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - tasks == set()


def test_a_ring_that_nobody_answered_is_dropped_before_the_next():
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] == entry["schedule"].total_seconds()


def test_every_task_belongs_to_an_app_of_the_mall(tasks):
    assert {name.split(".")[0] for name in tasks} <= {*APPS, "mall"}


def test_a_dead_worker_gives_its_task_back():
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)


def test_a_task_is_stopped_before_redis_would_hand_it_out_twice():
    conf = app.conf
    visible_after = conf.broker_transport_options["visibility_timeout"]
    assert conf.task_soft_time_limit < conf.task_time_limit < visible_after


def test_only_json_is_taken_from_the_queue():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_a_page_never_waits_long_for_the_queue():
    options = app.conf.broker_transport_options
    assert app.conf.task_publish_retry is False
    assert max(options["socket_timeout"], options["socket_connect_timeout"]) <= 2
    cache = settings.CACHES["default"]["OPTIONS"]
    assert max(cache["socket_timeout"], cache["socket_connect_timeout"]) <= 2
