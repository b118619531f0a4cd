"""Writing down what became of recurring work."""

from datetime import datetime

from django.db import connection

_RECORD = """
INSERT INTO insights_jobrun AS known (task, ended_at, milliseconds, failed_at, failure, failures)
VALUES (%(task)s, %(at)s, %(milliseconds)s, %(failed_at)s, %(failure)s, %(failed)s)
ON CONFLICT (task) DO UPDATE SET ended_at = excluded.ended_at, milliseconds = excluded.milliseconds,
    failed_at = coalesce(excluded.failed_at, known.failed_at),
    failure = CASE WHEN excluded.failures > 0 THEN excluded.failure ELSE known.failure END,
    failures = CASE WHEN excluded.failures > 0 THEN known.failures + 1 ELSE 0 END
"""


def record_run(*, task: str, at: datetime, milliseconds: int, failure: str = "") -> None:
    """Write down that a recurring task ended, well or with an error of that name, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "task": task[:100],
                "at": at,
                "milliseconds": min(max(0, milliseconds), 2_000_000_000),
                "failed_at": at if failure else None,
                "failure": failure[:80],
                "failed": int(bool(failure)),
            },
        )
