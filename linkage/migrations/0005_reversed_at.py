"""When a reward was taken back, beside the reward: the order in which it is read."""

from django.db import migrations, models

from mall.core.tables import Together

FILL = """
UPDATE linkage_reward r SET reversed_at = o.refunded_at
FROM linkage_settledorder o WHERE o.order_id = r.order_id AND r.reversed;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('linkage', '0004_titles_by_day'),
    ]

    operations = [
        Together(
            operations=[
                migrations.RemoveIndex(
                    model_name='reward',
                    name='linkage_reward_reversed',
                ),
                migrations.AddField(
                    model_name='reward',
                    name='reversed_at',
                    field=models.DateTimeField(null=True, verbose_name='扣回时间'),
                ),
            ],
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
        Together(
            operations=[
                migrations.AddIndex(
                    model_name='reward',
                    index=models.Index(condition=models.Q(('reversed', True)), fields=['member', '-reversed_at', '-id'], name='linkage_reward_taken_back'),
                ),
                migrations.AddConstraint(
                    model_name='reward',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('reversed', True), ('reversed_at__isnull', False)), models.Q(('reversed', False), ('reversed_at__isnull', True)), _connector='OR'), name='linkage_reward_reversed_at'),
                ),
            ],
        ),
    ]
