"""What matures on which day, summed per member."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together

FILL = """
UPDATE linkage_reward r SET held_until = o.holds_expire_at
FROM linkage_settledorder o WHERE o.order_id = r.order_id AND r.hold = 1 AND NOT r.reversed;
INSERT INTO linkage_maturingsum (member_id, date, rewards, amount_fen)
SELECT r.member_id, (o.matures_at AT TIME ZONE 'Asia/Shanghai')::date, count(*),
    sum(CASE WHEN r.hold IN (1, 3) THEN r.amount_fen - r.held_fen ELSE r.amount_fen END)
FROM linkage_settledorder o JOIN linkage_reward r ON r.order_id = o.order_id
WHERE o.matures_at IS NOT NULL AND NOT r.reversed AND r.member_id IS NOT NULL GROUP BY 1, 2;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('linkage', '0002_safeguards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='MaturingSum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('rewards', models.IntegerField(verbose_name='笔数')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                    ],
                    options={
                        'verbose_name': '将到期奖励汇总',
                        'verbose_name_plural': '将到期奖励汇总',
                    },
                ),
                migrations.AddField(
                    model_name='reward',
                    name='held_until',
                    field=models.DateTimeField(null=True, verbose_name='冻结到期'),
                ),
                migrations.AddIndex(
                    model_name='reward',
                    index=models.Index(condition=models.Q(('hold', 1), ('reversed', False)), fields=['member', 'held_until', 'seed_id', 'id'], include=('held_fen',), name='linkage_reward_expiring'),
                ),
                migrations.AddField(
                    model_name='maturingsum',
                    name='member',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员'),
                ),
                migrations.AddConstraint(
                    model_name='maturingsum',
                    constraint=models.UniqueConstraint(fields=('member', 'date'), include=('rewards', 'amount_fen'), name='linkage_maturingsum_once'),
                ),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
