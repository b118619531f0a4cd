"""All tables of sandbox: what stood in its migrations before they were made one."""

import django.db.models.deletion
from django.db import migrations, models

import sandbox.models
from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('sandbox', '0001_initial'),
        ('sandbox', '0002_partial_refunds_and_parcels'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='SandboxTrouble',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('operation', models.CharField(max_length=20, verbose_name='接口')),
                        ('kind', models.CharField(choices=[('lost_answer', '已处理但应答丢失'), ('unavailable', '服务不可用'), ('rejected', '业务拒绝'), ('pending', '停在处理中')], max_length=12, verbose_name='故障')),
                        ('remaining', models.PositiveSmallIntegerField(default=1, verbose_name='剩余次数')),
                    ],
                    options={
                        'verbose_name': '预约故障',
                        'verbose_name_plural': '预约故障',
                    },
                ),
                migrations.CreateModel(
                    name='SandboxCharge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('merchant_id', models.CharField(max_length=32, verbose_name='商户号')),
                        ('number', models.CharField(max_length=40, verbose_name='商户单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('token', models.CharField(default=sandbox.models.new_token, editable=False, max_length=40, unique=True)),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('currency', models.CharField(max_length=3, verbose_name='币种')),
                        ('subject', models.CharField(max_length=80, verbose_name='商品')),
                        ('notify_url', models.URLField(max_length=300)),
                        ('return_url', models.URLField(blank=True, max_length=300)),
                        ('state', models.CharField(choices=[('open', '待支付'), ('paid', '已支付'), ('closed', '已关闭')], default='open', max_length=8, verbose_name='状态')),
                        ('expires_at', models.DateTimeField(verbose_name='截止时间')),
                        ('paid_at', models.DateTimeField(null=True, verbose_name='支付时间')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': '收款单',
                        'verbose_name_plural': '收款单',
                        'constraints': [models.UniqueConstraint(fields=('merchant_id', 'number'), name='sandbox_charge_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_charge_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', True)), _connector='OR'), name='sandbox_charge_paid_when_paid')],
                    },
                ),
                migrations.CreateModel(
                    name='SandboxNonce',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('merchant_id', models.CharField(max_length=32)),
                        ('nonce', models.CharField(max_length=64)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': '请求随机串',
                        'verbose_name_plural': '请求随机串',
                        'indexes': [models.Index(fields=['at'], name='sandbox_nonce_at')],
                        'constraints': [models.UniqueConstraint(fields=('merchant_id', 'nonce'), name='sandbox_nonce_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SandboxTransfer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('merchant_id', models.CharField(max_length=32, verbose_name='商户号')),
                        ('number', models.CharField(max_length=40, verbose_name='商户单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('payee', models.CharField(max_length=64, verbose_name='收款人')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('currency', models.CharField(max_length=3, verbose_name='币种')),
                        ('memo', models.CharField(blank=True, max_length=80, verbose_name='备注')),
                        ('state', models.CharField(choices=[('processing', '处理中'), ('paid', '已到账'), ('rejected', '已退回')], max_length=12, verbose_name='状态')),
                        ('paid_at', models.DateTimeField(null=True, verbose_name='到账时间')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': '转账单',
                        'verbose_name_plural': '转账单',
                        'constraints': [models.UniqueConstraint(fields=('merchant_id', 'number'), name='sandbox_transfer_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_transfer_amount_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='SandboxNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('notice_id', models.CharField(max_length=40, unique=True, verbose_name='通知号')),
                        ('body', models.TextField(verbose_name='原文')),
                        ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已发次数')),
                        ('next_try_at', models.DateTimeField(null=True, verbose_name='下次发送')),
                        ('acknowledged_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                        ('last_answer', models.CharField(blank=True, max_length=80, verbose_name='最近应答')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='sandbox.sandboxcharge', verbose_name='收款单')),
                    ],
                    options={
                        'verbose_name': '支付通知',
                        'verbose_name_plural': '支付通知',
                        'indexes': [models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('next_try_at__isnull', False)), fields=['next_try_at'], name='sandbox_notice_due')],
                    },
                ),
                migrations.CreateModel(
                    name='SandboxRefund',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=48, unique=True, verbose_name='商户退款单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='sandbox.sandboxcharge', verbose_name='收款单')),
                    ],
                    options={
                        'verbose_name': '退款单',
                        'verbose_name_plural': '退款单',
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_refund_amount_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='SandboxParcel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('carrier', models.CharField(max_length=30, verbose_name='快递公司')),
                        ('number', models.CharField(max_length=40, verbose_name='快递单号')),
                        ('origin', models.CharField(blank=True, max_length=40, verbose_name='发件地')),
                        ('destination', models.CharField(blank=True, max_length=40, verbose_name='收件地')),
                        ('handed_at', models.DateTimeField(verbose_name='交件时间')),
                        ('notify_url', models.URLField(max_length=300)),
                        ('pushed', models.PositiveSmallIntegerField(default=0, verbose_name='已推送')),
                        ('next_push_at', models.DateTimeField(blank=True, null=True, verbose_name='下次推送')),
                    ],
                    options={
                        'verbose_name': '快件',
                        'verbose_name_plural': '快件',
                        'indexes': [models.Index(fields=['next_push_at'], name='sandbox_parcel_to_push')],
                        'constraints': [models.UniqueConstraint(fields=('carrier', 'number'), name='sandbox_parcel_once')],
                    },
                ),
            ],
        ),
    ]
