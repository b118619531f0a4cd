"""What is in the database, so that a test can prove that a refusal changed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

APPS = (
    *("members", "ledger", "payouts", "suppliers", "orders", "linkage", "service", "storefront"),
    *("sandbox", "sandbox_payments"),
)
