"""All tables of storefront: what stood in its migrations before they were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('storefront', '0001_banners'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Banner',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=14, verbose_name='标题')),
                        ('subtitle', models.CharField(blank=True, db_default='', default='', max_length=24, verbose_name='副标题')),
                        ('target_path', models.CharField(max_length=200, verbose_name='去往')),
                        ('image', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='图片')),
                        ('ground', models.CharField(choices=[('jade', '松石'), ('brick', '砖红'), ('ink', '靛青'), ('plum', '梅紫')], default='jade', max_length=5, verbose_name='底色')),
                        ('position', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='排序')),
                        ('starts_at', models.DateTimeField(verbose_name='开始')),
                        ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='结束')),
                        ('is_active', models.BooleanField(db_default=True, default=True, verbose_name='展示')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                        ('saved_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                    ],
                    options={
                        'verbose_name': '首页横幅',
                        'verbose_name_plural': '首页横幅',
                        'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['jade', 'brick', 'ink', 'plum'])), name='storefront_banner_ground_known'), models.CheckConstraint(condition=models.Q(('target_path__startswith', '/'), models.Q(('target_path__startswith', '//'), _negated=True)), name='storefront_banner_leads_inside'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='storefront_banner_ends_after_start')],
                    },
                ),
            ],
        ),
    ]
