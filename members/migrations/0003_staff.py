"""Marks of access, and what staff log in with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0002_safeguards'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='AccessMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('device', '设备'), ('network', '网络')], max_length=8, verbose_name='类别')),
                        ('mark', models.CharField(editable=False, max_length=64)),
                        ('first_at', models.DateTimeField(verbose_name='第一次')),
                        ('seen_at', models.DateTimeField(verbose_name='最近一次')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='access_marks', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '访问标识',
                        'verbose_name_plural': '访问标识',
                        'indexes': [models.Index(fields=['kind', 'mark'], name='members_mark_same'), models.Index(fields=['seen_at'], name='members_mark_seen')],
                        'constraints': [models.UniqueConstraint(fields=('member', 'kind', 'mark'), name='members_accessmark_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['device', 'network'])), name='members_accessmark_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffDevice',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='staff_device', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='员工')),
                        ('secret_sealed', models.CharField(editable=False, max_length=200)),
                        ('enrolled_at', models.DateTimeField(verbose_name='绑定时间')),
                        ('last_step', models.BigIntegerField(default=0, editable=False)),
                        ('wrong_count', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('locked_until', models.DateTimeField(blank=True, null=True, verbose_name='锁定至')),
                    ],
                    options={
                        'verbose_name': '动态口令',
                        'verbose_name_plural': '动态口令',
                    },
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code_hash', models.CharField(editable=False, max_length=64)),
                        ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='使用时间')),
                        ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='members.staffdevice')),
                    ],
                    options={
                        'verbose_name': '备用码',
                        'verbose_name_plural': '备用码',
                        'constraints': [models.UniqueConstraint(fields=('device', 'code_hash'), name='members_recoverycode_once'), models.CheckConstraint(condition=models.Q(('code_hash', ''), _negated=True), name='members_recoverycode_is_a_hash')],
                    },
                ),
            ],
        ),
    ]
