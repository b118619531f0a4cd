"""Who left which team, and an index on recruits by title. `manage.py linkage_moves` writes the rows of earlier times."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("linkage", "0005_withheld_when_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("position", "linkage_position_recruits"),
        migrations.AddIndex(
            "position",
            models.Index(
                condition=models.Q(("referrer_id__isnull", False)),
                fields=["referrer_id", "rank", "member"],
                name="linkage_position_recruits",
            ),
        ),
        migrations.CreateModel(
            name="TeamMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.SmallIntegerField(choices=[(1, "升级合伙人"), (2, "重新加入")], verbose_name="原因"),
                ),
                ("from_leader_id", models.BigIntegerField(null=True, verbose_name="原团队合伙人")),
                ("to_leader_id", models.BigIntegerField(null=True, verbose_name="新团队合伙人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_moves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="会员",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_moves",
                        to="linkage.settledorder",
                        verbose_name="订单",
                    ),
                ),
            ],
            options={
                "verbose_name": "团队变动",
                "verbose_name_plural": "团队变动",
                "indexes": [
                    models.Index(
                        condition=models.Q(("from_leader_id__isnull", False)),
                        fields=["from_leader_id", "-id"],
                        name="linkage_teammove_left",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "member"), name="linkage_teammove_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", 1)), fields=("member",), name="linkage_teammove_promoted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", 2)) | models.Q(("to_leader_id__isnull", True)),
                        name="linkage_teammove_partner_has_no_leader",
                    ),
                ],
            },
        ),
    ]
