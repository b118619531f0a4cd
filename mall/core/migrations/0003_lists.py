"""Kept views of lists, and their exports."""

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_safeguards'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ListExport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by_id', models.BigIntegerField(verbose_name='操作人编号')),
                        ('by_name', models.CharField(max_length=64, verbose_name='操作人')),
                        ('page', models.CharField(max_length=80, verbose_name='列表')),
                        ('title', models.CharField(max_length=60, verbose_name='列表名称')),
                        ('query', models.CharField(blank=True, db_default='', default='', max_length=600, verbose_name='条件')),
                        ('file_kind', models.CharField(max_length=4, verbose_name='格式')),
                        ('unmasked', models.BooleanField(default=False, verbose_name='含个人信息')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='原因')),
                        ('row_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='行数')),
                        ('request_id', models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='请求编号')),
                    ],
                    options={
                        'verbose_name': '导出记录',
                        'verbose_name_plural': '导出记录',
                        'indexes': [models.Index(fields=['by_id', '-id'], name='core_listexport_by')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('unmasked', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='core_listexport_unmasked_with_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('owner_id', models.BigIntegerField(verbose_name='员工编号')),
                        ('page', models.CharField(max_length=80, verbose_name='列表')),
                        ('name', models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='名称')),
                        ('query', models.CharField(blank=True, db_default='', default='', max_length=600, verbose_name='条件')),
                        ('columns', models.JSONField(default=list, verbose_name='列')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                    ],
                    options={
                        'verbose_name': '常用视图',
                        'verbose_name_plural': '常用视图',
                        'constraints': [models.UniqueConstraint(fields=('owner_id', 'page', 'name'), name='core_savedview_once')],
                    },
                ),
            ],
        ),
    ]
