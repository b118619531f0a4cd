"""What advisers write down about customers, and ranks."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0001_shops'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RankName',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='rank_name', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                ('name', models.CharField(max_length=12, verbose_name='显示名称')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '排行显示名',
                'verbose_name_plural': '排行显示名',
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='agents_rankname_named')],
            },
        ),
        migrations.CreateModel(
            name='CustomerNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='备注')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
            ],
            options={
                'verbose_name': '客户备注',
                'verbose_name_plural': '客户备注',
                'indexes': [models.Index(fields=['adviser', 'customer', '-id'], name='agents_customernote_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='agents_customernote_written')],
            },
        ),
        migrations.CreateModel(
            name='CustomerTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=12, verbose_name='标签')),
                ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
            ],
            options={
                'verbose_name': '客户标签',
                'verbose_name_plural': '客户标签',
                'constraints': [models.UniqueConstraint(fields=('adviser', 'name', 'customer'), name='agents_customertag_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='agents_customertag_named')],
            },
        ),
        migrations.CreateModel(
            name='RankEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SmallIntegerField(choices=[(1, '服务客户'), (2, '复购率')], verbose_name='榜单')),
                ('span', models.SmallIntegerField(choices=[(1, '本周'), (2, '本月')], verbose_name='周期')),
                ('starts_date', models.DateField(verbose_name='开始日期')),
                ('place', models.PositiveIntegerField(verbose_name='名次')),
                ('value', models.PositiveIntegerField(verbose_name='数值')),
                ('customers', models.PositiveIntegerField(verbose_name='服务客户数')),
                ('counted_at', models.DateTimeField(verbose_name='统计时间')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rank_entries', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
            ],
            options={
                'verbose_name': '排行',
                'verbose_name_plural': '排行',
                'indexes': [models.Index(fields=['span', 'starts_date', 'kind', 'place', 'member'], name='agents_rankentry_list')],
                'constraints': [models.UniqueConstraint(fields=('span', 'starts_date', 'kind', 'member'), name='agents_rankentry_once'), models.CheckConstraint(condition=models.Q(('place__gte', 1)), name='agents_rankentry_place_positive'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 2), _negated=True), ('value__lte', 10000), _connector='OR'), name='agents_rankentry_rate_is_a_rate')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_date', models.DateField(verbose_name='日期')),
                ('text', models.CharField(max_length=60, verbose_name='事项')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
            ],
            options={
                'verbose_name': '跟进提醒',
                'verbose_name_plural': '跟进提醒',
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['adviser', 'due_date', 'id'], name='agents_reminder_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='agents_reminder_written'), models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('adviser', 'customer', 'due_date', 'text'), name='agents_reminder_open_once')],
            },
        ),
    ]
