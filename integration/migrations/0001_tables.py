"""All tables of the interface."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('suppliers', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message_id', models.CharField(max_length=40, unique=True, verbose_name='消息编号')),
                        ('event', models.CharField(choices=[('order.to_ship', '有新订单待发货'), ('order.cancelled', '待发货的订单已退款'), ('after_sale.opened', '买家申请售后'), ('ping', '测试消息')], max_length=20, verbose_name='事件')),
                        ('subject', models.CharField(max_length=40, verbose_name='单号')),
                        ('body', models.TextField(editable=False)),
                        ('state', models.CharField(choices=[('waiting', '等待推送'), ('delivered', '已送达'), ('stopped', '已停止重试')], default='waiting', max_length=10, verbose_name='状态')),
                        ('tries', models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='次数')),
                        ('made_at', models.DateTimeField(verbose_name='时间')),
                        ('next_at', models.DateTimeField(verbose_name='下次推送')),
                        ('give_up_at', models.DateTimeField(verbose_name='重试截止')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                    ],
                    options={
                        'verbose_name': '推送记录',
                        'verbose_name_plural': '推送记录',
                    },
                ),
                migrations.CreateModel(
                    name='ApiKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=30, verbose_name='名称')),
                        ('prefix', models.CharField(max_length=16, unique=True, verbose_name='前缀')),
                        ('digest', models.CharField(editable=False, max_length=64)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('orders:read', '看所有订单'), ('stock:read', '看库存'), ('stock:write', '改库存'), ('shipping:write', '发货、看收货信息')], max_length=20), size=None, verbose_name='权限')),
                        ('made_at', models.DateTimeField(verbose_name='创建时间')),
                        ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                        ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                        ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='创建人')),
                        ('revoked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='停用人')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '接口',
                        'verbose_name_plural': '接口',
                    },
                ),
                migrations.CreateModel(
                    name='ApiAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('key_made', '创建密钥'), ('key_revoked', '停用密钥'), ('webhook_set', '设置推送地址'), ('webhook_off', '关闭推送'), ('secret_rotated', '更换签名密钥'), ('pinged', '发送测试消息'), ('redelivered', '重新推送'), ('shipped', '发货'), ('stock_changed', '改库存'), ('recipients_seen', '查看收货信息')], max_length=16, verbose_name='操作')),
                        ('by_key', models.BooleanField(default=False, verbose_name='由密钥')),
                        ('subject', models.CharField(max_length=80, verbose_name='对象')),
                        ('detail', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='内容')),
                        ('request_id', models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='请求编号')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('done_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.supplier')),
                        ('api_key', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='integration.apikey')),
                    ],
                    options={
                        'verbose_name': '接口记录',
                        'verbose_name_plural': '接口记录',
                    },
                ),
                migrations.CreateModel(
                    name='DeliveryAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('at', models.DateTimeField()),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('error', models.CharField(blank=True, choices=[('address', '地址不是公网地址，没有连接'), ('name', '找不到这个域名'), ('connect', '连接不上'), ('tls', '证书不对'), ('timeout', '超时没有应答'), ('broken', '应答不完整')], db_default='', default='', max_length=10)),
                        ('took_ms', models.PositiveIntegerField(null=True)),
                        ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tried', to='integration.delivery')),
                    ],
                ),
                migrations.CreateModel(
                    name='Webhook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('url', models.CharField(max_length=300, verbose_name='推送地址')),
                        ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='事件')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('sealed', models.CharField(editable=False, max_length=200)),
                        ('sealed_before', models.CharField(blank=True, db_default='', default='', editable=False, max_length=200)),
                        ('before_until', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('set_at', models.DateTimeField(verbose_name='设置时间')),
                        ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('supplier', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='webhook', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '推送',
                        'verbose_name_plural': '推送',
                    },
                ),
                migrations.AddField(
                    model_name='delivery',
                    name='webhook',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='integration.webhook', verbose_name='推送'),
                ),
                migrations.CreateModel(
                    name='ApiAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('idempotency_key', models.CharField(max_length=64)),
                        ('fingerprint', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(default=0)),
                        ('body', models.JSONField(default=dict)),
                        ('at', models.DateTimeField()),
                        ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.supplier')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['at'], name='integration_apianswer_age')],
                        'constraints': [models.UniqueConstraint(fields=('supplier', 'idempotency_key'), name='integration_apianswer_once')],
                    },
                ),
                migrations.AddConstraint(
                    model_name='apikey',
                    constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('supplier', 'name'), name='integration_apikey_name_once'),
                ),
                migrations.AddConstraint(
                    model_name='apikey',
                    constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['orders:read', 'stock:read', 'stock:write', 'shipping:write']), models.Q(('scopes', []), _negated=True)), name='integration_apikey_scopes_known'),
                ),
                migrations.AddConstraint(
                    model_name='apikey',
                    constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='integration_apikey_lasts'),
                ),
                migrations.AddIndex(
                    model_name='apiact',
                    index=models.Index(fields=['supplier', '-id'], name='integration_apiact_own'),
                ),
                migrations.AddConstraint(
                    model_name='apiact',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['key_made', 'key_revoked', 'webhook_set', 'webhook_off', 'secret_rotated', 'pinged', 'redelivered', 'shipped', 'stock_changed', 'recipients_seen'])), name='integration_apiact_kind_known'),
                ),
                migrations.AddConstraint(
                    model_name='apiact',
                    constraint=models.CheckConstraint(condition=models.Q(('by_key', False), ('api_key__isnull', False), _connector='OR'), name='integration_apiact_names_its_key'),
                ),
                migrations.AddConstraint(
                    model_name='deliveryattempt',
                    constraint=models.UniqueConstraint(fields=('delivery', 'number'), name='integration_deliveryattempt_once'),
                ),
                migrations.AddConstraint(
                    model_name='deliveryattempt',
                    constraint=models.CheckConstraint(condition=models.Q(('error', ''), ('error__in', ['address', 'name', 'connect', 'tls', 'timeout', 'broken']), _connector='OR'), name='integration_deliveryattempt_error_known'),
                ),
                migrations.AddConstraint(
                    model_name='webhook',
                    constraint=models.CheckConstraint(condition=models.Q(('events__contained_by', ['order.to_ship', 'order.cancelled', 'after_sale.opened']), models.Q(('events', []), _negated=True)), name='integration_webhook_events_known'),
                ),
                migrations.AddIndex(
                    model_name='delivery',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['webhook', 'next_at'], name='integration_delivery_due'),
                ),
                migrations.AddIndex(
                    model_name='delivery',
                    index=models.Index(fields=['webhook', '-id'], name='integration_delivery_own'),
                ),
                migrations.AddConstraint(
                    model_name='delivery',
                    constraint=models.UniqueConstraint(fields=('webhook', 'event', 'subject'), name='integration_delivery_once'),
                ),
                migrations.AddConstraint(
                    model_name='delivery',
                    constraint=models.CheckConstraint(condition=models.Q(('event__in', ['order.to_ship', 'order.cancelled', 'after_sale.opened', 'ping'])), name='integration_delivery_event_known'),
                ),
                migrations.AddConstraint(
                    model_name='delivery',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(('ended_at__isnull', False), ('state__in', ['delivered', 'stopped'])), _connector='OR'), name='integration_delivery_ended_when_over'),
                ),
            ],
        ),
    ]
