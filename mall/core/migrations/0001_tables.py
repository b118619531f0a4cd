"""All tables of core: what stood in its migrations before they were made one."""

import datetime

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('core', '0001_initial'),
        ('core', '0002_operator_acts'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='DemoClock',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ahead', models.DurationField(default=datetime.timedelta(0))),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='core_democlock_single'), models.CheckConstraint(condition=models.Q(('ahead__gte', datetime.timedelta(0))), name='core_democlock_ahead_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='OperatorAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by_id', models.BigIntegerField(verbose_name='操作人编号')),
                        ('by_name', models.CharField(max_length=64, verbose_name='操作人')),
                        ('act', models.CharField(max_length=120, verbose_name='操作')),
                        ('page', models.CharField(max_length=200, verbose_name='页面')),
                        ('subject', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='对象')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='原因')),
                        ('sent', models.JSONField(default=dict, verbose_name='提交内容')),
                        ('before', models.JSONField(default=dict, verbose_name='之前')),
                        ('after', models.JSONField(default=dict, verbose_name='之后')),
                        ('request_id', models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='请求编号')),
                    ],
                    options={
                        'verbose_name': '操作记录',
                        'verbose_name_plural': '操作记录',
                        'indexes': [models.Index(fields=['by_id', '-id'], name='core_operatoract_by'), models.Index(fields=['subject', '-id'], name='core_operatoract_subject')],
                    },
                ),
            ],
        ),
    ]
