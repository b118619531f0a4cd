"""Indexes by which somebody of a large team is found."""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("members", "0006_payout_codes")]

    operations = [
        migrations.AddIndex(
            "member",
            models.Index(
                Right("phone", 4),
                condition=models.Q(("phone__isnull", False)),
                name="members_member_phone_tail",
            ),
        ),
        migrations.AddIndex(
            "member",
            models.Index(
                condition=models.Q(("nickname", ""), _negated=True),
                fields=["nickname"],
                name="members_member_nickname",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
    ]
