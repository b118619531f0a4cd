"""Who paid, and who looked at a recipient."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together

GUARD = """
CREATE FUNCTION orders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'orders: % of % is refused, rows are only added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER orders_recipientreveal_append_only BEFORE UPDATE OR DELETE ON orders_recipientreveal
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""
NO_GUARD = """
DROP TRIGGER orders_recipientreveal_append_only ON orders_recipientreveal;
DROP FUNCTION orders_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddField(
                    model_name='payment',
                    name='payer_mark',
                    field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
                ),
                migrations.CreateModel(
                    name='RecipientReveal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('way', models.CharField(choices=[('page', '在订单里查看'), ('labels', '打印面单'), ('sheet', '下载发货表')], max_length=8, verbose_name='方式')),
                        ('reason', models.CharField(max_length=80, verbose_name='原因')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='orders.order', verbose_name='订单')),
                        ('seen_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查看人')),
                    ],
                    options={
                        'verbose_name': '收货信息查看记录',
                        'verbose_name_plural': '收货信息查看记录',
                        'indexes': [models.Index(fields=['-at'], name='orders_recipientreveal_latest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('way__in', ['page', 'labels', 'sheet'])), name='orders_recipientreveal_way_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='orders_recipientreveal_has_a_reason')],
                    },
                ),
            ],
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
