from datetime import timedelta

from django.db import models


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the machine's. One row, and only where `DEMO` is on."""

    ONLY = 1

    ahead = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_democlock_single"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta(0)), name="core_democlock_ahead_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.ahead}"
